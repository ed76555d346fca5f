import { describe, expect, test } from '@jest/globals';
import { anEdge } from '../../../test/edge-builders.ts';
import { createMemoryObjectStore } from '../../../test/fakes/memory-object-store.ts';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { unreadHub } from '../domain/doctor-hub.ts';
import { ok } from '../domain/result.ts';
import type { EdgeApi } from '../ports/edge-api.ts';
import type { DoctorPlace } from '../ports/doctor-runs.ts';
import { createDoctorRuns } from './doctor-runs.ts';
import { DOCTOR_LIMITS } from './run-doctor.ts';

const PLACE = { hubNamespace: 'argocd', anchor: 'edge-fleet' };
const breathe = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
};

/** A fleet whose edges answer only when they are let. */
function fleetOf(edges: number) {
  const objects = createMemoryObjectStore();
  objects.putEdges(Array.from({ length: edges }, (_, n) => anEdge(`store-${n}`, `https://store-${n}.example.com`)));
  const runtime = createSteppedRuntime();
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  let open = false;
  const api: EdgeApi = {
    call: async (edge, { path }) => {
      asked.push(edge);
      if (!open) await new Promise<void>((resolve) => waiting.push(resolve));
      return ok({ status: 200, headers: {}, body: path.startsWith('/api/version') ? { Version: 'v3.5.1' } : { items: [{}] } });
    },
    target: () => undefined,
    probeNow: () => false,
    requestsLastMinute: () => 0,
  };
  const places: DoctorPlace[] = [];
  const runs = createDoctorRuns(
    {
      objects,
      edges: api,
      hubAt: (place) => {
        places.push(place);
        if (place.anchor === 'broken') throw new Error('no namespace');
        return { read: () => Promise.resolve(unreadHub('no cluster')) };
      },
    },
    runtime,
  );
  const letAll = (): void => {
    open = true;
    waiting.splice(0).forEach((answer) => answer());
  };
  return { runs, runtime, asked, places, letAll };
}

describe('doctor in a running program', () => {
  test('runs once at a time, a few edges at once, and tells how far it is', async () => {
    const { runs, asked, letAll, places } = fleetOf(40);
    expect(runs.start('ann', PLACE)).toBe(true);
    await breathe();
    expect(runs.start('bob', PLACE)).toBe(false);
    expect(runs.running).toMatchObject({ username: 'ann', done: 0, edges: 40 });
    expect(asked).toHaveLength(DOCTOR_LIMITS.width);
    expect(places).toEqual([PLACE]);
    letAll();
    await breathe();
    expect(runs.running).toBeUndefined();
    expect(new Set(runs.latest?.checks.flatMap(({ edge }) => edge ?? []))).toHaveProperty('size', 40);
  });

  test('keeps the latest result, with who asked and when, while the next one runs', async () => {
    const { runs, runtime, letAll } = fleetOf(1);
    letAll();
    runs.start('ann', PLACE);
    await breathe();
    const first = runs.latest;
    expect(first).toMatchObject({ username: 'ann', startedAt: runtime.clock.now(), finishedAt: runtime.clock.now() });
    runs.start('bob', PLACE);
    expect(runs.latest).toBe(first);
    await breathe();
    expect(runs.latest?.username).toBe('bob');
  });

  test('ends after its time: edges whose turn did not come are not checked', async () => {
    const { runs, runtime, letAll, asked } = fleetOf(40);
    runs.start('ann', PLACE);
    await breathe();
    runtime.advance(300_000);
    letAll();
    await breathe();
    expect(new Set(asked)).toHaveProperty('size', DOCTOR_LIMITS.width);
    const late = runs.latest?.checks.filter(({ message }) => message.startsWith('The time of this run')) ?? [];
    expect(late).toHaveLength(40 - DOCTOR_LIMITS.width);
    expect(late[0]).toMatchObject({ result: 'notChecked' });
  });

  test('that cannot be run says why, and can be run again', async () => {
    const { runs, letAll } = fleetOf(1);
    letAll();
    runs.start('ann', { ...PLACE, anchor: 'broken' });
    await breathe();
    expect(runs.latest).toMatchObject({ problem: 'no namespace', checks: [] });
    expect(runs.start('ann', PLACE)).toBe(true);
  });
});

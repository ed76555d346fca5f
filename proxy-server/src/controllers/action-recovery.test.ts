import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActionHub, ROLLBACK, SYNC } from '../../../test/fakes/action-hub.ts';
import { isFinal, type ActionSpec } from '../domain/action.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ef-actions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('kill -9 between any two steps', () => {
  /** Counts every write to the journal and every request before and after it takes effect; the process dies at the n-th. */
  async function storyWithKillAt(
    name: string,
    spec: ActionSpec,
    killAt: number,
  ): Promise<{ readonly hub: ActionHub; readonly killed: boolean }> {
    const hub = new ActionHub(folder, name);
    let moment = 0;
    let dead = false;
    const maybe = (): void => {
      moment += 1;
      if (moment === killAt) dead = true;
      if (dead) throw new Error('crash');
    };
    const edge = hub.edge('store-1');
    if (spec.kind === 'rollback') edge.world.automated = { prune: true };
    edge.before = maybe;
    edge.after = maybe;
    await hub.start((store) => ({
      ...store,
      open: () => store.open(),
      run: (id) => store.run(id),
      automatedBefore: (...at) => store.automatedBefore(...at),
      update: async (target, audit) => {
        maybe();
        const isOpen = await store.update(target, audit);
        maybe();
        return isOpen;
      },
    }));
    await hub.ask(spec, ['store-1']);
    await hub.settle(12);
    const killed = dead;
    edge.before = () => undefined;
    edge.after = () => undefined;
    void hub.controller.stop();
    hub.kill();
    await hub.start();
    await hub.settle(30);
    return { hub, killed };
  }

  test.each<[kind: string, spec: ActionSpec]>([
    ['sync', SYNC],
    ['dry run', { ...SYNC, dryRun: true }],
    ['rollback', ROLLBACK],
  ])('a %s is neither doubled nor lost', async (kind, spec) => {
    let killed = true;
    let at = 1;
    for (; killed && at < 60; at += 1) {
      const story = await storyWithKillAt(`${kind}-${at}`.replace(' ', '-'), spec, at);
      killed = story.killed;
      const target = await story.hub.target();
      expect({ at, state: target.state, starts: story.hub.edge('store-1').world.starts }).toEqual({ at, state: 'Succeeded', starts: 1 });
      await story.hub.controller.stop();
    }
    expect(at).toBeGreaterThan(8);
    expect(killed).toBe(false);
  });

  test('whatever is lost, at any moment, nothing is done twice and everything ends', async () => {
    let story = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 }), async (kills) => {
        story += 1;
        const hub = new ActionHub(folder, `random-${story}`);
        const edge = hub.edge('store-1');
        let left = 0;
        let dead = false;
        const maybe = (): void => {
          left -= 1;
          if (left === 0) dead = true;
          if (dead) throw new Error('crash');
        };
        edge.before = maybe;
        edge.after = maybe;
        let asked = false;
        for (const kill of [...kills, 1_000_000]) {
          dead = false;
          left = kill;
          await hub.start();
          if (!asked) await hub.ask(SYNC, ['store-1']);
          asked = true;
          await hub.settle(20);
          void hub.controller.stop();
          hub.kill();
        }
        const target = await hub.target();
        expect(isFinal(target.state)).toBe(true);
        expect(edge.world.starts).toBeLessThanOrEqual(1);
        if (target.state === 'Succeeded') expect(edge.world.starts).toBe(1);
      }),
      { numRuns: 25 },
    );
  });
});

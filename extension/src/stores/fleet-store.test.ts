import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { EDGE_STATES } from '../../../proxy-server/src/domain/edge-state.ts';
import { anEdgeRow, deltaOf, membersOf, overviewOf } from '../../../test/fakes/fleet-answers.ts';
import { FleetStore, type ChangedRows } from './fleet-store.ts';

const ROWS = Array.from({ length: 50 }, (_unused, row) => anEdgeRow(row));
const DEGRADED = { ...ROWS[3]!, state: 'Degraded' as const, look: 'Degraded' as const };

function aStore() {
  const frames: (() => void)[] = [];
  const changes: ChangedRows[] = [];
  const store = new FleetStore({ now: () => 5, onNextFrame: (run) => void frames.push(run) });
  store.onFrame((changed) => changes.push(changed));
  return { store, changes, frames, frame: () => frames.splice(0).forEach((run) => run()) };
}

const stateOf = (store: FleetStore, row: number): string | undefined => EDGE_STATES[store.picture().columns?.state[row] ?? -1];

describe('the store of the fleet', () => {
  test('is whole once names and columns belong to the same membership', () => {
    const { store } = aStore();
    store.takeOverview(overviewOf(ROWS));
    expect(store.isWhole()).toBe(false);
    store.takeMembers(membersOf(ROWS));
    expect(store.isWhole()).toBe(true);
    store.takeOverview(overviewOf(ROWS.slice(1)));
    expect(store.isWhole()).toBe(false);
  });

  test('a burst of deltas is one frame that names the rows that changed', () => {
    const { store, changes, frames, frame } = aStore();
    store.takeOverview(overviewOf(ROWS));
    store.takeMembers(membersOf(ROWS));
    frame();
    for (let revision = 2; revision < 100; revision += 1)
      store.takeDelta(deltaOf(revision, [[3, revision % 2 === 0 ? DEGRADED : ROWS[3]!]]));
    store.takeDelta(deltaOf(100, [[3, DEGRADED]]));
    expect(frames).toHaveLength(1);
    expect(stateOf(store, 3)).toBe('Degraded');
    frame();
    expect(changes.at(-1)).toEqual({ all: false, rows: [3] });
  });

  test('a delta that was already seen, or tells of rows that are not there, changes nothing', () => {
    const { store, changes, frame } = aStore();
    store.takeOverview(overviewOf(ROWS, 10));
    store.takeMembers(membersOf(ROWS));
    frame();
    store.takeDelta(deltaOf(10, [[3, DEGRADED]]));
    store.takeDelta(deltaOf(11, [[9_999, DEGRADED]]));
    frame();
    expect(changes.at(-1)).toEqual({ all: false, rows: [] });
    expect(stateOf(store, 3)).toBe(ROWS[3]?.state);
  });

  test('deltas that come before the names are applied when those are there', () => {
    const { store } = aStore();
    store.takeOverview(overviewOf(ROWS));
    store.takeDelta(deltaOf(2, [[3, DEGRADED]]));
    expect(stateOf(store, 3)).toBe(ROWS[3]?.state);
    store.takeMembers(membersOf(ROWS));
    expect(stateOf(store, 3)).toBe('Degraded');
  });

  test('snapshot and deltas in any cut end in the same picture', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(49), fc.nat(999)), { minLength: 1, maxLength: 40 }), fc.nat(40), (steps, cut) => {
        const rows = [...ROWS];
        const direct = aStore().store;
        direct.takeMembers(membersOf(ROWS));
        direct.takeOverview(overviewOf(ROWS, 1));
        const late = aStore().store;
        late.takeMembers(membersOf(ROWS));
        steps.forEach(([row, other], index) => {
          const next = { ...anEdgeRow(other), name: ROWS[row]!.name };
          rows[row] = next;
          const delta = deltaOf(index + 2, [[row, next]]);
          direct.takeDelta(delta);
          if (index === Math.min(cut, steps.length - 1)) late.takeOverview(overviewOf(rows, index + 2));
          else if (index > cut) late.takeDelta(delta);
        });
        expect([...late.picture().columns!.state]).toEqual([...direct.picture().columns!.state]);
      }),
      { numRuns: 40 },
    );
  });

  test('labels and rows by name', () => {
    const { store } = aStore();
    store.takeOverview(overviewOf(ROWS));
    store.takeMembers(membersOf(ROWS));
    expect(store.rowOf(ROWS[7]!.name)).toBe(7);
    expect(store.rowOf('nobody')).toBeUndefined();
    const region = store.label('region')!;
    expect(region.values[region.codes[7]!]).toBe(ROWS[7]!.labels['region']);
    expect(store.label('nothing')).toBeUndefined();
  });
});

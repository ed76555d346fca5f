import { createFleetState, type FleetState, type FleetStateOptions } from '../proxy-server/src/cache/fleet-state.ts';
import { createSteppedRuntime, type SteppedRuntime } from './fakes/stepped-runtime.ts';
import { memoryLastKnownStore, type Disk, type MemoryLastKnownStore } from './fakes/memory-last-known-store.ts';

export interface FleetStateHarness {
  readonly state: FleetState;
  readonly runtime: SteppedRuntime;
  readonly store: MemoryLastKnownStore;
  /** Lets ticks pass until all that was told is committed or the disk refuses it. */
  settle(ticks?: number): Promise<void>;
}

const TICK_MS = 20;
const TURNS = 12;

/** A state over a store in memory and a clock that moves by hand. */
export function fleetStateHarness(
  options: Partial<FleetStateOptions> & { readonly disk?: Disk; readonly startAt?: number } = {},
): FleetStateHarness {
  const { disk, startAt, ...rest } = options;
  const runtime = createSteppedRuntime(startAt);
  const store = memoryLastKnownStore(disk);
  const state = createFleetState({ runtime, store, ...rest });
  return {
    state,
    runtime,
    store,
    async settle(ticks = 3) {
      for (let tick = 0; tick < ticks; tick += 1) {
        runtime.advance(TICK_MS);
        for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
      }
    },
  };
}

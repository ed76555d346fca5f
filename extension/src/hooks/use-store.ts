import * as React from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { FleetPicture } from '../stores/fleet-store.ts';
import type { ValueStore } from '../stores/value-store.ts';
import { useServices } from '../services.ts';

export function useValue<T>(store: ValueStore<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Figures change at most this often: faster, nobody can read them. */
const FIGURES_EVERY_MS = 250;

/** The fleet and its version; renders again at most four times a second, however fast the fleet changes. */
export function useFleet(): { readonly picture: FleetPicture; readonly version: number; readonly whole: boolean } {
  const { fleet } = useServices();
  const subscribe = React.useCallback(
    (listener: () => void) => {
      let timer: number | undefined;
      const unsubscribe = fleet.subscribe(() => {
        timer ??= window.setTimeout(() => {
          timer = undefined;
          listener();
        }, FIGURES_EVERY_MS);
      });
      return () => {
        window.clearTimeout(timer);
        unsubscribe();
      };
    },
    [fleet],
  );
  const version = useSyncExternalStore(subscribe, fleet.getVersion);
  return { picture: fleet.picture(), version, whole: fleet.isWhole() };
}

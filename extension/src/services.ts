import * as React from 'react';
import { anchorOf } from './api/anchor.ts';
import { createHubClient, type HubClient } from './api/hub-client.ts';
import { createRouter, type Router } from './router.ts';
import { createEdgeParts } from './stores/edge-parts.ts';
import { FleetFeed } from './stores/fleet-feed.ts';
import { FleetStore } from './stores/fleet-store.ts';
import { QueryCache } from './stores/query-cache.ts';
import { createSettingsStore, type Settings } from './stores/settings.ts';
import { createValueStore, type ValueStore } from './stores/value-store.ts';

/** What the pages are given. Built once per tab, so that what is known outlives a page; at rest while no page of ours is on screen. */
export interface Services {
  readonly client: HubClient;
  readonly router: Router;
  readonly fleet: FleetStore;
  readonly queries: QueryCache;
  /** What edges said themselves, through the pass-through: kept, with its age, when the edge goes away. */
  readonly parts: QueryCache;
  readonly feed: FleetFeed;
  readonly settings: ValueStore<Settings>;
  readonly storage: Storage | undefined;
  /** The stack of what we threw last outside of rendering; empty: nothing that the user was not told. */
  readonly fault: ValueStore<string>;
  /** What the one polite status region says. */
  readonly announcement: ValueStore<string>;
  /** The hub's clock as far as we know it: ages must not depend on a laptop's. */
  readonly now: () => number;
}

/** Storage may be switched off by policy, and then even naming it throws. */
function storageOf(win: Window): Storage | undefined {
  try {
    return win.localStorage;
  } catch {
    return undefined;
  }
}

function createServices(win: Window): Services {
  const client = createHubClient({ fetch: (input, init) => win.fetch(input, init), anchor: anchorOf(win.EDGE_FLEET_VARS) });
  const now = (): number => Date.now();
  const setTimer = (run: () => void, afterMs: number): number => win.setTimeout(run, afterMs);
  const clearTimer = (timer: number): void => win.clearTimeout(timer);
  const fleet = new FleetStore({ now, onNextFrame: (run) => win.requestAnimationFrame(run) });
  const queries = new QueryCache({ get: (path) => client.get(path), now, setTimer });
  const parts = createEdgeParts({ client, now, setTimer, clearTimer });
  const storage = storageOf(win);
  const feed = new FleetFeed({
    client,
    fleet,
    queries,
    now,
    random: () => Math.random(),
    setTimer,
    clearTimer,
  });
  const hubNow = (): number => {
    const { serverNow, heardAt } = fleet.picture();
    return heardAt === 0 ? now() : now() + (serverNow - heardAt);
  };
  return {
    client,
    router: createRouter(win),
    fleet,
    queries,
    parts,
    feed,
    settings: createSettingsStore(storage),
    storage,
    fault: createValueStore(''),
    announcement: createValueStore(''),
    now: hubNow,
  };
}

/** Builds the services when somebody first needs them; nothing is asked for before. */
export function servicesOf(win: Window): () => Services {
  let built: Services | undefined;
  return () => (built ??= createServices(win));
}

export const ServicesContext = React.createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = React.useContext(ServicesContext);
  if (services === undefined) throw new Error('A page was rendered outside its provider');
  return services;
}

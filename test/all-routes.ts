/** Every router that compose puts below `/api/v1`, for tests that hold all of them to something. */
import type { RequestContexts } from '../proxy-server/src/api/request-context.ts';
import { actionRoutes } from '../proxy-server/src/api/routes/actions.ts';
import { auditRoutes } from '../proxy-server/src/api/routes/audit.ts';
import { canActRoutes } from '../proxy-server/src/api/routes/can-act.ts';
import { doctorRoutes } from '../proxy-server/src/api/routes/doctor.ts';
import type { ApiOptions } from '../proxy-server/src/api/app.ts';
import type { Journal } from '../proxy-server/src/history/sqlite-journal.ts';
import type { DoctorRuns } from '../proxy-server/src/ports/doctor-runs.ts';
import type { FleetReader } from '../proxy-server/src/ports/fleet-reader.ts';
import type { ObjectStore } from '../proxy-server/src/ports/object-store.ts';
import type { Rights } from '../proxy-server/src/ports/rights.ts';

export interface AllRoutesParts {
  readonly journal: Journal;
  readonly doctor: DoctorRuns;
  readonly rights: Rights;
  readonly fleet: () => FleetReader;
  readonly objects: () => ObjectStore;
}

/** What is made later than the routers is looked up when a request comes. */
export const later = <T extends object>(read: () => T): T =>
  new Proxy({} as T, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(read(), name);
      return typeof value === 'function' ? (value.bind(read()) as unknown) : value;
    },
  });

export function allRouters({ journal, doctor, rights, fleet, objects }: AllRoutesParts): NonNullable<ApiOptions['routers']> {
  const ports = { fleet: later(fleet), objects: later(objects), rights, store: journal.actions, audit: journal.audit };
  let id = 0;
  const newId = (): string => `00000000-0000-4000-8000-${String((id += 1)).padStart(12, '0')}`;
  return (contexts: RequestContexts) => [
    actionRoutes({ ...ports, contexts, wake: () => Promise.resolve(), newId, now: () => 1_000 + id }),
    canActRoutes({ ...ports, contexts }),
    doctorRoutes({ runs: doctor, rights, contexts, audit: journal.audit, now: () => 5_000 }),
    auditRoutes(journal.audit, ports.objects, contexts),
  ];
}

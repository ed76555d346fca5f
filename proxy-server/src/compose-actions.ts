/** Actions put together: the journal on disk, the controller over it, and the routes that ask for actions and read the audit. */
import type { Router } from 'express';
import { randomUUID } from 'node:crypto';
import { refusalOf } from './api/action-selection.ts';
import { createRefusedReads, type RefusedRead } from './api/refused-reads.ts';
import type { RequestContexts } from './api/request-context.ts';
import { actionRoutes } from './api/routes/actions.ts';
import { auditRoutes } from './api/routes/audit.ts';
import { canActRoutes } from './api/routes/can-act.ts';
import { createActionController, type ActionDeps } from './controllers/action-controller.ts';
import type { ActionAsker } from './domain/action.ts';
import type { Identity } from './domain/identity.ts';
import { parseEdgeId } from './domain/ids.ts';
import { SEES_EVERYTHING } from './domain/visibility.ts';
import { openSqliteJournal } from './history/sqlite-journal.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { EdgeApi } from './ports/edge-api.ts';
import type { FleetReader } from './ports/fleet-reader.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { Rights } from './ports/rights.ts';
import type { Runtime } from './ports/runtime.ts';

export interface ActionParts {
  readonly file: string;
  readonly objects: ObjectStore;
  readonly fleet: FleetReader;
  readonly edges: EdgeApi;
  readonly rights: Rights;
  readonly runtime: Runtime;
}

export interface Actions {
  readonly notices: readonly string[];
  readonly routers: (contexts: RequestContexts) => readonly Router[];
  readonly audit: AuditLog;
  /** Puts a read that was refused into the audit. */
  readonly onRefusedRead: (read: RefusedRead) => void;
  /** Takes up what was left open; once the fleet and the policy are there. */
  start(): Promise<void>;
  /** Begins nothing more; resolves when nothing runs. */
  stop(): Promise<void>;
  close(): void;
}

/** Where the journal lies: beside the state file, so that one folder is all there is to back up. */
export const journalFile = (stateFile: string): string => `${stateFile.replace(/\.sqlite$/, '')}-journal.sqlite`;

/** Who asked, for rights that are asked again later. Claimed groups grant nothing, and where they came through is not kept. */
const identityOf = (by: ActionAsker): Identity => ({
  subject: by.subject,
  username: by.username,
  scopes: new Set(by.scopes),
  claimedGroups: [],
  anchor: { namespace: '', name: '', project: '' },
});

function depsOf({ objects, fleet, edges, rights }: ActionParts): Omit<ActionDeps, 'store'> {
  return {
    edges,
    edgeId: (edge) => {
      const id = parseEdgeId(edge);
      return id !== undefined && objects.current().edges.has(id) ? id : undefined;
    },
    isReachable: (edge) => fleet.edge(SEES_EVERYTHING, edge)?.connection === 'Reachable',
    refusal: (run, target) => refusalOf(objects, rights, identityOf(run.by))(run.spec.kind, target)?.reason,
    onEdges: (moved) => fleet.subscribe((published) => moved(published.edges)),
  };
}

export function openActions(parts: ActionParts): Actions {
  const { objects, fleet, rights, runtime } = parts;
  const journal = openSqliteJournal(parts.file, runtime.clock.now());
  const controller = createActionController({ ...depsOf(parts), store: journal.actions }, runtime);
  const options = {
    fleet,
    objects,
    rights,
    store: journal.actions,
    audit: journal.audit,
    wake: controller.wake.bind(controller),
    newId: randomUUID,
    now: runtime.clock.now,
  };
  return {
    notices: journal.notices,
    audit: journal.audit,
    onRefusedRead: createRefusedReads(journal.audit, runtime),
    routers: (contexts) => [
      actionRoutes({ ...options, contexts }),
      canActRoutes({ ...options, contexts }),
      auditRoutes(journal.audit, objects, contexts),
    ],
    start: () => controller.start(),
    stop: () => controller.stop(),
    close: () => journal.close(),
  };
}

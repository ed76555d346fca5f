import type { ActionRun, ActionStep, ActionTarget } from './action.ts';
import { RUN_INFO } from './action-sight.ts';

/** A request to the edge's Argo CD, `server/application/application.proto` @ v3.5.1. */
export interface ActionRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

const pathOf = (target: ActionTarget, rest = ''): string => `/api/v1/applications/${encodeURIComponent(target.name)}${rest}`;
const place = ({ namespace, project }: ActionTarget): Readonly<Record<string, string>> => ({ appNamespace: namespace, project });
const query = (parts: Readonly<Record<string, string>>): string => `?${new URLSearchParams(parts).toString()}`;

export const lookRequest = (target: ActionTarget): ActionRequest => ({ method: 'GET', path: pathOf(target, query(place(target))) });

/** What the operation on the edge says about where it came from: there its user is our account, so the person stands in its infos. */
const infos = (run: ActionRun, target: ActionTarget): readonly Readonly<Record<string, string>>[] => [
  { name: 'edge-fleet-user', value: run.by.username },
  { name: 'edge-fleet-reason', value: run.reason },
  { name: RUN_INFO, value: `${run.id}/${target.index}` },
];

function syncRequest(run: ActionRun, target: ActionTarget): ActionRequest {
  if (run.spec.kind !== 'sync') throw new Error(`${run.spec.kind} is no sync`);
  const { prune, dryRun, force, revision, resources, syncOptions } = run.spec;
  const body = {
    ...place(target), prune, dryRun,
    strategy: { hook: { force } },
    infos: infos(run, target),
    ...(revision === undefined ? {} : { revision }),
    ...(resources.length === 0 ? {} : { resources }),
    ...(syncOptions === undefined ? {} : { syncOptions: { items: syncOptions } }),
  }; // prettier-ignore
  return { method: 'POST', path: pathOf(target, '/sync'), body };
}

/** The patch is a string on the wire, and its type has no default. */
const patchRequest = (target: ActionTarget, automated: unknown): ActionRequest => ({
  method: 'PATCH',
  path: pathOf(target),
  body: { ...place(target), name: target.name, patch: JSON.stringify({ spec: { syncPolicy: { automated } } }), patchType: 'merge' },
});

/** What `automated` is set to when auto-sync is turned on: as it was before a rollback turned it off, where that is known. */
function automatedAgain(before: Readonly<Record<string, unknown>> | undefined): unknown {
  if (before === undefined) return {};
  return 'enabled' in before ? { ...before, enabled: true } : before;
}

export interface StepOptions {
  readonly historyId?: number;
  /** `automated` as it was before a rollback turned it off. */
  readonly automatedBefore?: Readonly<Record<string, unknown>>;
}

/** The request of one step of a target. */
export function stepRequest(run: ActionRun, target: ActionTarget, step: ActionStep, options: StepOptions): ActionRequest {
  if (step === 'autoSyncOff') return patchRequest(target, null);
  const { spec } = run;
  switch (spec.kind) {
    case 'refresh':
    case 'hardRefresh':
      return { method: 'GET', path: pathOf(target, query({ ...place(target), refresh: spec.kind === 'refresh' ? 'normal' : 'hard' })) };
    case 'sync':
      return syncRequest(run, target);
    case 'terminate':
      return { method: 'DELETE', path: pathOf(target, `/operation${query(place(target))}`) };
    case 'rollback':
      if (options.historyId === undefined) throw new Error('a rollback without a history entry');
      return {
        method: 'POST',
        path: pathOf(target, '/rollback'),
        body: { ...place(target), id: options.historyId, prune: spec.prune, dryRun: false },
      };
    case 'autoSyncOn':
      return patchRequest(target, automatedAgain(options.automatedBefore));
    default:
      return spec satisfies never;
  }
}

import type { Application, Operation } from './edge.ts';

/** The operation that auto-sync starts for a version. */
export function automatedOperation(application: Pick<Application, 'component'>, version: string): Operation {
  const { component } = application;
  return {
    username: '',
    version,
    dryRun: false,
    prune: component.automated?.prune ?? false,
    strategy: undefined,
    infos: [],
    resources: [],
    syncOptions: component.syncOptions.length > 0 ? component.syncOptions : undefined,
    retry: { limit: component.retryLimit ?? 5 },
    rollback: false,
  };
}

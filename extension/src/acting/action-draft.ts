import type { ActionKind, ActionSpec, SyncResource } from '../../../proxy-server/src/domain/action.ts';

/** What is acted on, in one of the three ways that proxy-server takes. */
export type ActionSubject =
  | { readonly targets: readonly { readonly edge: string; readonly namespace: string; readonly name: string }[] }
  | { readonly edges: readonly string[] }
  | { readonly query: string };

/** What the sheet holds while somebody decides; every kind uses its part of it. */
export interface ActionDraft {
  readonly kind: ActionKind;
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly revision: string;
  readonly resources: readonly SyncResource[];
  /** Undefined: those of the Application itself. */
  readonly syncOptions: readonly string[] | undefined;
  readonly to: number | 'previous';
  readonly turnAutoSyncOff: boolean;
}

/** Those of Argo CD's own sync panel (argo-cd docs/user-guide/sync-options.md @ v3.5.1). */
export const SYNC_OPTIONS = [
  'ApplyOutOfSyncOnly=true', 'CreateNamespace=true', 'PruneLast=true', 'RespectIgnoreDifferences=true', 'ServerSideApply=true', 'Validate=false',
  'Replace=true',
] as const; // prettier-ignore

export const newDraft = (kind: ActionKind, over: Partial<ActionDraft> = {}): ActionDraft => ({
  prune: false, dryRun: false, force: false, revision: '', resources: [], syncOptions: undefined, to: 'previous', turnAutoSyncOff: false, ...over, kind,
}); // prettier-ignore

/** A draft that does again what was done. */
export function draftOf(spec: ActionSpec): ActionDraft {
  switch (spec.kind) {
    case 'sync':
    case 'rollback':
      return newDraft(spec.kind, spec);
    default:
      return newDraft(spec.kind);
  }
}

export function toSpec({ kind, prune, dryRun, force, revision, resources, syncOptions, to, turnAutoSyncOff }: ActionDraft): ActionSpec {
  if (kind === 'rollback') return { kind, to, prune, turnAutoSyncOff };
  if (kind !== 'sync') return { kind };
  return {
    kind, prune, dryRun, force, resources,
    ...(revision.trim() === '' ? {} : { revision: revision.trim() }),
    ...(syncOptions === undefined ? {} : { syncOptions }),
  }; // prettier-ignore
}

/** One, so that a single Application is asked for without the questions of a crowd. */
export const isSingle = (subject: ActionSubject): boolean => 'targets' in subject && subject.targets.length === 1;

/** Actions and the audit over HTTP. */
import { z } from 'zod';
import { TARGET_STATES, type ActionKind, type ActionRun, type ActionTarget, type TargetState } from '../domain/action.ts';
import { AUDIT_OUTCOMES } from '../domain/audit.ts';

export const ACTION_REQUEST_LIMITS = {
  targets: 10_000,
  reasonChars: 500,
  /** Above it the number of targets must be typed. */
  confirmAbove: 20,
  maxExpiresInMs: 60 * 24 * 3_600_000,
  maxWidth: 100,
} as const;

const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/);
const syncResource = z.strictObject({
  group: z.string().max(253),
  kind: z.string().min(1).max(63),
  namespace: z.string().max(253),
  name: z.string().min(1).max(253),
});

const Spec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['refresh', 'hardRefresh', 'terminate', 'autoSyncOn']) }),
  z.strictObject({
    kind: z.literal('sync'),
    prune: z.boolean().default(false),
    dryRun: z.boolean().default(false),
    force: z.boolean().default(false),
    revision: z.string().min(1).max(256).exactOptional(),
    resources: z.array(syncResource).max(500).default([]),
    syncOptions: z.array(z.string().min(1).max(256)).max(50).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('rollback'),
    to: z.union([z.number().int().min(0), z.literal('previous')]),
    prune: z.boolean().default(false),
    turnAutoSyncOff: z.boolean().default(false),
  }),
]);

const selection = {
  action: Spec,
  /** Applications by name, all Applications of some edges, or the query that selects Applications: one of the three. */
  targets: z
    .array(z.strictObject({ edge: name, namespace: name, name }))
    .min(1)
    .max(ACTION_REQUEST_LIMITS.targets)
    .exactOptional(),
  edges: z.array(name).min(1).max(ACTION_REQUEST_LIMITS.targets).exactOptional(),
  query: z.string().max(2_000).exactOptional(),
};

export const PreviewAction = z.strictObject(selection);
export const StartAction = z.strictObject({
  ...selection,
  reason: z.string().trim().min(1, 'Say why: it goes into the audit and to the edge').max(ACTION_REQUEST_LIMITS.reasonChars),
  expiresInMs: z.number().int().min(60_000).max(ACTION_REQUEST_LIMITS.maxExpiresInMs).default(24 * 3_600_000),
  width: z.number().int().min(1).max(ACTION_REQUEST_LIMITS.maxWidth).default(10),
  /** The number of targets as the person saw it; needed above `confirmAbove`. */
  confirm: z.number().int().exactOptional(),
}); // prettier-ignore
export type StartAction = z.infer<typeof StartAction>;

/** Without targets the whole run; with them only those, by number, as far as they have not begun. */
export const StopAction = z.strictObject({
  targets: z.array(z.number().int().min(0)).min(1).max(ACTION_REQUEST_LIMITS.targets).exactOptional(),
});

export const ActionPath = z.object({ run: z.uuid() });
export const TargetsPage = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  after: z.coerce.number().int().min(-1).exactOptional(),
  state: z.enum(TARGET_STATES).exactOptional(),
});
export const RunsPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().exactOptional(),
});

export const AuditPage = z.object({
  since: z.coerce.number().int().exactOptional(),
  until: z.coerce.number().int().exactOptional(),
  username: z.string().max(256).exactOptional(),
  edge: name.exactOptional(),
  application: name.exactOptional(),
  action: z.string().max(32).exactOptional(),
  outcome: z.enum(AUDIT_OUTCOMES).exactOptional(),
  run: z.uuid().exactOptional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  before: z.coerce.number().int().exactOptional(),
});

/** Whether something may be done, or why not, with the line of policy that would allow it ('' where no line would). */
export type MayAct = { readonly allowed: true } | { readonly allowed: false; readonly reason: string; readonly missingLine: string };

/** On one Application where the question named one; else whether the request came through a registration for acting at all. */
export interface CanAct {
  readonly actions: Readonly<Record<ActionKind, MayAct>>;
  readonly doctor: MayAct;
  /** Who rolled the Application back and turned its auto-sync off, where nobody has acted on that since. */
  readonly autoSyncOff?: { readonly run: string; readonly username: string; readonly at: number; readonly reason: string };
}

export interface ActionPreview {
  readonly applications: number;
  readonly edges: number;
  readonly notHeard: number;
  /** Edges that would be waited for; the first of them. */
  readonly away: readonly string[];
  readonly refused: number;
  readonly refusals: readonly {
    readonly edge: string;
    readonly namespace: string;
    readonly name: string;
    readonly reason: string;
    readonly missingLine: string;
  }[];
  readonly confirm: boolean;
}

export interface StartedAction {
  readonly id: string;
  readonly targets: number;
  readonly refused: number;
  readonly expiresAt: number;
}

export interface StoppedAction {
  /** False where there was nothing left to stop. */
  readonly stopped: boolean;
  /** How many of the named targets were given up; absent where the whole run was meant. */
  readonly targets?: number;
}

export type StateCounts = Readonly<Partial<Record<TargetState, number>>>;

export interface ActionRunAnswer {
  readonly run: ActionRun;
  readonly counts: StateCounts;
  readonly targets: readonly ActionTarget[];
  readonly now: number;
}

export interface ActionRunsAnswer {
  readonly items: readonly { readonly run: ActionRun; readonly counts: StateCounts }[];
  /** Asks for what was asked for earlier; absent at the end. */
  readonly before?: number;
  readonly now: number;
}

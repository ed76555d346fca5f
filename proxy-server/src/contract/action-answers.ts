/** What the HTTP API answers about actions, the audit and doctor, as zod, for the OpenAPI document. `agree` holds them to the shapes of the code. */
import { z } from 'zod';
import { TARGET_STATES, type ActionKind, type ActionRun as Run, type ActionTarget as Target } from '../domain/action.ts';
import { AUDIT_OUTCOMES, type StoredAuditEntry } from '../domain/audit.ts';
import type { DoctorCheck as Check } from '../domain/doctor.ts';
import type * as shapes from './actions.ts';
import type { DoctorAnswer as Doctor, ThroughChecks as Through } from './doctor.ts';
import type { Same } from './same.ts';

const text = z.string();
const count = z.number().int();
const at = z.number().meta({ description: 'Milliseconds since 1970' });

const MayAct = z
  .union([
    z.object({ allowed: z.literal(true) }),
    z.object({
      allowed: z.literal(false),
      reason: text,
      missingLine: text.meta({ description: 'The line that would allow it; empty where none would' }),
    }),
  ])
  .meta({ id: 'MayAct' });

const everyAction = {
  refresh: MayAct, hardRefresh: MayAct, sync: MayAct, terminate: MayAct, rollback: MayAct, autoSyncOn: MayAct,
} as const satisfies Readonly<Record<ActionKind, typeof MayAct>>; // prettier-ignore

export const CanAct = z
  .object({
    actions: z.object(everyAction),
    doctor: MayAct,
    autoSyncOff: z.object({ run: text, username: text, at, reason: text }).exactOptional(),
  })
  .meta({ id: 'CanAct', description: 'autoSyncOff: who turned auto-sync off for a rollback, until somebody turns it on' });

const ActionSpec = z
  .union([
    z.object({ kind: z.enum(['refresh', 'hardRefresh', 'terminate', 'autoSyncOn']) }),
    z.object({
      kind: z.literal('sync'),
      prune: z.boolean(),
      dryRun: z.boolean(),
      force: z.boolean(),
      revision: text.exactOptional(),
      resources: z.array(z.object({ group: text, kind: text, namespace: text, name: text })),
      syncOptions: z.array(text).exactOptional(),
    }),
    z.object({
      kind: z.literal('rollback'),
      to: z.union([z.number(), z.literal('previous')]),
      prune: z.boolean(),
      turnAutoSyncOff: z.boolean(),
    }),
  ])
  .meta({ id: 'ActionSpec' });

const ActionRun = z
  .object({
    id: text,
    spec: ActionSpec,
    by: z.object({ subject: text, username: text, scopes: z.array(text) }),
    reason: text,
    createdAt: at,
    expiresAt: at,
    width: count,
    stoppedAt: at.exactOptional(),
    stoppedBy: text.exactOptional(),
  })
  .meta({ id: 'ActionRun' });

const ActionSight = z
  .object({
    uid: text,
    autoSync: z.boolean(),
    automated: z.record(z.string(), z.unknown()).exactOptional(),
    operation: z
      .object({
        queued: z.boolean(),
        startedAt: text.exactOptional(),
        phase: text,
        message: text,
        automated: z.boolean(),
        username: text.exactOptional(),
        revisions: z.array(text),
        runId: text.exactOptional(),
      })
      .exactOptional(),
    history: z.array(z.object({ id: z.number(), revisions: z.array(text) })),
    sync: text,
    health: text,
    deleting: z.boolean(),
  })
  .meta({ id: 'ActionSight', description: 'An Application as it was seen at one moment' });

const TargetState = z.enum(TARGET_STATES).meta({ id: 'TargetState' });
const StateCounts = z.partialRecord(z.enum(TARGET_STATES), count).meta({ id: 'StateCounts' });

const ActionTarget = z
  .object({
    run: text,
    index: count,
    edge: text,
    namespace: text,
    name: text,
    project: text,
    state: TargetState,
    message: text,
    intent: z.object({ step: z.enum(['autoSyncOff', 'act']), at, tries: count }).exactOptional(),
    before: ActionSight.exactOptional(),
    after: ActionSight.exactOptional(),
    updatedAt: at,
  })
  .meta({ id: 'ActionTarget' });

export const ActionPreview = z
  .object({
    applications: count,
    edges: count,
    notHeard: count,
    away: z.array(text),
    refused: count,
    refusals: z.array(z.object({ edge: text, namespace: text, name: text, reason: text, missingLine: text })),
    confirm: z.boolean().meta({ description: 'The number of Applications must be sent along as confirm' }),
  })
  .meta({ id: 'ActionPreview' });
export const StartedAction = z.object({ id: text, targets: count, refused: count, expiresAt: at }).meta({ id: 'StartedAction' });
export const StoppedAction = z.object({ stopped: z.boolean(), targets: count.exactOptional() }).meta({ id: 'StoppedAction' });
export const ActionRunAnswer = z
  .object({ run: ActionRun, counts: StateCounts, targets: z.array(ActionTarget), now: at })
  .meta({ id: 'ActionRunAnswer' });
export const ActionRunsAnswer = z
  .object({
    items: z.array(z.object({ run: ActionRun, counts: StateCounts })),
    before: at.exactOptional().meta({ description: 'Asks for what was asked for earlier; absent at the end' }),
    now: at,
  })
  .meta({ id: 'ActionRunsAnswer' });

const AuditEntry = z
  .object({
    id: count,
    at,
    subject: text,
    username: text,
    claimedGroups: z.array(text).meta({ description: 'What the browser claimed; grants nothing' }),
    action: z.enum(['refresh', 'hardRefresh', 'terminate', 'autoSyncOn', 'sync', 'rollback', 'stop', 'doctor', 'logs']),
    outcome: z.enum(AUDIT_OUTCOMES),
    edge: text,
    namespace: text,
    application: text,
    project: text,
    reason: text,
    run: text,
    message: text,
    before: ActionSight.exactOptional(),
    after: ActionSight.exactOptional(),
  })
  .meta({ id: 'AuditEntry' });
export const AuditAnswer = z
  .object({
    items: z.array(AuditEntry),
    before: count.exactOptional().meta({ description: 'Asks for the page before; absent at the end' }),
  })
  .meta({ id: 'AuditAnswer' });

const CHECK_RESULTS = ['ok', 'warning', 'failed', 'notChecked'] as const;
const DoctorCheck = z
  .object({ id: text, edge: text.exactOptional(), result: z.enum(CHECK_RESULTS), message: text, remedy: text.exactOptional() })
  .meta({ id: 'DoctorCheck' });
export const DoctorAnswer = z
  .object({
    now: at,
    running: z.object({ startedAt: at, username: text, done: count, edges: count }).exactOptional(),
    latest: z
      .object({
        startedAt: at,
        finishedAt: at,
        username: text,
        problem: text.exactOptional(),
        checks: z.array(DoctorCheck),
        edges: count,
        shownEdges: count,
        edgesBy: z.record(z.enum(CHECK_RESULTS), count),
      })
      .exactOptional(),
  })
  .meta({ id: 'DoctorAnswer' });

export const ThroughChecks = z.object({ checks: z.array(DoctorCheck) }).meta({ id: 'ThroughChecks' });

/** Does not compile where a schema and its shape in the code differ. */
export const agreeOnActions: readonly true[] = [
  true satisfies Same<z.infer<typeof CanAct>, shapes.CanAct>,
  true satisfies Same<z.infer<typeof ActionRun>, Run>,
  true satisfies Same<z.infer<typeof ActionTarget>, Target>,
  true satisfies Same<z.infer<typeof ActionPreview>, shapes.ActionPreview>,
  true satisfies Same<z.infer<typeof StartedAction>, shapes.StartedAction>,
  true satisfies Same<z.infer<typeof StoppedAction>, shapes.StoppedAction>,
  true satisfies Same<z.infer<typeof ActionRunAnswer>, shapes.ActionRunAnswer>,
  true satisfies Same<z.infer<typeof ActionRunsAnswer>, shapes.ActionRunsAnswer>,
  true satisfies Same<z.infer<typeof AuditEntry>, StoredAuditEntry>,
  true satisfies Same<z.infer<typeof DoctorCheck>, Check>,
  true satisfies Same<z.infer<typeof DoctorAnswer>, Doctor>,
  true satisfies Same<z.infer<typeof ThroughChecks>, Through>,
];

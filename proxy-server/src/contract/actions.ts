/** Actions and the audit over HTTP. */
import { z } from 'zod';
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
  /** Either Applications by name, or the query that selects them. */
  targets: z
    .array(z.strictObject({ edge: name, namespace: name, name }))
    .min(1)
    .max(ACTION_REQUEST_LIMITS.targets)
    .exactOptional(),
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

export const ActionPath = z.object({ run: z.uuid() });
export const TargetsPage = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  after: z.coerce.number().int().min(-1).exactOptional(),
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

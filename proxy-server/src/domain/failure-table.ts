/**
 * The forty-two ways a request to an edge can go wrong, as data: what arrives, what it means, when to ask again, what a user reads, what
 * is in danger, what mends it and who does it. One row per remedy. The table is the documentation: docs/failures.md is rendered from it.
 * The rows are spread over three files by who is speaking: the tunnel and what guards it, Argo CD, and the network (or nobody at all).
 */
import { ARGOCD_ROWS } from './failure-rows-argocd.ts';
import { NETWORK_ROWS } from './failure-rows-network.ts';
import { TUNNEL_ROWS } from './failure-rows-tunnel.ts';
import type { FailureAbout, FailureTableRow, WhoActs } from './failure-row.ts';
import type { EdgeFailure, FailureKind, FailureRow } from './failure.ts';

const BY_ROW: ReadonlyMap<FailureRow, FailureTableRow> = new Map(
  [...TUNNEL_ROWS, ...ARGOCD_ROWS, ...NETWORK_ROWS].map((row) => [row.row, row]),
);

/** All rows in their order, 1 to 42. */
export const FAILURE_TABLE: readonly FailureTableRow[] = [...BY_ROW.values()].sort((left, right) => left.row - right.row);

/** The row a failure belongs to. Total: a test holds the table complete. */
export function failureRow(row: FailureRow): FailureTableRow {
  const found = BY_ROW.get(row);
  if (found === undefined) throw new Error(`failure table has no row ${row}`);
  return found;
}

/** Where the edge is reached from decides which words apply. */
export type ConnectorKind = 'cloudflare' | 'direct';

/** One sentence for a user: what happened, in plain words, and nothing that only we would understand. */
export function failureWords(failure: EdgeFailure, about: Omit<FailureAbout, 'failure'>, connector: ConnectorKind): string {
  const row = failureRow(failure.row);
  const words = (connector === 'direct' ? row.direct?.words : undefined) ?? row.words;
  return words({ ...about, failure });
}

/** Refused by Access, which may know the other one of two service tokens. */
export const isRefusedByAccess = (row: FailureRow): boolean => row >= 14 && row <= 16;

/** What mends it, and who has to. */
export function failureRemedy(
  failure: Pick<EdgeFailure, 'row'>,
  connector: ConnectorKind,
): { readonly remedy: string; readonly acts: WhoActs } {
  const row = failureRow(failure.row);
  const direct = connector === 'direct' ? row.direct : undefined;
  return { remedy: direct?.remedy ?? row.remedy, acts: direct?.acts ?? row.acts };
}

/** `edgeOffline` becomes `EdgeOffline`: the spelling of reasons in conditions, the API and queries. */
export const failureReason = (kind: FailureKind): string => kind.charAt(0).toUpperCase() + kind.slice(1);

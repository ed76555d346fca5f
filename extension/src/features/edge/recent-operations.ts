import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';

/** The latest operation of one Application; `at` is absent while it goes on. */
export interface RecentOperation {
  readonly row: ApplicationRow;
  readonly at?: number;
}

/** The latest operation of each Application: those that go on first, then the newest; at most `limit`. */
export function recentOperations(rows: readonly ApplicationRow[], limit: number): readonly RecentOperation[] {
  return rows
    .flatMap((row): RecentOperation[] => {
      const { state, startedAt, finishedAt } = row.operation;
      if (state === 'None' || (startedAt ?? finishedAt) === undefined) return [];
      return [finishedAt === undefined ? { row } : { row, at: finishedAt }];
    })
    .sort((left, right) => (right.at ?? Infinity) - (left.at ?? Infinity) || startOf(right) - startOf(left))
    .slice(0, limit);
}

const startOf = ({ row }: RecentOperation): number => row.operation.startedAt ?? 0;

import * as React from 'react';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useIsAway } from '../../hooks/use-away.ts';
import { edgeWords } from '../../messages/edge.ts';
import { operationSaid } from '../../messages/states.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { applicationTo, isLastKnown } from '../../words/application-facts.ts';
import { applicationKey } from './application-lines.ts';
import { recentOperations } from './recent-operations.ts';

const SHOWN = 5;
const words = edgeWords.operations;

/** What was done on the edge last, and what is being done. */
export function RecentOperations({
  rows,
  zone,
}: {
  readonly rows: readonly ApplicationRow[];
  readonly zone: string;
}): React.ReactElement | null {
  const away = useIsAway();
  const recent = React.useMemo(() => recentOperations(rows, SHOWN), [rows]);
  if (rows.length === 0) return null;
  return (
    <section className="ef-facts__group">
      <h2 className="ef-facts__title">{words.title}</h2>
      {recent.length === 0 ? <p>{words.none}</p> : null}
      <dl>
        {recent.map(({ row, at }) => (
          <div key={applicationKey(row)} className="ef-facts__row">
            <dt dir="auto">
              <RouteLink to={applicationTo(row)}>{row.name}</RouteLink>
            </dt>
            <dd>
              {operationSaid(row.operation.state, isLastKnown(row, away))}
              {row.operation.dryRun ? ` (${edgeWords.applications.dryRun})` : ''}
              <span className="ef-facts__note">
                {at === undefined ? words.began : null}
                <Age at={at ?? row.operation.startedAt} never="" zone={zone} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

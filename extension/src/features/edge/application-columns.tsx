import * as React from 'react';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { edgeWords } from '../../messages/edge.ts';
import { operationSaid } from '../../messages/states.ts';
import { shellWords } from '../../messages/shell.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { applicationTo, isLastKnown, unjudgedNote } from '../../words/application-facts.ts';
import { lookBadge, syncBadge } from '../../words/status-badges.ts';

const words = edgeWords.applications;

function OperationCell({
  row,
  zone,
  old,
}: {
  readonly row: ApplicationRow;
  readonly zone: string;
  readonly old: boolean;
}): React.ReactElement {
  const formats = useFormats();
  const { operation } = row;
  if (operation.state === 'None') return <span className="ef-muted">{row.autoSync ? '\u2013' : words.manual}</span>;
  const tookMs =
    operation.startedAt === undefined || operation.finishedAt === undefined ? undefined : operation.finishedAt - operation.startedAt;
  return (
    <span className="ef-two">
      <span>
        {operationSaid(operation.state, old)}
        {operation.dryRun ? ` (${words.dryRun})` : ''}
        {operation.retryCount > 0 ? `, ${words.retries(operation.retryCount)}` : ''}
      </span>
      <span className="ef-two__second">
        <Age at={operation.finishedAt ?? operation.startedAt} never="" zone={zone} />
        {tookMs === undefined ? null : (
          <span>
            {', '}
            {words.took}
            {formats.duration(tookMs)}
          </span>
        )}
      </span>
    </span>
  );
}

/** What is said of each Application of an edge; every value with its age, nothing old in the colour it had. */
export function applicationColumns(away: boolean, zone: string): readonly Column<ApplicationRow>[] {
  return [
    {
      key: 'name',
      title: words.name,
      width: '17%',
      minWidth: '140px',
      cell: (row) => (
        <span className="ef-two">
          <RouteLink to={applicationTo(row)}>{row.name}</RouteLink>
          <span className="ef-two__second" dir="auto">
            {row.project} / {row.namespace}
          </span>
        </span>
      ),
    },
    {
      key: 'health',
      title: words.health,
      width: '16%',
      cell: (row) => (
        <span className="ef-two">
          <StatusBadge {...lookBadge(row.look, isLastKnown(row, away))} />
          <span className="ef-two__second">
            {unjudgedNote(row) ?? (
              <>
                {row.healthSince === undefined ? null : words.since}
                <Age at={row.healthSince} never="" zone={zone} />
              </>
            )}
          </span>
        </span>
      ),
    },
    { key: 'sync', title: words.sync, width: '11%', cell: (row) => <StatusBadge {...syncBadge(row.sync, isLastKnown(row, away))} /> },
    {
      key: 'operation',
      title: words.operation,
      width: '18%',
      cell: (row) => <OperationCell row={row} zone={zone} old={isLastKnown(row, away)} />,
    },
    { key: 'version', title: words.version, width: '9%', cell: (row) => <code dir="auto">{row.version ?? words.unknown}</code> },
    {
      key: 'compared',
      title: words.compared,
      width: '11%',
      cell: (row) => <Age at={row.observedAt} never={row.readAt === undefined ? shellWords.never : words.notRead} zone={zone} />,
    },
    { key: 'says', title: words.says, cell: (row) => <span dir="auto">{row.message ?? ''}</span> },
  ];
}

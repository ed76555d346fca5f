import * as React from 'react';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { applicationsWords } from '../../messages/applications.ts';
import { operationSaid } from '../../messages/states.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { applicationTo, explanationOf, isLastKnown, unjudgedNote } from '../../words/application-facts.ts';
import { lookBadge, stateBadge, syncBadge } from '../../words/status-badges.ts';

const words = applicationsWords.columns;

function OperationCell({ row, old }: { readonly row: ApplicationRow; readonly old: boolean }): React.ReactElement {
  const { operation, autoSync } = row;
  if (operation.state === 'None') return <span className="ef-muted">{autoSync ? '\u2013' : applicationsWords.manual}</span>;
  return (
    <span className="ef-two">
      <span>
        {operationSaid(operation.state, old)}
        {operation.dryRun ? ` (${applicationsWords.dryRun})` : ''}
        {operation.retryCount > 0 ? `, ${applicationsWords.retries(operation.retryCount)}` : ''}
      </span>
      <span className="ef-two__second">
        <Age at={operation.finishedAt ?? operation.startedAt} never="" />
      </span>
    </span>
  );
}

/** The edge, and where it is not simply there, how it stands. */
function EdgeCell({ row, old }: { readonly row: ApplicationRow; readonly old: boolean }): React.ReactElement {
  return (
    <span className="ef-two">
      <RouteLink to={`/edges/${encodeURIComponent(row.edge)}`}>{row.edge}</RouteLink>
      {old ? (
        <span className="ef-two__second">
          <StatusBadge {...stateBadge(row.edgeState, old)} />
        </span>
      ) : null}
    </span>
  );
}

/** What is said of each Application of the fleet. Keys of sortable columns are fields of the query language. */
export function applicationColumns(hubAway: boolean): readonly Column<ApplicationRow>[] {
  const isOld = (row: ApplicationRow): boolean => isLastKnown(row, hubAway);
  return [
    {
      key: 'application',
      title: words.application,
      sortable: true,
      width: '14%',
      cell: (row) => (
        <span className="ef-two">
          <RouteLink to={applicationTo(row)}>{row.name}</RouteLink>
          <span className="ef-two__second" dir="auto">
            {row.project} / {row.namespace}
          </span>
        </span>
      ),
    },
    { key: 'name', title: words.edge, sortable: true, width: '12%', cell: (row) => <EdgeCell row={row} old={isOld(row)} /> },
    {
      key: 'look',
      title: words.look,
      sortable: true,
      width: '12%',
      cell: (row) => (
        <span className="ef-two">
          <StatusBadge {...lookBadge(row.look, isOld(row))} />
          <span className="ef-two__second">{unjudgedNote(row) ?? <Age at={row.healthSince} never="" />}</span>
        </span>
      ),
    },
    { key: 'sync', title: words.sync, sortable: true, width: '10%', cell: (row) => <StatusBadge {...syncBadge(row.sync, isOld(row))} /> },
    { key: 'operation', title: words.operation, sortable: true, width: '12%', cell: (row) => <OperationCell row={row} old={isOld(row)} /> },
    {
      key: 'version',
      title: words.version,
      sortable: true,
      width: '9%',
      cell: (row) => (
        <span className="ef-two">
          <code dir="auto">{row.version ?? applicationsWords.noVersion}</code>
          {row.product === undefined ? null : (
            <span className="ef-two__second" dir="auto">
              {row.product}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'message',
      title: words.message,
      sortable: true,
      cell: (row) => (
        <span className="ef-clamp" dir="auto" title={explanationOf(row)}>
          {explanationOf(row) ?? ''}
        </span>
      ),
    },
    {
      key: 'observed-age',
      title: words.observed,
      sortable: true,
      width: '15%',
      cell: (row) => (
        <span className="ef-two">
          <Age at={row.observedAt} never={applicationsWords.notRead} />
          <span className="ef-two__second ef-nowrap">
            {words.heard}
            <Age at={row.readAt} never={applicationsWords.neverHeard} />
          </span>
        </span>
      ),
    },
  ];
}

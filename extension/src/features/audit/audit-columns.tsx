import * as React from 'react';
import type { AuditOutcome } from '../../../../proxy-server/src/domain/audit.ts';
import { auditedWords, auditWords as words, outcomeWords } from '../../messages/audit.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { applicationTo } from '../../words/application-facts.ts';
import type { AuditLine } from './audit-query.ts';
import { sightChange } from './sight-change.ts';

const LOOKS: Readonly<Record<AuditOutcome, readonly [tone: Tone, icon: string]>> = {
  asked: ['quiet', 'fa-hand-point-right'],
  refused: ['attention', 'fa-ban'],
  sent: ['progressing', 'fa-paper-plane'],
  succeeded: ['healthy', 'fa-check-circle'],
  failed: ['degraded', 'fa-times-circle'],
  stopped: ['quiet', 'fa-stop-circle'],
  expired: ['attention', 'fa-calendar-times'],
};

function Outcome({ outcome }: { readonly outcome: AuditOutcome }): React.ReactElement {
  const [tone, icon] = LOOKS[outcome];
  return <StatusBadge tone={tone} icon={icon} word={outcomeWords[outcome]} />;
}

function Where({ line }: { readonly line: AuditLine }): React.ReactElement | null {
  if (line.edge === '') return null;
  return (
    <span className="ef-two ef-links">
      {line.application === '' ? null : (
        <RouteLink to={applicationTo({ edge: line.edge, namespace: line.namespace, name: line.application })}>{line.application}</RouteLink>
      )}
      <RouteLink to={`/edges/${encodeURIComponent(line.edge)}`}>{line.edge}</RouteLink>
    </span>
  );
}

function Change({ line: { before, after } }: { readonly line: AuditLine }): React.ReactElement {
  return (
    <span className="ef-two">
      {sightChange(before, after).map((part) => (
        <span key={part} dir="auto">
          {part}
        </span>
      ))}
    </span>
  );
}

export const AUDIT_COLUMNS: readonly Column<AuditLine>[] = [
  { key: 'when', title: words.when, width: '10%', cell: ({ at }) => <Age at={at} never="" /> },
  {
    key: 'who',
    title: words.who,
    width: '10%',
    cell: ({ username, claimedGroups }) => (
      <span dir="auto" title={claimedGroups.length === 0 ? undefined : words.claims(claimedGroups.join(', '))}>
        {username}
      </span>
    ),
  },
  {
    key: 'what',
    title: words.what,
    width: '11%',
    cell: ({ action, run }) => (run === '' ? auditedWords[action] : <RouteLink to={`/actions/${run}`}>{auditedWords[action]}</RouteLink>),
  },
  { key: 'outcome', title: words.outcome, width: '10%', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  { key: 'where', title: words.where, width: '15%', cell: (line) => <Where line={line} /> },
  {
    key: 'why',
    title: words.why,
    width: '20%',
    cell: ({ reason, message }) => (
      <span className="ef-two">
        <span dir="auto">{reason}</span>
        <span className="ef-two__second" dir="auto">
          {message}
        </span>
      </span>
    ),
  },
  { key: 'change', title: words.change, cell: (line) => <Change line={line} /> },
];

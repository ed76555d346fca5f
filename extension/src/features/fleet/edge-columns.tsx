import * as React from 'react';
import { isNotHeard } from '../../../../proxy-server/src/domain/edge-state.ts';
import type { EdgeRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { connectionWords, lookWords } from '../../messages/states.ts';
import { shellWords } from '../../messages/shell.ts';
import { RouteLink } from '../../RouteLink.tsx';
import { Age } from '../../ui/Age.tsx';
import { Checkbox } from '../../ui/argo-ui.js';
import { Figure } from '../../ui/Figure.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { stateBadge, syncBadge } from '../../words/status-badges.ts';

export interface ColumnFacts {
  readonly products: readonly string[];
  readonly labels: readonly string[];
  /** The hub is away: everything is last known. */
  readonly old: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
}

const DEFAULT_KEYS = ['name', 'state', 'sync', 'read-age', 'applications'];
export const SELECT_KEY = 'select';

type Make = (facts: ColumnFacts) => Column<EdgeRow>;
const words = fleetWords.table;

const isOld = (row: EdgeRow, facts: ColumnFacts): boolean => facts.old || isNotHeard(row.state);

const FIXED: Readonly<Record<string, Make>> = {
  name: () => ({
    key: 'name',
    title: words.name,
    sortable: true,
    minWidth: '190px',
    cell: (row) => (
      <span className="ef-two">
        <RouteLink to={`/edges/${encodeURIComponent(row.name)}`}>{row.displayName}</RouteLink>
        {row.displayName === row.name ? null : <span className="ef-two__second">{row.name}</span>}
      </span>
    ),
  }),
  state: (facts) => ({
    key: 'state',
    title: words.state,
    sortable: true,
    cell: (row) => (
      <span className="ef-two">
        <StatusBadge {...stateBadge(row.state, facts.old)} />
        {isNotHeard(row.state) && row.readAt !== undefined ? (
          <span className="ef-two__second ef-nowrap">{lookWords[row.look].was}</span>
        ) : null}
      </span>
    ),
  }),
  sync: (facts) => ({
    key: 'sync',
    title: words.sync,
    sortable: true,
    cell: (row) => (row.sync === undefined ? '\u2013' : <StatusBadge {...syncBadge(row.sync, isOld(row, facts))} />),
  }),
  connection: () => ({
    key: 'connection',
    title: words.connection,
    sortable: true,
    cell: (row) => (
      <span className="ef-two">
        <span>{connectionWords[row.connection]}</span>
        {row.reason === undefined ? null : <code className="ef-two__second">{row.reason}</code>}
      </span>
    ),
  }),
  'read-age': () => ({
    key: 'read-age',
    title: words.readAt,
    sortable: true,
    cell: (row) => <Age at={row.readAt} never={shellWords.never} />,
  }),
  applications: () => ({
    key: 'applications',
    title: words.applications,
    sortable: true,
    numeric: true,
    cell: (row) => <Figure value={row.applications} />,
  }),
  'out-of-sync': () => ({ key: 'out-of-sync', title: words.outOfSync, numeric: true, cell: (row) => <Figure value={row.outOfSync} /> }),
  connector: () => ({ key: 'connector', title: words.connector, sortable: true, cell: (row) => <span dir="auto">{row.connector}</span> }),
  'argocd-version': () => ({
    key: 'argocd-version',
    title: words.argocd,
    sortable: true,
    cell: (row) => <code>{row.argocdVersion ?? '\u2013'}</code>,
  }),
};

/** Every column there is: the fixed ones, one per Product, one per label. */
export function columnChoices({
  products,
  labels,
}: Pick<ColumnFacts, 'products' | 'labels'>): readonly { readonly key: string; readonly title: string }[] {
  return [
    ...Object.entries(FIXED).map(([key, make]) => ({
      key,
      title: make({ products, labels, old: false, selected: new Set(), onToggle: () => undefined }).title,
    })),
    ...products.map((product) => ({ key: `version:${product}`, title: words.version(product) })),
    ...labels.map((label) => ({ key: `label:${label}`, title: words.label_(label) })),
  ];
}

export const defaultColumns = (products: readonly string[]): readonly string[] => [
  ...DEFAULT_KEYS,
  ...products.slice(0, 1).map((product) => `version:${product}`),
];

function dynamic(key: string): Column<EdgeRow> | undefined {
  const [kind, ...rest] = key.split(':');
  const name = rest.join(':');
  if (kind === 'version' && name !== '')
    return { key, title: words.version(name), sortable: true, cell: (row) => <code>{row.versions[name] ?? '\u2013'}</code> };
  if (kind === 'label' && name !== '')
    return { key, title: name, sortable: true, cell: (row) => <span dir="auto">{row.labels[name] ?? '\u2013'}</span> };
  return undefined;
}

/** The chosen columns in the order they were chosen; names that are no column are left out. The first column selects. */
export function edgeColumns(keys: readonly string[], facts: ColumnFacts): readonly Column<EdgeRow>[] {
  const select: Column<EdgeRow> = {
    key: SELECT_KEY,
    title: '',
    width: '36px',
    cell: (row) => (
      <label className="ef-pick" htmlFor={`ef-pick-${row.name}`}>
        <span className="ef-hidden">{words.select(row.displayName)}</span>
        <Checkbox id={`ef-pick-${row.name}`} checked={facts.selected.has(row.name)} onChange={() => facts.onToggle(row.name)} />
      </label>
    ),
  };
  return [select, ...keys.flatMap((key) => FIXED[key]?.(facts) ?? dynamic(key) ?? [])];
}

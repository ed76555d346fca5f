/**
 * Every field of the query language as something that is read from the columns. Lists sort by it, facets and columns group by it, queries
 * test it: one reading for all of them. Edge fields are asked by slot, Application fields by row.
 */
import { CONNECTIONS, EDGE_STATES } from '../domain/edge-state.ts';
import type { ApplicationCondition } from '../domain/application.ts';
import { applicationMessage } from '../domain/application-message.ts';
import { FRESHNESSES } from '../domain/freshness.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { UNJUDGED_REASONS } from '../domain/judged.ts';
import { EDGE_LOOKS, type ApplicationLook } from '../domain/look.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import { VERSION_JOINER } from '../domain/product.ts';
import { queryField } from '../domain/query-fields.ts';
import { timeOf, toList, type TextColumn } from './application-record.ts';
import { at } from './column.ts';
import { toEdgeVersions, type EdgeVersions } from './edge-figures.ts';
import type { FleetTable } from './fleet-table.ts';
import type { InternedColumn } from './interned-column.ts';
import type { VisibleFleet } from './visible-fleet.ts';

/**
 * `words`: codes of a closed list, sorted by their place in it. `texts`, `versions`: one or more values, '' is absent. `interned`: one text by
 * its number, which is below `limit`. `number`: undefined is absent.
 */
export type FieldReading =
  | { readonly kind: 'words'; readonly words: readonly string[]; code(id: number): number }
  | { readonly kind: 'texts'; texts(id: number): readonly string[] }
  | { readonly kind: 'versions'; texts(id: number): readonly string[] }
  | {
      readonly kind: 'interned';
      readonly order: 'text' | 'version';
      readonly limit: number;
      textId(id: number): number;
      text(textId: number): string;
    }
  | { readonly kind: 'number'; value(id: number): number | undefined };

/** What readings are taken from. */
export interface FieldSource {
  readonly table: FleetTable;
  readonly view: VisibleFleet;
  readonly now: number;
}

const texts = (read: (id: number) => string | undefined): FieldReading => ({ kind: 'texts', texts: (id) => [read(id) ?? ''] });
const words = (list: readonly string[], code: (id: number) => number): FieldReading => ({ kind: 'words', words: list, code });
const NOT_JUDGED = HEALTH_STATUSES.length;

/** Versions of one edge, read once for all that ask about the same combination. */
function versionsReader(view: VisibleFleet): (slot: number) => EdgeVersions {
  const parsed = new Map<string, EdgeVersions>();
  return (slot) => {
    const text = view.figures.versions(slot);
    const known = parsed.get(text) ?? toEdgeVersions(text);
    parsed.set(text, known);
    return known;
  };
}

const ABSENT = [''];

/** A field of an edge by slot; undefined where edges have no such field. A name that is no field is the key of a label. */
export function edgeField({ table, view, now }: FieldSource, name: string, argument?: string): FieldReading | undefined {
  const { edges } = table;
  const field = queryField(name);
  if (field === undefined || field.name === 'label') return texts((slot) => edges.configs[slot]?.labels[argument ?? name]);
  const code = (column: 'state' | 'look' | 'sync') => (slot: number) => view.code(column, view.rowOf(slot) ?? 0);
  const running = versionsReader(view);
  const readings: Readonly<Record<string, () => FieldReading>> = {
    name: () => texts((slot) => edges.names[slot]),
    'display-name': () => texts((slot) => edges.configs[slot]?.displayName),
    connector: () => texts((slot) => edges.configs[slot]?.connector),
    lifecycle: () => texts((slot) => edges.configs[slot]?.lifecycle),
    state: () => words(EDGE_STATES, code('state')),
    look: () => words(EDGE_LOOKS, code('look')),
    sync: () => words(SYNC_STATUSES, code('sync')),
    connection: () => words(CONNECTIONS, (slot) => at(edges.connection, slot)),
    reason: () => texts((slot) => edges.reason(slot)),
    freshness: () => words(FRESHNESSES, (slot) => at(edges.freshness, slot)),
    'read-age': () => ({ kind: 'number', value: (slot) => ageAt(edges.readAt(slot), now) }),
    'argocd-version': () => ({ kind: 'versions', texts: (slot) => [edges.facts[slot]?.argocdVersion ?? ''] }),
    applications: () => ({ kind: 'number', value: (slot) => view.figures.applications(slot) }),
    'clock-skew': () => ({ kind: 'number', value: (slot) => magnitude(edges.facts[slot]?.clockSkewMs) }),
    product: () => ({ kind: 'texts', texts: (slot) => orAbsent(running(slot).map(([product]) => product)) }),
    version: () => ({ kind: 'versions', texts: (slot) => running(slot).find(([product]) => product === argument)?.[1] ?? ABSENT }),
  };
  return readings[field.name]?.();
}

const orAbsent = (values: readonly string[]): readonly string[] => (values.length === 0 ? ABSENT : values);
const magnitude = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.abs(value));
const ageAt = (time: number | undefined, now: number): number | undefined => (time === undefined ? undefined : Math.max(0, now - time));

/** A field of an Application by row; undefined where Applications have none of that name and the edge's counts. */
export function applicationField(
  { table, now }: Pick<FieldSource, 'table' | 'now'>,
  name: string,
  argument?: string,
): FieldReading | undefined {
  const { applications } = table;
  const interned = (column: InternedColumn, order: 'text' | 'version' = 'text', textId = (row: number): number => column.id(row)): FieldReading => ({
    kind: 'interned', order, limit: column.table.limit, textId, text: (id) => column.table.text(id),
  }); // prettier-ignore
  const text = (column: TextColumn) => () => interned(applications.texts[column]);
  const list = (column: 'images' | 'revisions') => (): FieldReading => ({
    kind: 'texts',
    texts: (row) => orAbsent(toList(applications.text(column, row))),
  });
  const versionId = (row: number): number =>
    argument === undefined || applications.product.text(row) === argument ? applications.version.id(row) : 0;
  const readings: Readonly<Record<string, () => FieldReading>> = {
    application: text('name'),
    namespace: text('namespace'),
    project: text('project'),
    image: list('images'),
    revision: list('revisions'),
    message: () => texts((row) => messageOf(table, row)),
    look: () => words(EDGE_LOOKS, (row) => at(applications.look, row)),
    sync: () => words(SYNC_STATUSES, (row) => at(applications.sync, row)),
    health: () => words(HEALTH_STATUSES, (row) => (at(applications.unjudged, row) === 0 ? at(applications.health, row) : NOT_JUDGED)),
    operation: () => words(OPERATION_STATES, (row) => at(applications.operation, row)),
    'unjudged-reason': () => words(UNJUDGED_REASONS, (row) => (at(applications.unjudged, row) || NOT_JUDGED) - 1),
    'observed-age': () => ({ kind: 'number', value: (row) => ageAt(timeOf(applications.time('observedAt', row)), now) }),
    'auto-sync': () => words(['true', 'false'], (row) => (applications.autoSync(row) ? 0 : 1)),
    product: () => interned(applications.product),
    version: () => interned(applications.version, 'version', versionId),
  };
  return readings[name]?.();
}

/** The sentence that explains the look of the Application in this row. */
export function messageOf(table: FleetTable, row: number): string {
  const { applications } = table;
  const look = lookOf(table, row);
  if (look === 'Healthy' || look === 'Suspended') return ''; // most of them: not worth reading the texts
  return applicationMessage({
    look,
    conditions: toList<ApplicationCondition>(applications.text('conditions', row)),
    operationMessage: applications.text('operationMessage', row),
    healthMessage: applications.text('healthMessage', row),
  });
}

export function lookOf({ applications }: FleetTable, row: number): ApplicationLook {
  const look = EDGE_LOOKS[at(applications.look, row)] ?? 'Unjudged';
  return look === 'Empty' ? 'Unjudged' : look;
}

/** The one text of a reading, for facets, columns and groups. */
export function textOf(reading: FieldReading, id: number): string {
  switch (reading.kind) {
    case 'words':
      return reading.words[reading.code(id)] ?? '';
    case 'texts':
    case 'versions':
      return reading.texts(id).join(VERSION_JOINER);
    case 'interned':
      return reading.text(reading.textId(id));
    case 'number':
      return String(reading.value(id) ?? '');
    default:
      return reading satisfies never;
  }
}

/**
 * Every field of the query language as something that is read from the columns. Lists sort by it, facets and columns group by it, queries
 * test it: one reading for all of them. Edge fields are asked by slot, Application fields by row.
 */
import { CONNECTIONS, EDGE_STATES, LIFECYCLES } from '../domain/edge-state.ts';
import { FRESHNESSES } from '../domain/freshness.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { UNJUDGED_REASONS } from '../domain/judged.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import { VERSION_JOINER } from '../domain/product.ts';
import { queryField } from '../domain/query-fields.ts';
import type { ApplicationColumns } from './application-columns.ts';
import type { TextColumn } from '../domain/application-record.ts';
import { timeOf, toList } from './application-record.ts';
import { byteAt } from './column.ts';
import { toEdgeVersions, type EdgeVersions } from './edge-figures.ts';
import type { FleetTable } from './fleet-table.ts';
import type { Ids, InternedColumn } from './interned-column.ts';
import { Messages } from './messages.ts';
import type { StringTable } from './string-table.ts';
import type { TextOrder } from './text-ranks.ts';
import type { VisibleFleet } from './visible-fleet.ts';

/**
 * `words`: codes of a closed list, sorted by their place in it. `texts`, `versions`: one or more values, '' is absent. `interned`: one text by
 * its number in a table. `number`: undefined is absent. `ids` are the codes or numbers as a column by id, where there is one.
 */
export type FieldReading =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly ids?: Uint8Array; code(id: number): number }
  | { readonly kind: 'texts'; readonly shared?: SharedTexts; readonly texts: (id: number) => readonly string[] }
  | { readonly kind: 'versions'; texts(id: number): readonly string[] }
  | {
      readonly kind: 'interned';
      readonly order: TextOrder;
      readonly table: StringTable;
      readonly ids?: Ids;
      textId(id: number): number;
    }
  | { readonly kind: 'number'; value(id: number): number | undefined };

/** Values that many have alike, by a number of their own. */
interface SharedTexts {
  idOf(id: number): number;
  texts(sharedId: number): readonly string[];
}

/** What readings are taken from. */
export interface FieldSource {
  readonly table: FleetTable;
  readonly view: VisibleFleet;
  readonly now: number;
}

const texts = (read: (id: number) => string | undefined): FieldReading => ({ kind: 'texts', texts: (id) => [read(id) ?? ''] });
const words = (list: readonly string[], code: (id: number) => number): FieldReading => ({ kind: 'words', words: list, code });
/** Beyond all codes: absent values come last. */
const NO_REASON = UNJUDGED_REASONS.length + 1;

const sharedTexts = (shared: SharedTexts): FieldReading => ({ kind: 'texts', shared, texts: (id) => shared.texts(shared.idOf(id)) });
/** Words of a column of codes. */
const coded = (list: readonly string[], ids: Uint8Array): FieldReading => ({
  kind: 'words',
  words: list,
  ids,
  code: (id) => byteAt(ids, id),
});
/** Texts of a column. */
const interned = (column: InternedColumn, order: TextOrder = 'text'): FieldReading => ({
  kind: 'interned',
  order,
  table: column.table,
  ids: column.ids,
  textId: (id) => column.id(id),
});

/** Versions of one edge, read once for all that run the same combination. */
function versionsReader({ figures }: VisibleFleet): (slot: number) => EdgeVersions {
  const parsed: EdgeVersions[] = [];
  return (slot) => {
    const id = figures.versionsId(slot);
    const known = parsed[id] ?? toEdgeVersions(figures.versions(slot));
    parsed[id] = known;
    return known;
  };
}

const ABSENT = [''];

/** A field of an edge by slot; undefined where edges have no such field. A name that is no field is the key of a label. */
export function edgeField({ table, view, now }: FieldSource, name: string, argument?: string): FieldReading | undefined {
  const { edges } = table;
  const field = queryField(name);
  if (field === undefined || field.name === 'label') return interned(edges.label(argument ?? name));
  const code = (column: 'state' | 'look' | 'sync') => (slot: number) => view.code(column, view.rowOf(slot));
  const running = versionsReader(view);
  const readings: Readonly<Record<string, () => FieldReading>> = {
    name: () => texts((slot) => edges.names[slot]),
    'display-name': () => texts((slot) => edges.configs[slot]?.displayName),
    connector: () => interned(edges.texts.connector),
    lifecycle: () => words(LIFECYCLES, (slot) => LIFECYCLES.indexOf(edges.configs[slot]?.lifecycle ?? 'Active')),
    state: () => words(EDGE_STATES, code('state')),
    look: () => words(EDGE_LOOKS, code('look')),
    sync: () => words(SYNC_STATUSES, code('sync')),
    connection: () => coded(CONNECTIONS, edges.connection),
    reason: () => interned(edges.texts.reason),
    freshness: () => coded(FRESHNESSES, edges.freshness),
    'read-age': () => ({ kind: 'number', value: (slot) => ageAt(edges.readAt(slot), now) }),
    'argocd-version': () => interned(edges.texts.argocdVersion, 'version'),
    'out-of-sync': () => words(['true', 'false'], (slot) => (view.isOutOfSync(view.rowOf(slot)) ? 0 : 1)),
    behind: () => words(['true', 'false'], (slot) => (view.isBehind(view.rowOf(slot)) ? 0 : 1)),
    applications: () => ({ kind: 'number', value: (slot) => view.figures.applications(slot) }),
    'clock-skew': () => ({ kind: 'number', value: (slot) => magnitude(edges.shownFacts(slot).clockSkewMs) }),
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
  const text = (column: TextColumn) => () => interned(applications.texts[column]);
  const list = (column: 'images' | 'revisions') => (): FieldReading => {
    const { table: lists } = applications.texts[column];
    return sharedTexts({
      idOf: (row) => applications.id(column, row),
      texts: (listId) => orAbsent(toList(lists.text(listId))),
    });
  };
  const readings: Readonly<Record<string, () => FieldReading>> = {
    application: text('name'),
    namespace: text('namespace'),
    project: text('project'),
    image: list('images'),
    revision: list('revisions'),
    message: () => {
      const messages = new Messages(applications);
      return sharedTexts({ idOf: (row) => messages.idOf(row), texts: (id) => [messages.text(id)] });
    },
    look: () => coded(EDGE_LOOKS, applications.look),
    sync: () => coded(SYNC_STATUSES, applications.sync),
    health: () => coded(HEALTH_STATUSES, applications.judgedHealth),
    operation: () => coded(OPERATION_STATES, applications.operation),
    'unjudged-reason': () => words(UNJUDGED_REASONS, (row) => (byteAt(applications.unjudged, row) || NO_REASON) - 1),
    'observed-age': () => ({ kind: 'number', value: (row) => ageAt(timeOf(applications.time('observedAt', row)), now) }),
    'auto-sync': () => words(['true', 'false'], (row) => (applications.autoSync(row) ? 0 : 1)),
    product: () => interned(applications.product),
    version: () => (argument === undefined ? interned(applications.version, 'version') : versionOf(applications, argument)),
  };
  return readings[name]?.();
}

/** The version of Applications of one Product; absent for all others. */
function versionOf({ product, version }: ApplicationColumns, name: string): FieldReading {
  const wanted = product.table.idOf(name);
  return { kind: 'interned', order: 'version', table: version.table, textId: (row) => (product.id(row) === wanted ? version.id(row) : 0) };
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
      return reading.table.text(reading.textId(id));
    case 'number':
      return String(reading.value(id) ?? '');
    default:
      return reading satisfies never;
  }
}

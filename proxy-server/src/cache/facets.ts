import { MAX_COLUMN_VALUES, encodeColumn } from '../domain/column-codec.ts';
import { MAX_LABEL_VALUES, type DictionaryColumn, type Facet, type FleetMembers } from '../domain/fleet-view.ts';
import { QUERY_FIELDS, queryField } from '../domain/query-fields.ts';
import { uintAt } from './column.ts';
import { edgeField, textOf, type FieldReading, type FieldSource } from './fields.ts';
import { toEdgeVersions } from './edge-figures.ts';

/** Values of one facet that are sent; the rest is a number. */
const MAX_FACET_VALUES = 50;
/** Labels and Products with a facet of their own; more would be a page of lists. */
const MAX_FACETS = 40;
const FIXED_FIELDS = ['state', 'look', 'connection', 'freshness', 'sync', 'lifecycle', 'connector', 'reason', 'argocd-version'] as const;

/** How a label is named in queries: by its key alone, where no field has that name. */
export const labelField = (key: string): string => (queryField(key) === undefined ? key : `label:${key}`);

/** Products that run anywhere in what the asker sees. */
export function runningProducts({ view }: FieldSource): readonly string[] {
  const products = new Set<string>();
  const seen = new Set<string>();
  for (const slot of view.slots) {
    const text = view.figures.versions(slot);
    if (seen.has(text)) continue;
    seen.add(text);
    for (const [product] of toEdgeVersions(text)) products.add(product);
  }
  return [...products].sort();
}

interface FacetField {
  readonly field: string;
  readonly title: string;
  readonly reading: FieldReading;
}

/** Fields to group by, in the order they are shown: what we know of every edge, then its labels, then the versions of Products. */
function facetFields(source: FieldSource): readonly FacetField[] {
  const fields: FacetField[] = [];
  const add = (field: string, title: string, reading: FieldReading | undefined): void => {
    if (reading !== undefined && fields.length < MAX_FACETS + FIXED_FIELDS.length) fields.push({ field, title, reading });
  };
  for (const name of FIXED_FIELDS) add(name, titleOf(name), edgeField(source, name));
  for (const key of [...source.view.labelKeys].sort()) add(labelField(key), key, edgeField(source, 'label', key));
  for (const product of runningProducts(source)) add(`version:${product}`, `Version of ${product}`, edgeField(source, 'version', product));
  return fields;
}

const SHORT_TITLES: Readonly<Record<string, string>> = {
  state: 'State', look: 'Look', connection: 'Connection', freshness: 'Freshness', sync: 'Sync', lifecycle: 'Lifecycle',
  connector: 'Connector', reason: 'Reason', 'argocd-version': 'Argo CD version',
}; // prettier-ignore
const titleOf = (name: string): string => SHORT_TITLES[name] ?? QUERY_FIELDS.find((field) => field.name === name)?.title ?? name;

/** How many of these edges have which value of every field worth grouping by. A field that is the same everywhere still counts them. */
export function facetsOf(slots: readonly number[], source: FieldSource): readonly Facet[] {
  return facetFields(source)
    .map(({ field, title, reading }) => toFacet(field, title, countValues(slots, reading)))
    .filter(({ values }) => values.some(({ value }) => value !== ''));
}

/** An edge that has several values (Products, versions) counts for each. Codes are counted before they become words. */
function countValues(slots: readonly number[], reading: FieldReading): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (value: string, edges: number): void => void counts.set(value, (counts.get(value) ?? 0) + edges);
  if (reading.kind === 'words' || reading.kind === 'interned') {
    for (const [code, edges] of countCodes(slots, reading)) add(wordOf(reading, code), edges);
    return counts;
  }
  for (const slot of slots) {
    for (const value of reading.kind === 'number' ? [textOf(reading, slot)] : reading.texts(slot)) add(value, 1);
  }
  return counts;
}

type Coded = Extract<FieldReading, { kind: 'words' | 'interned' }>;

const wordOf = (reading: Coded, code: number): string =>
  reading.kind === 'words' ? (reading.words[code] ?? '') : reading.table.text(code);

/** Codes beyond the words stand for absent values. */
const CODES = 256;

function countCodes(slots: readonly number[], reading: Coded): readonly (readonly [code: number, edges: number])[] {
  const counts = new Uint32Array(reading.kind === 'words' ? CODES : reading.table.limit);
  for (const slot of slots) {
    const code = reading.kind === 'words' ? reading.code(slot) : reading.textId(slot);
    counts[code] = uintAt(counts, code) + 1;
  }
  return [...counts.entries()].filter(([, edges]) => edges > 0);
}

function toFacet(field: string, title: string, counts: ReadonlyMap<string, number>): Facet {
  const values = [...counts].map(([value, edges]) => ({ value, edges }));
  values.sort((left, right) => right.edges - left.edges || (left.value < right.value ? -1 : 1));
  return { field, title, values: values.slice(0, MAX_FACET_VALUES), more: Math.max(0, values.length - MAX_FACET_VALUES) };
}

/** A column of the map by any field of an edge; undefined for one that does not exist or has too many values to tell apart. */
export function dictionaryColumn(source: FieldSource, field: string): DictionaryColumn | undefined {
  const [name = '', argument] = splitField(field);
  const known = queryField(name);
  if (known === undefined && !source.view.labelKeys.has(field)) return undefined;
  const reading = known === undefined ? edgeField(source, 'label', field) : edgeField(source, name, argument);
  return reading === undefined || reading.kind === 'number' || (known !== undefined && known.scope === 'application')
    ? undefined
    : toColumn(source.view.slots.map((slot) => textOf(reading, slot)), MAX_COLUMN_VALUES); // prettier-ignore
}

/** `version:pos` and `label:region` name a field with its argument; anything else is a field, or the key of a label. */
function splitField(field: string): readonly [string, string?] {
  const colon = field.indexOf(':');
  return colon < 0 ? [field] : [field.slice(0, colon), field.slice(colon + 1)];
}

function toColumn(texts: readonly string[], maxValues: number): DictionaryColumn | undefined {
  const codes = new Map<string, number>([...new Set(texts)].sort().map((value, code) => [value, code]));
  if (codes.size > maxValues) return undefined;
  return { values: [...codes.keys()], codes: encodeColumn(texts.map((text) => codes.get(text) ?? 0)) };
}

/** What rarely changes. `membership` names exactly this content, over restarts too. */
export function membersOf(source: FieldSource): FleetMembers {
  const { table, view } = source;
  const names = view.slots.map((slot) => table.edges.names[slot] ?? '');
  const displayNames: Record<string, string> = {};
  for (const [row, slot] of view.slots.entries()) {
    const displayName = table.edges.configs[slot]?.displayName ?? '';
    if (displayName !== names[row]) displayNames[row] = displayName;
  }
  const connector = toColumn(view.slots.map((slot) => table.edges.configs[slot]?.connector ?? ''), MAX_COLUMN_VALUES) ?? { values: [], codes: '' }; // prettier-ignore
  const labels: Record<string, DictionaryColumn> = {};
  for (const key of [...source.view.labelKeys].sort()) {
    const column = toColumn(view.slots.map((slot) => table.edges.configs[slot]?.labels[key] ?? ''), MAX_LABEL_VALUES); // prettier-ignore
    if (column !== undefined) labels[key] = column;
  }
  return { membership: digest(JSON.stringify([names, displayNames, connector, labels])), names, displayNames, connector, labels };
}

/** Two 32-bit FNV-1a hashes over the text: not against forgery, but for telling one membership from the next. */
function digest(text: string): string {
  let [left, right] = [0x811c9dc5, 0x01000193];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ code, 0x85ebca6b) ^ (right >>> 13);
  }
  return `${(left >>> 0).toString(36)}${(right >>> 0).toString(36)}`;
}

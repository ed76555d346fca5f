/**
 * A parsed query made into two questions: which edges, and which of their Applications. Words and interned texts are tested once per value;
 * after that a scan of 200,000 rows is a look at a byte or two per row.
 *
 * On a list of edges an edge matches if all its own terms hold and one of its Applications holds all Application terms, negated ones
 * included: `!health:Healthy` finds edges with an Application that is not healthy. On a list of Applications an Application matches if all
 * Application terms hold for it and all edge terms for its edge.
 */
import type { Query, QueryTerm } from '../domain/query.ts';
import { applicationField, edgeField, type FieldReading, type FieldSource } from './fields.ts';
import { matchesPattern, numberTest, prefixedVersionTest, textTest, versionTest, type TextTest } from './pattern-match.ts';
import { holdingOf, type Holding, type RowSelection } from './row-selection.ts';
import { grow } from './column.ts';
import type { Ids } from './interned-column.ts';

type Predicate = (id: number) => boolean;
type ListKind = 'edges' | 'applications';
type FieldTerm = Extract<QueryTerm, { kind: 'field' }>;
type TextTerm = Extract<QueryTerm, { kind: 'text' }>;
type Narrow = (selection: RowSelection) => void;

export interface QueryPlan {
  /** Slots of the edges for which all terms about the edge itself hold, in row order. */
  readonly slots: readonly number[];
  /** Leaves the rows for which all terms about an Application hold. Undefined: the query has none. */
  readonly narrow: Narrow | undefined;
}

/** For one answer: it grows old with the next change. */
export function planQuery(query: Query, list: ListKind, source: FieldSource): QueryPlan {
  const edge: Predicate[] = [];
  const application: Narrow[] = [];
  let { slots } = source.view;
  for (const term of query.terms) {
    const named = namedSlots(term, source);
    if (named !== undefined) slots = slots.filter((slot) => named.has(slot));
    else if (term.kind === 'text' && list === 'edges') edge.push(textOfEdge(term, source));
    else if (term.kind === 'text') application.push(narrowByText(term, source));
    else if (isAboutApplication(term, list)) application.push(narrowByField(term, source));
    else edge.push(signed(term, testReading(term, edgeField(source, term.field.name, term.argument))));
  }
  for (const holds of edge) slots = slots.filter(holds);
  return { slots, narrow: application.length === 0 ? undefined : (selection) => application.forEach((narrow) => narrow(selection)) };
}

const isAboutApplication = ({ field }: FieldTerm, list: ListKind): boolean =>
  field.scope === 'application' || (field.scope === 'row' && list === 'applications');

const signed = ({ negated }: { readonly negated: boolean }, holds: Predicate): Predicate => (negated ? (id) => !holds(id) : holds);

/** `name:store-17` is looked up: names are unique, and in lower case as the query's patterns are. */
function namedSlots(term: QueryTerm, { table }: FieldSource): ReadonlySet<number> | undefined {
  if (term.kind !== 'field' || term.negated || term.field.name !== 'name' || term.test.kind !== 'any') return undefined;
  const names = term.test.patterns.map(({ parts: [name, ...rest] }) => (rest.length > 0 ? undefined : name));
  if (names.includes(undefined)) return undefined;
  return new Set(names.flatMap((name) => table.edges.find(name ?? '') ?? []));
}

function testReading({ test, field }: FieldTerm, reading: FieldReading | undefined): Predicate {
  if (reading === undefined) return () => false;
  switch (reading.kind) {
    case 'words': {
      const holding = wordsHolding(reading.words, textTest(test, field.match));
      return (id) => holding[reading.code(id)] === 1;
    }
    case 'texts': {
      const { shared, texts } = reading;
      const holds = textTest(test, field.match);
      if (shared === undefined) return (id) => texts(id).some(holds);
      const matching = rememberById((sharedId) => shared.texts(sharedId).some(holds));
      return (id) => matching(shared.idOf(id));
    }
    case 'versions': {
      const holds = remember(versionTest(test));
      return (id) => reading.texts(id).some(holds);
    }
    case 'interned': {
      const holding = internedHolding({ test, field }, reading);
      return (id) => holding[reading.textId(id)] === 1;
    }
    case 'number': {
      const holds = numberTest(test);
      return (id) => holds(reading.value(id));
    }
    default:
      return reading satisfies never;
  }
}

/** Codes beyond the words stand for absent values. */
const CODES = 256;
const wordsHolding = (words: readonly string[], holds: TextTest): Holding => holdingOf(CODES, (code) => holds(words[code] ?? ''));

function internedHolding(
  { test, field }: Pick<FieldTerm, 'test' | 'field'>,
  { order, table }: Extract<FieldReading, { kind: 'interned' }>,
): Holding {
  const versions = field.argument === undefined ? prefixedVersionTest : versionTest;
  const holds = order === 'version' ? versions(test) : textTest(test, field.match);
  return holdingOf(table.limit, (id) => holds(table.text(id)));
}

function remember(holds: TextTest): TextTest {
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = holds(text);
    answers.set(text, answer);
    return answer;
  };
}

function narrowByField(term: FieldTerm, source: FieldSource): Narrow {
  const reading = applicationField(source, term.field.name, term.argument);
  const column = reading === undefined ? undefined : inColumn(term, reading);
  if (column === undefined) {
    const holds = signed(term, testReading(term, reading));
    return (selection) => void selection.keepWhere(holds);
  }
  const wanted = term.negated ? column.holding.map((held) => 1 - held) : column.holding;
  return (selection) => void selection.keepCoded(column.ids, wanted);
}

/** What holds by the codes or numbers of the field's column; undefined where it has none. */
function inColumn(term: FieldTerm, reading: FieldReading): { readonly ids: Ids; readonly holding: Holding } | undefined {
  if (reading.kind !== 'words' && reading.kind !== 'interned') return undefined;
  const { ids } = reading;
  if (ids === undefined) return undefined;
  const holding =
    reading.kind === 'words' ? wordsHolding(reading.words, textTest(term.test, term.field.match)) : internedHolding(term, reading);
  return { ids, holding };
}

const containing =
  ({ pattern }: TextTerm): TextTest =>
  (text) =>
    text !== '' && matchesPattern(text, pattern, 'contains');

/** What every match has in it. */
const needleOf = ({ pattern }: TextTerm): string =>
  pattern.parts.reduce((longest, part) => (part.length > longest.length ? part : longest));

/** Free text: in the name, display name or a label's value of an edge. By slot. */
function edgesHolding(term: TextTerm, { table: { edges } }: FieldSource): Holding {
  const holds = containing(term);
  return edges.searchTexts.holding(needleOf(term), (slot) => {
    const config = edges.configs[slot];
    return config !== undefined && [config.id, config.displayName, ...Object.values(config.labels)].some(holds);
  });
}

function textOfEdge(term: TextTerm, source: FieldSource): Predicate {
  const holding = edgesHolding(term, source);
  return signed(term, (slot) => holding[slot] === 1);
}

/** Free text on lists of Applications: in the Application's name, or in what is looked at of its edge. */
function narrowByText(term: TextTerm, source: FieldSource): Narrow {
  const { applications } = source.table;
  const { table, ids } = applications.texts.name;
  const holds = containing(term);
  const inName = table.haystack().holding(needleOf(term), (id) => holds(table.text(id)));
  const inEdge = edgesHolding(term, source);
  return (selection) => void selection.keepEither({ ids, holding: inName }, { ids: applications.edge, holding: inEdge }, !term.negated);
}

const UNASKED = 0;
const HOLDS = 1;
const FAILS = 2;

/** Answers by small number. */
function rememberById(holds: Predicate): Predicate {
  let answers: Uint8Array = new Uint8Array(1_024);
  return (id) => {
    if (id >= answers.length) answers = grow(answers, (length) => new Uint8Array(length), id + 1);
    if (answers[id] === UNASKED) answers[id] = holds(id) ? HOLDS : FAILS;
    return answers[id] === HOLDS;
  };
}

/**
 * A parsed query made into two questions: about an edge, and about an Application. Words and texts are tested once per value and
 * remembered by code, so that a scan of 200,000 rows is a look at a byte or two per row.
 *
 * On a list of edges an edge matches if all its own terms hold and one of its Applications holds all Application terms, negated ones
 * included: `!health:Healthy` finds edges with an Application that is not healthy. On a list of Applications an Application matches if all
 * Application terms hold for it and all edge terms for its edge.
 */
import type { Query, QueryTerm } from '../domain/query.ts';
import { applicationField, edgeField, type FieldReading, type FieldSource } from './fields.ts';
import { matchesPattern, numberTest, prefixedVersionTest, textTest, versionTest, type TextTest } from './pattern-match.ts';
import { at, grow } from './column.ts';

type Predicate = (id: number) => boolean;
type ListKind = 'edges' | 'applications';
type FieldTerm = Extract<QueryTerm, { kind: 'field' }>;

export interface QueryPlan {
  /** All terms about the edge itself hold. */
  readonly edge: Predicate;
  /** All terms about an Application hold for the one in this row. Undefined: the query has none. */
  readonly application: Predicate | undefined;
}

/** For one scan: answers are remembered and grow old with the next change. */
export function planQuery(query: Query, list: ListKind, source: FieldSource): QueryPlan {
  const edge: Predicate[] = [];
  const application: Predicate[] = [];
  for (const term of query.terms) {
    if (term.kind === 'text') (list === 'edges' ? edge : application).push(textPredicate(term, list, source));
    else if (isAboutApplication(term, list))
      application.push(fieldPredicate(term, applicationField(source, term.field.name, term.argument)));
    else edge.push(fieldPredicate(term, edgeField(source, term.field.name, term.argument)));
  }
  return { edge: allOf(edge), application: application.length === 0 ? undefined : allOf(application) };
}

const isAboutApplication = ({ field }: FieldTerm, list: ListKind): boolean =>
  field.scope === 'application' || (field.scope === 'row' && list === 'applications');

/** Nested rather than listed: a scan asks this for every row. */
const allOf = (predicates: readonly Predicate[]): Predicate =>
  predicates.reduceRight<Predicate>((rest, first) => (rest === EVERY ? first : (id) => first(id) && rest(id)), EVERY);

const EVERY: Predicate = () => true;

function fieldPredicate(term: FieldTerm, reading: FieldReading | undefined): Predicate {
  const holds = reading === undefined ? () => false : testReading(term, reading);
  return term.negated ? (id) => !holds(id) : holds;
}

function testReading({ test, field }: FieldTerm, reading: FieldReading): Predicate {
  switch (reading.kind) {
    case 'words': {
      const matching = reading.words.map(textTest(test, field.match));
      const isAbsent = textTest(test, field.match)('');
      return (id) => matching[reading.code(id)] ?? isAbsent;
    }
    case 'texts':
      return anyText(reading, remember(textTest(test, field.match)));
    case 'versions':
      return anyText(reading, remember(field.argument === undefined ? prefixedVersionTest(test) : versionTest(test)));
    case 'interned': {
      const holds = reading.order === 'version' ? versionTest(test) : textTest(test, field.match);
      const matching = rememberById((id) => holds(reading.text(id)));
      return (row) => matching(reading.textId(row));
    }
    case 'number': {
      const holds = numberTest(test);
      return (id) => holds(reading.value(id));
    }
    default:
      return reading satisfies never;
  }
}

const anyText =
  (reading: Extract<FieldReading, { kind: 'texts' | 'versions' }>, holds: TextTest): Predicate =>
  (id) =>
    reading.texts(id).some(holds);

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

/** Free text: in the name, display name or a label's value of an edge; on lists of Applications also in the Application's name. */
function textPredicate(term: Extract<QueryTerm, { kind: 'text' }>, list: ListKind, { table }: FieldSource): Predicate {
  const { edges, applications } = table;
  const holds: TextTest = (text) => text !== '' && matchesPattern(text, term.pattern, 'contains');
  const inEdge = rememberById((slot) => {
    if (!term.pattern.parts.every((part) => edges.searchText(slot).includes(part))) return false;
    const config = edges.configs[slot];
    return config !== undefined && [config.id, config.displayName, ...Object.values(config.labels)].some(holds);
  });
  const inName = rememberById((id) => holds(applications.texts.name.table.text(id)));
  const inApplication: Predicate = (row) => inName(applications.id('name', row)) || inEdge(at(applications.edge, row));
  const found = list === 'edges' ? inEdge : inApplication;
  return term.negated ? (id) => !found(id) : found;
}

const UNASKED = 0;
const HOLDS = 1;
const FAILS = 2;

/** Answers by small number. */
export function rememberById(holds: Predicate): Predicate {
  let answers: Uint8Array = new Uint8Array(1_024);
  return (id) => {
    if (id >= answers.length) answers = grow(answers, (length) => new Uint8Array(length), id + 1);
    if (at(answers, id) === UNASKED) answers[id] = holds(id) ? HOLDS : FAILS;
    return at(answers, id) === HOLDS;
  };
}

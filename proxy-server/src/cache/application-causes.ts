import { commonMessage } from '../domain/application-message.ts';
import { EDGE_STATES } from '../domain/edge-state.ts';
import type { Cause } from '../domain/fleet-view.ts';
import { EDGE_LOOKS, type EdgeLook } from '../domain/look.ts';
import { quoteQueryValue } from '../domain/query.ts';
import { at } from './column.ts';
import { messageOf, type FieldSource } from './fields.ts';
import { quotePattern } from './groups.ts';

/** Looks that need somebody, worst first, with what is to be done. */
const NEEDS: Readonly<Partial<Record<EdgeLook, string>>> = {
  Degraded: 'Read the message, then the events and logs of the failing resources',
  Failing: 'Read why the sync fails; it goes on failing until the cause in Git or on the edge is mended',
  Missing: 'Sync the Application, or find out what deleted its resources',
  Unjudged: 'The health is no evidence: mend the comparison (repository, manifests, controller) first',
};
/** How an Application of that look is asked for, where its judged health does not say it. */
const TERM_OF: Readonly<Partial<Record<EdgeLook, string>>> = { Unjudged: 'health:""', Failing: 'operation:Retrying,Failed' };
const FIRST_LOOK = EDGE_STATES.indexOf(EDGE_LOOKS[0]);
const MAX_GROUPS = 20;
/** Different messages that are told apart; beyond it the fleet has one trouble for each Application, and a line each helps nobody. */
const MAX_MESSAGES = 5_000;

interface Trouble {
  readonly look: EdgeLook;
  readonly message: string;
  readonly name: string;
  readonly edges: Set<number>;
  applications: number;
}

/** Applications of heard, active edges that look bad, those with the same message together. */
export function applicationCauses(source: FieldSource): readonly Cause[] {
  const { table, view } = source;
  const { applications } = table;
  const troubles = new Map<string, Trouble>();
  for (let row = 0; row < applications.limit; row += 1) {
    const look = EDGE_LOOKS[at(applications.look, row)] ?? 'Empty';
    if (NEEDS[look] === undefined || !view.isListed(row) || !isHeard(source, row)) continue;
    gather(troubles, source, row, look);
  }
  return [...troubles.values()]
    .sort((left, right) => right.edges.size - left.edges.size || EDGE_LOOKS.indexOf(left.look) - EDGE_LOOKS.indexOf(right.look))
    .slice(0, MAX_GROUPS)
    .map((trouble) => toCause(trouble, source));
}

function isHeard({ table, view }: FieldSource, row: number): boolean {
  const edgeRow = view.rowOf(at(table.applications.edge, row));
  return edgeRow !== undefined && view.code('state', edgeRow) >= FIRST_LOOK;
}

function gather(troubles: Map<string, Trouble>, { table }: FieldSource, row: number, look: EdgeLook): void {
  const { applications } = table;
  const message = commonMessage(messageOf(table, row));
  const name = applications.text('name', row);
  const key = message === '' ? `${look} ${name}` : `${look}\n${message}`;
  const trouble = troubles.get(key);
  const slot = at(applications.edge, row);
  if (trouble !== undefined) {
    trouble.edges.add(slot);
    trouble.applications += 1;
  } else if (troubles.size < MAX_MESSAGES) {
    troubles.set(key, { look, message, name, edges: new Set([slot]), applications: 1 });
  }
}

/** Beyond this a message is cut in sentences; the query keeps all of it. */
const SHOWN_CHARS = 120;
const shown = (message: string): string => {
  const words = message.replaceAll('*', '…');
  return words.length > SHOWN_CHARS ? `${words.slice(0, SHOWN_CHARS)}…` : words;
};

function toCause(trouble: Trouble, { table }: FieldSource): Cause {
  const { look, message, name, edges, applications } = trouble;
  const [first = -1] = edges;
  const who = edges.size === 1 ? (table.edges.names[first] ?? '') : `${edges.size} edges`;
  return {
    ...(message === '' ? wordsByName(trouble, who) : wordsByMessage(trouble, who)),
    id: `${look}/${message === '' ? name : message}`,
    remedy: NEEDS[look] ?? '',
    whoActs: look === 'Unjudged' ? 'platform team' : 'site',
    edges: edges.size,
    applications,
    banner: false,
  };
}

type CauseWords = Pick<Cause, 'kind' | 'title' | 'sentence' | 'query'>;

/** What selects the trouble on edges that are active and heard. */
const queryOf = (look: EdgeLook, about: string): string => `${TERM_OF[look] ?? `health:${look}`} ${about} state:${EDGE_LOOKS.join(',')}`;

const wordsByMessage = ({ look, message, edges }: Trouble, who: string): CauseWords => ({
  kind: 'message',
  title: shown(message),
  sentence: `${who} ${edges.size === 1 ? 'fails with the message' : 'fail with the same message'}: ${shown(message)}`,
  query: queryOf(look, `message:${quotePattern(message)}`),
});

const wordsByName = ({ look, name }: Trouble, who: string): CauseWords => ({
  kind: 'look',
  title: `${name} is ${look}`,
  sentence: `${name} is ${look} on ${who}`,
  query: queryOf(look, `application:${quoteQueryValue(name)}`),
});

import { EDGE_STATES } from '../domain/edge-state.ts';
import type { Cause } from '../domain/fleet-view.ts';
import { EDGE_LOOKS, type EdgeLook } from '../domain/look.ts';
import { quoteQueryValue } from '../domain/query.ts';
import { byteAt, uintAt } from './column.ts';
import type { ApplicationColumns } from './application-columns.ts';
import type { FieldSource } from './fields.ts';
import { quotePattern } from './groups.ts';
import { applicationLookOf, Messages } from './messages.ts';
import { holdingOf, holdingOnly } from './row-selection.ts';

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
  /** One of the edges. */
  readonly slot: number;
  edges: number;
  lastSlot: number;
  applications: number;
}

/** Codes of the looks that need somebody. */
const NEEDING = holdingOf(EDGE_LOOKS.length, (code) => NEEDS[EDGE_LOOKS[code] ?? 'Empty'] !== undefined);
const LOOKS = EDGE_LOOKS.length;

/** Applications of heard, active edges that look bad, those with the same message together. */
export function applicationCauses(source: FieldSource): readonly Cause[] {
  const { table, view } = source;
  const { applications } = table;
  const heard = view.slots.filter((_slot, row) => view.code('state', row) >= FIRST_LOOK);
  const messages = new Messages(applications);
  const troubles = new Map<number, Trouble>();
  const needing = view.listed(view.slots).keepCoded(applications.look, NEEDING);
  if (heard.length < view.slots.length) needing.keepCoded(applications.edge, holdingOnly(heard, table.edges.limit));
  for (const row of needing.rows()) gather(troubles, applications, messages, row);
  return [...troubles.values()]
    .sort((left, right) => right.edges - left.edges || EDGE_LOOKS.indexOf(left.look) - EDGE_LOOKS.indexOf(right.look))
    .slice(0, MAX_GROUPS)
    .map((trouble) => toCause(trouble, source));
}

/** Rows come edge by edge. Those without a message are told apart by their names, below zero. */
function gather(troubles: Map<number, Trouble>, applications: ApplicationColumns, messages: Messages, row: number): void {
  const code = byteAt(applications.look, row);
  const common = messages.commonId(messages.idOf(row));
  const key = common > 0 ? common * LOOKS + code : -1 - (applications.id('name', row) * LOOKS + code);
  const slot = uintAt(applications.edge, row);
  let trouble = troubles.get(key);
  if (trouble === undefined) {
    if (troubles.size >= MAX_MESSAGES) return;
    const [message, name] = [messages.common(messages.idOf(row)), applications.text('name', row)];
    trouble = { look: applicationLookOf(code), message, name, slot, edges: 0, lastSlot: -1, applications: 0 };
    troubles.set(key, trouble);
  }
  trouble.applications += 1;
  if (trouble.lastSlot !== slot) trouble.edges += 1;
  trouble.lastSlot = slot;
}

/** Beyond this a message is cut in sentences; the query keeps all of it. */
const SHOWN_CHARS = 120;
const shown = (message: string): string => {
  const words = message.replaceAll('*', '…');
  return words.length > SHOWN_CHARS ? `${words.slice(0, SHOWN_CHARS)}…` : words;
};

function toCause(trouble: Trouble, { table }: FieldSource): Cause {
  const { look, message, name, slot, edges, applications } = trouble;
  const who = edges === 1 ? (table.edges.names[slot] ?? '') : `${edges} edges`;
  return {
    ...(message === '' ? wordsByName(trouble, who) : wordsByMessage(trouble, who)),
    id: `${look}/${message === '' ? name : message}`,
    remedy: NEEDS[look] ?? '',
    whoActs: look === 'Unjudged' ? 'platform team' : 'site',
    edges,
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
  sentence: `${who} ${edges === 1 ? 'fails with the message' : 'fail with the same message'}: ${shown(message)}`,
  query: queryOf(look, `message:${quotePattern(message)}`),
});

const wordsByName = ({ look, name }: Trouble, who: string): CauseWords => ({
  kind: 'look',
  title: `${name} is ${look}`,
  sentence: `${name} is ${look} on ${who}`,
  query: queryOf(look, `application:${quoteQueryValue(name)}`),
});

import { CONNECTIONS, EDGE_STATES, isNotHeard, type EdgeState } from '../../../../../proxy-server/src/domain/edge-state.ts';
import { NEVER_HEARD_CLASS } from '../../../../../proxy-server/src/domain/freshness.ts';
import { EDGE_LOOKS, type EdgeLook } from '../../../../../proxy-server/src/domain/look.ts';
import { SYNC_STATUSES, type SyncStatus } from '../../../../../proxy-server/src/domain/health.ts';
import type { FleetMembers } from '../../../../../proxy-server/src/domain/fleet-view.ts';
import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import { fleetWords } from '../../../messages/fleet.ts';
import { connectionWords, lookWords, readAgeWords, stateWords, syncWords } from '../../../messages/states.ts';

/** What is said of one edge: by the tooltip in lines, by the cell in one breath. */
export interface RowWords {
  readonly title: string;
  readonly subtitle?: string;
  readonly lines: readonly string[];
}

const isLook = (state: EdgeState): state is EdgeLook => EDGE_LOOKS.some((look) => look === state);

/** Without a look nothing was ever heard of it. */
function stateLine(state: EdgeState, look: EdgeLook | undefined): string {
  if (isLook(state)) return lookWords[state].is;
  return look === undefined ? stateWords[state] : `${stateWords[state]}, ${lookWords[look].was}`;
}

/** Nothing is said where no Applications are known. */
const syncLine = (state: EdgeState, sync: SyncStatus | undefined): readonly string[] =>
  sync === undefined ? [] : [syncWords[sync][isNotHeard(state) ? 'was' : 'is']];

/** The code of a row as its word; a code that is none is the last word, which is the one that claims least. */
const wordAt = <Word>(words: readonly [Word, ...Word[]], column: Uint8Array, row: number): Word =>
  words[column[row] ?? -1] ?? words.at(-1) ?? words[0];

/** How an edge is, in lines: its one count, its sync, its connection where the count does not say it, and how old all that is. */
export function rowWords(members: FleetMembers, columns: FleetColumns, row: number): RowWords {
  const name = members.names[row] ?? '';
  const displayName = members.displayNames[String(row)];
  const state = wordAt(EDGE_STATES, columns.state, row);
  const connection = connectionWords[wordAt(CONNECTIONS, columns.connection, row)];
  const wasHeard = state !== 'NeverReached' && columns.readAge[row] !== NEVER_HEARD_CLASS;
  const first = stateLine(state, wasHeard ? wordAt(EDGE_LOOKS, columns.look, row) : undefined);
  const age = wordAt(readAgeWords, columns.readAge, row).toLowerCase();
  const second = wasHeard ? syncLine(state, SYNC_STATUSES[columns.sync[row] ?? -1]) : [];
  const third = isLook(state) || first.startsWith(connection) ? [] : [connection];
  const titles = displayName === undefined ? { title: name } : { title: displayName, subtitle: name };
  return { ...titles, lines: [first, ...second, ...third, `${fleetWords.map.heard}: ${age}`] };
}

/** "store-0417, Degraded, out of sync, last heard within a minute". */
export const rowSentence = ({ title, subtitle, lines }: RowWords): string =>
  [subtitle === undefined ? title : `${title} (${subtitle})`, ...lines].join(', ');

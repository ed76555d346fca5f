import { CONNECTIONS, EDGE_STATES } from '../../../../../proxy-server/src/domain/edge-state.ts';
import { EDGE_LOOKS } from '../../../../../proxy-server/src/domain/look.ts';
import { SYNC_STATUSES } from '../../../../../proxy-server/src/domain/health.ts';
import type { FleetMembers } from '../../../../../proxy-server/src/domain/fleet-view.ts';
import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import { fleetWords } from '../../../messages/fleet.ts';
import { connectionWords, lookWords, readAgeWords, stateWords, syncWords } from '../../../messages/states.ts';
import { isNotHeardCode } from './cell-kinds.ts';

/** What is said of one edge: by the tooltip in lines, by the cell in one breath. */
export interface RowWords {
  readonly title: string;
  readonly subtitle?: string;
  readonly lines: readonly string[];
}

const isLook = (state: string): state is keyof typeof lookWords => state in lookWords;

/** `value` is that of the colour on show, where it is none of the status columns. */
export function rowWords(members: FleetMembers, columns: FleetColumns, row: number, value?: string): RowWords {
  const name = members.names[row] ?? '';
  const displayName = members.displayNames[String(row)];
  const stateCode = columns.state[row] ?? 0;
  const state = EDGE_STATES[stateCode] ?? 'Empty';
  const look = EDGE_LOOKS[columns.look[row] ?? 0] ?? 'Empty';
  const sync = SYNC_STATUSES[columns.sync[row] ?? 0] ?? 'Unknown';
  const connection = CONNECTIONS[columns.connection[row] ?? 0] ?? 'NeverReached';
  const gone = isNotHeardCode(stateCode);
  const form = gone ? 'was' : 'is';
  const first = isLook(state)
    ? lookWords[state].is
    : state === 'NeverReached'
      ? stateWords[state]
      : `${stateWords[state]}, ${lookWords[look].was}`;
  return {
    title: displayName ?? name,
    ...(displayName === undefined ? {} : { subtitle: name }),
    lines: [
      first,
      ...(state === 'NeverReached' ? [] : [`${syncWords[sync][form]}`]),
      ...(value === undefined ? [] : [value]),
      ...(gone &&
      connectionWords[connection] !== stateWords.NeverReached &&
      !isLook(state) &&
      stateWords[state] !== connectionWords[connection]
        ? [connectionWords[connection]]
        : []),
      `${fleetWords.map.heard}: ${(readAgeWords[columns.readAge[row] ?? 0] ?? '').toLowerCase()}`,
    ],
  };
}

/** "store-0417, Degraded, out of sync, last heard within a minute". */
export const rowSentence = ({ title, subtitle, lines }: RowWords): string =>
  [subtitle === undefined ? title : `${title} (${subtitle})`, ...lines].join(', ');

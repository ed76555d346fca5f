import { commonMessage, conditionMessage, messageSources, operationExplains, type MessageSource } from '../domain/application-message.ts';
import type { ApplicationCondition } from '../domain/application.ts';
import { SYNC_STATUSES } from '../domain/health.ts';
import { EDGE_LOOKS, type ApplicationLook } from '../domain/look.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import type { ApplicationColumns } from './application-columns.ts';
import { toList } from './application-record.ts';
import { byteAt } from './column.ts';

/** What the code of a look stands for; an Application is never Empty. */
export function applicationLookOf(code: number): ApplicationLook {
  const look = EDGE_LOOKS[code] ?? 'Unjudged';
  return look === 'Empty' ? 'Unjudged' : look;
}

const COLUMNS = { condition: 'conditions', operation: 'operationMessage', health: 'healthMessage' } as const satisfies Record<
  MessageSource,
  string
>;

/** Number of no message. */
const NO_MESSAGE = 0;

/**
 * The sentences that explain Applications, each under one number for as long as nothing changes: what is asked of many rows is worked out
 * once for each different sentence.
 */
export class Messages {
  readonly #applications: ApplicationColumns;
  readonly #texts: string[] = [''];
  readonly #commonIds: number[] = [NO_MESSAGE];
  readonly #commons: string[] = [''];
  readonly #commonIdOf = new Map<string, number>();
  /** By the number of the text in its column. */
  readonly #known: Readonly<Record<MessageSource, Map<number, number>>> = { condition: new Map(), operation: new Map(), health: new Map() };

  constructor(applications: ApplicationColumns) {
    this.#applications = applications;
  }

  /** The number of the sentence that explains this row. */
  idOf(row: number): number {
    const { look, operation, sync } = this.#applications;
    const sources = SOURCES[byteAt(look, row)];
    if (sources === undefined) return NO_MESSAGE;
    const explains = EXPLAINS[byteAt(operation, row) * SYNC_STATUSES.length + byteAt(sync, row)] === true;
    for (const source of explains ? sources.withOperation : sources.without) {
      const id = this.#idFrom(source, row);
      if (id !== NO_MESSAGE) return id;
    }
    return NO_MESSAGE;
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  of(row: number): string {
    return this.text(this.idOf(row));
  }

  /** What the message has in common with others that differ by numbers and names only. */
  common(id: number): string {
    return this.#commons[this.commonId(id)] ?? '';
  }

  /** The same number for messages that have everything in common. */
  commonId(id: number): number {
    const known = this.#commonIds[id];
    if (known !== undefined) return known;
    const common = commonMessage(this.text(id));
    const commonId = this.#commonIdOf.get(common) ?? this.#commons.push(common) - 1;
    this.#commonIdOf.set(common, commonId);
    this.#commonIds[id] = commonId;
    return commonId;
  }

  #idFrom(source: MessageSource, row: number): number {
    const textId = this.#applications.id(COLUMNS[source], row);
    if (textId === 0) return NO_MESSAGE;
    const known = this.#known[source].get(textId);
    if (known !== undefined) return known;
    const stored = this.#applications.text(COLUMNS[source], row);
    const text = source === 'condition' ? conditionMessage(toList<ApplicationCondition>(stored)) : stored;
    const id = text === '' ? NO_MESSAGE : this.#texts.push(text) - 1;
    this.#known[source].set(textId, id);
    return id;
  }
}

/** By the code of a look; absent where no look needs an explanation. */
const SOURCES = EDGE_LOOKS.map((_look, code) => {
  const look = applicationLookOf(code);
  const withOperation = messageSources(look, true);
  return withOperation.length === 0 ? undefined : { withOperation, without: messageSources(look, false) };
});
/** By the codes of an operation and a sync status. */
const EXPLAINS = OPERATION_STATES.flatMap((operation) => SYNC_STATUSES.map((sync) => operationExplains(operation, sync)));

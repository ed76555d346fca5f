import { TEXT_COLUMNS } from '../domain/application-record.ts';
import { NUMBER_AT, NUMBERS_PER_ROW, TEXTS_PER_ROW, type KnownApplications } from '../domain/known-applications.ts';
import type { ApplicationColumns } from './application-columns.ts';
import { floatAt, grow, uintAt } from './column.ts';
import type { FleetTable } from './fleet-table.ts';

const uint32 = (length: number): Uint32Array => new Uint32Array(length);
const FIRST_TEXTS = 1_024;
const stored = (time: number): number => (Number.isNaN(time) ? 0 : Math.floor(time / 1000));

/**
 * Fills an empty table with what was last known, part by part. Each text is turned into a number of its column once; from then on rows are
 * copied number by number.
 */
export class KnownRows {
  readonly #table: FleetTable;
  readonly #texts: string[] = [];
  /** By column, and by number of a text in the reading: its number in the column and one more; 0 where it was not met there yet. */
  readonly #idOf = TEXT_COLUMNS.map(() => uint32(FIRST_TEXTS));
  readonly #row = uint32(TEXT_COLUMNS.length);

  constructor(table: FleetTable) {
    this.#table = table;
  }

  add(part: KnownApplications): void {
    for (const text of part.texts) this.#texts.push(text);
    for (const [column, ids] of this.#idOf.entries()) this.#idOf[column] = grow(ids, uint32, this.#texts.length);
    for (let row = 0; row < part.uids.length; row += 1) {
      const edge = this.#texts[uintAt(part.ids, row * TEXTS_PER_ROW)] ?? '';
      this.#table.addApplication(edge, (applications, slot) => this.#write(applications, slot, part, row));
    }
  }

  #write(applications: ApplicationColumns, slot: number, part: KnownApplications, row: number): number {
    for (let column = 0; column < TEXT_COLUMNS.length; column += 1) {
      this.#row[column] = this.#columnId(applications, column, uintAt(part.ids, row * TEXTS_PER_ROW + 1 + column));
    }
    const written = applications.addNumbered(slot, this.#row);
    const number = (at: number): number => floatAt(part.numbers, row * NUMBERS_PER_ROW + at);
    applications.writeRest(written, {
      uid: part.uids[row] ?? '',
      times: {
        healthSince: number(NUMBER_AT.healthSince),
        startedAt: number(NUMBER_AT.startedAt),
        finishedAt: number(NUMBER_AT.finishedAt),
        deletingSince: number(NUMBER_AT.deletingSince),
      },
      sync: number(NUMBER_AT.sync),
      health: number(NUMBER_AT.health),
      operation: number(NUMBER_AT.operation),
      dryRun: number(NUMBER_AT.dryRun) !== 0,
      autoSync: number(NUMBER_AT.autoSync) !== 0,
    });
    applications.writeObserved(written, stored(number(NUMBER_AT.observedAt)), stored(number(NUMBER_AT.edgeClock)));
    return written;
  }

  #columnId(applications: ApplicationColumns, column: number, text: number): number {
    const ids = this.#idOf[column];
    const known = ids === undefined ? 0 : uintAt(ids, text);
    if (known > 0) return known - 1;
    const id = applications.numberOf(column, this.#texts[text] ?? '');
    if (ids !== undefined) ids[text] = id + 1;
    return id;
  }
}

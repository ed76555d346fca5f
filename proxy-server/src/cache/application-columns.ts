/**
 * Every Application of the fleet as one row of typed arrays; what is text is a number into the interned strings of its column. No object
 * per Application: 200,000 of them are some thirty arrays, which the garbage collector does not walk. Rows of one edge are a linked list,
 * freed rows are used again. A row number is valid until its Application is dropped.
 */
import { HEALTH_STATUSES } from '../domain/health.ts';
import type { ApplicationKey } from '../domain/ids.ts';
import { ApplicationIndex, type IndexKey } from './application-index.ts';
import {
  TEXT_COLUMNS,
  TIME_COLUMNS,
  textsOf,
  type ApplicationRecord,
  type TextColumn,
  type TimeColumn,
} from '../domain/application-record.ts';
import type { OperationRecord } from './application-record.ts';
import { byteAt, uintAt, grow } from './column.ts';
import { InternedColumn } from './interned-column.ts';
import { RowSelection } from './row-selection.ts';
import { UidColumn } from './uid-column.ts';

const FIRST_ROWS = 256;
const NONE = 0xffffffff;
const uint8 = (length: number): Uint8Array => new Uint8Array(length);
const uint32 = (length: number): Uint32Array => new Uint32Array(length);
const DRY_RUN = 1;
const AUTO_SYNC = 2;
const USED = 4;
const NOT_JUDGED = HEALTH_STATUSES.length;

const byName = <K extends string, V>(names: readonly K[], make: () => V): Record<K, V> => {
  const made: Partial<Record<K, V>> = {};
  return Object.assign(made, ...names.map((name) => ({ [name]: make() })));
};

/** What is decided about an Application, beside what its edge says. Codes as in EDGE_LOOKS; unjudged 0 is judged, else 1 + UNJUDGED_REASONS. */
export interface Verdict {
  readonly look: number;
  readonly unjudged: number;
}

export class ApplicationColumns {
  readonly texts: Readonly<Record<TextColumn, InternedColumn>> = byName(TEXT_COLUMNS, () => new InternedColumn());
  readonly #textColumns: readonly InternedColumn[] = TEXT_COLUMNS.map((column) => this.texts[column]);
  readonly product = new InternedColumn();
  readonly version = new InternedColumn();
  /** Codes, by row. To be read only. */
  edge = uint32(0);
  sync = uint8(0);
  health = uint8(0);
  operation = uint8(0);
  look = uint8(0);
  unjudged = uint8(0);
  /** Health where it is judged, else the code after the last: by row, and to be read only. */
  judgedHealth = uint8(0);
  readonly #times: Record<TimeColumn | 'observedAt' | 'edgeClock', Uint32Array> = byName(
    [...TIME_COLUMNS, 'observedAt', 'edgeClock'] as const,
    () => uint32(0),
  );
  #flags = uint8(0);
  #next = uint32(0);
  #previous = uint32(0);
  readonly #uids = new UidColumn();
  readonly #firstOfEdge: number[] = [];
  readonly #free: number[] = [];
  readonly #index = new ApplicationIndex(
    (row, key) =>
      uintAt(this.edge, row) === key.edge && this.texts.name.id(row) === key.name && this.texts.namespace.id(row) === key.namespace,
    (row) => ({ edge: uintAt(this.edge, row), name: this.texts.name.id(row), namespace: this.texts.namespace.id(row) }),
  );
  /** For whoever answers a question now. */
  readonly selection = new RowSelection(this);
  #limit = 0;
  #size = 0;
  #rowsVersion = 0;

  constructor() {
    this.#reserve(FIRST_ROWS);
  }

  /** Applications there are. */
  get size(): number {
    return this.#size;
  }

  /** Row numbers are below this. */
  get limit(): number {
    return this.#limit;
  }

  /** Grows whenever a row comes or goes. */
  get rowsVersion(): number {
    return this.#rowsVersion;
  }

  isUsed(row: number): boolean {
    return (byteAt(this.#flags, row) & USED) !== 0;
  }

  /** The row of an Application, or -1. */
  find(edge: number, key: ApplicationKey): number {
    if ((this.#firstOfEdge[edge] ?? NONE) === NONE) return -1;
    const ids = this.#keyOf(edge, key);
    return ids === undefined ? -1 : this.#index.find(ids);
  }

  /** Rows of one edge, in no order; nothing may be added or dropped meanwhile. */
  *rowsOf(edge: number): Generator<number> {
    for (let row = this.#firstOfEdge[edge] ?? NONE; row !== NONE; row = uintAt(this.#next, row)) yield row;
  }

  /** Writes the rows of one edge into `into` from `count` on; the count after it. */
  copyRowsOf(edge: number, into: Uint32Array, count: number): number {
    const next = this.#next;
    let end = count;
    for (let row = this.#firstOfEdge[edge] ?? NONE; row !== NONE; row = next[row] ?? NONE) {
      into[end] = row;
      end += 1;
    }
    return end;
  }

  id(column: TextColumn, row: number): number {
    return this.texts[column].id(row);
  }

  text(column: TextColumn, row: number): string {
    return this.texts[column].text(row);
  }

  time(column: TimeColumn | 'observedAt' | 'edgeClock', row: number): number {
    return uintAt(this.#times[column], row);
  }

  uid(row: number): string {
    return this.#uids.get(row);
  }

  autoSync(row: number): boolean {
    return (byteAt(this.#flags, row) & AUTO_SYNC) !== 0;
  }

  /** Adds a row for an Application that has none; its values are to be written next. */
  add(edge: number, key: ApplicationKey): number {
    const row = this.#takeRow(edge);
    this.texts.namespace.set(row, key.namespace);
    this.texts.name.set(row, key.name);
    this.#index.add(row);
    return row;
  }

  /** The number of a text in one of TEXT_COLUMNS, for `addNumbered`. */
  numberOf(column: number, text: string): number {
    return this.#textColumns[column]?.table.numberOf(text) ?? 0;
  }

  /** The same with the numbers of all its texts, in the order of TEXT_COLUMNS; the rest is to be written next. */
  addNumbered(edge: number, textIds: Uint32Array): number {
    const row = this.#takeRow(edge);
    for (let column = 0; column < this.#textColumns.length; column += 1) this.#textColumns[column]?.setNew(row, uintAt(textIds, column));
    this.#index.add(row);
    return row;
  }

  write(row: number, record: ApplicationRecord): void {
    const texts = textsOf(record);
    for (let column = 0; column < texts.length; column += 1) this.#textColumns[column]?.set(row, texts[column] ?? '');
    this.writeRest(row, record);
  }

  /** All but the texts. */
  writeRest(row: number, record: Omit<ApplicationRecord, 'texts'>): void {
    const { times } = record;
    this.#times.healthSince[row] = times.healthSince;
    this.#times.startedAt[row] = times.startedAt;
    this.#times.finishedAt[row] = times.finishedAt;
    this.#times.deletingSince[row] = times.deletingSince;
    this.#uids.set(row, record.uid);
    this.sync[row] = record.sync;
    this.health[row] = record.health;
    this.operation[row] = record.operation;
    this.#flags[row] = flagsOf(record);
  }

  /** Seconds; 0 is absent. */
  writeObserved(row: number, observedAt: number, edgeClock: number): void {
    this.#times.observedAt[row] = observedAt;
    this.#times.edgeClock[row] = edgeClock;
  }

  writeVerdict(row: number, { look, unjudged }: Verdict): void {
    this.look[row] = look;
    this.unjudged[row] = unjudged;
    this.judgedHealth[row] = unjudged === 0 ? byteAt(this.health, row) : NOT_JUDGED;
  }

  /** Empty texts: the Application belongs to no Product. */
  writeProduct(row: number, product: string, version: string): void {
    this.product.set(row, product);
    this.version.set(row, version);
  }

  read(row: number): ApplicationRecord {
    const texts = byColumn(TEXT_COLUMNS, (column) => this.text(column, row));
    const times = byColumn(TIME_COLUMNS, (column) => this.time(column, row));
    const flags = byteAt(this.#flags, row);
    return {
      uid: this.uid(row), texts, times,
      sync: byteAt(this.sync, row), health: byteAt(this.health, row), operation: byteAt(this.operation, row),
      dryRun: (flags & DRY_RUN) !== 0, autoSync: (flags & AUTO_SYNC) !== 0,
    }; // prettier-ignore
  }

  /** A part of `read`. */
  readOperation(row: number): OperationRecord {
    return {
      texts: { operationMessage: this.text('operationMessage', row), operationRest: this.text('operationRest', row) },
      times: { startedAt: this.time('startedAt', row), finishedAt: this.time('finishedAt', row) },
      operation: byteAt(this.operation, row),
      dryRun: (byteAt(this.#flags, row) & DRY_RUN) !== 0,
    };
  }

  /** True where the row holds exactly this; what changes most is compared first. */
  holds(row: number, record: ApplicationRecord): boolean {
    return (
      byteAt(this.health, row) === record.health &&
      byteAt(this.sync, row) === record.sync &&
      byteAt(this.operation, row) === record.operation &&
      byteAt(this.#flags, row) === flagsOf(record) &&
      TIME_COLUMNS.every((column) => uintAt(this.#times[column], row) === record.times[column]) &&
      TEXT_COLUMNS.every((column) => this.texts[column].text(row) === record.texts[column]) &&
      this.uid(row) === record.uid
    );
  }

  /** Frees the row. */
  drop(row: number): void {
    this.#index.remove(row);
    this.#unlink(row);
    for (const column of TEXT_COLUMNS) this.texts[column].set(row, '');
    this.writeProduct(row, '', '');
    this.writeObserved(row, 0, 0);
    this.#uids.clear(row);
    this.#flags[row] = 0;
    this.#free.push(row);
    this.#size -= 1;
    this.#rowsVersion += 1;
  }

  #keyOf(edge: number, key: ApplicationKey): IndexKey | undefined {
    const name = this.texts.name.table.idOf(key.name);
    const namespace = this.texts.namespace.table.idOf(key.namespace);
    return name === undefined || namespace === undefined ? undefined : { edge, name, namespace };
  }

  #takeRow(edge: number): number {
    const row = this.#free.pop() ?? this.#limit;
    if (row === this.#limit) {
      this.#limit += 1;
      this.#reserve(this.#limit);
    }
    this.#flags[row] = USED;
    this.edge[row] = edge;
    this.#link(edge, row);
    this.#size += 1;
    this.#rowsVersion += 1;
    return row;
  }

  #link(edge: number, row: number): void {
    const first = this.#firstOfEdge[edge] ?? NONE;
    this.#next[row] = first;
    this.#previous[row] = NONE;
    if (first !== NONE) this.#previous[first] = row;
    this.#firstOfEdge[edge] = row;
  }

  #unlink(row: number): void {
    const [next, previous] = [uintAt(this.#next, row), uintAt(this.#previous, row)];
    if (next !== NONE) this.#previous[next] = previous;
    if (previous === NONE) this.#firstOfEdge[uintAt(this.edge, row)] = next;
    else this.#next[previous] = next;
  }

  #reserve(rows: number): void {
    if (rows <= this.edge.length) return;
    for (const column of [...Object.values(this.texts), this.product, this.version]) column.reserve(rows);
    for (const column of [...TIME_COLUMNS, 'observedAt', 'edgeClock'] as const)
      this.#times[column] = grow(this.#times[column], uint32, rows);
    this.edge = grow(this.edge, uint32, rows);
    this.#next = grow(this.#next, uint32, rows);
    this.#previous = grow(this.#previous, uint32, rows);
    this.sync = grow(this.sync, uint8, rows);
    this.health = grow(this.health, uint8, rows);
    this.operation = grow(this.operation, uint8, rows);
    this.look = grow(this.look, uint8, rows);
    this.unjudged = grow(this.unjudged, uint8, rows);
    this.#flags = grow(this.#flags, uint8, rows);
    this.judgedHealth = grow(this.judgedHealth, uint8, rows);
    this.#uids.reserve(this.edge.length);
  }
}

const flagsOf = ({ dryRun, autoSync }: Pick<ApplicationRecord, 'dryRun' | 'autoSync'>): number =>
  USED | (dryRun ? DRY_RUN : 0) | (autoSync ? AUTO_SYNC : 0);

function byColumn<K extends string, V>(columns: readonly K[], valueOf: (column: K) => V): Record<K, V> {
  const values: Partial<Record<K, V>> = {};
  return Object.assign(values, ...columns.map((column) => ({ [column]: valueOf(column) })));
}

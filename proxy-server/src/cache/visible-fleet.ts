/**
 * The fleet as one set of rights sees it: which edges, in which order, what each of them shows, and the counts of all that. It is brought up
 * to date when it is asked: only edges that changed since are looked at, so an overview costs what changed and not what there is. A row
 * remembers the revision at which what it shows last changed: that is all that deltas need, and they reach back to the last change of
 * membership without keeping anything else.
 */
import { EDGE_STATES, FIRST_LOOK_CODE, isNotHeardCode, NOT_HEARD_STATES } from '../domain/edge-state.ts';
import type { Edge } from '../domain/edge.ts';
import { encodeColumn } from '../domain/column-codec.ts';
import { emptyByState } from '../domain/fleet-counts.ts';
import { STATUS_COLUMNS, type FleetCounts, type FleetStatusColumns } from '../domain/fleet-view.ts';
import type { Visibility } from '../domain/visibility.ts';
import { byteAt, uintAt, floatAt, grow } from './column.ts';
import { EdgeFigures } from './edge-figures.ts';
import { compareNames } from './edge-order.ts';
import type { FleetTable } from './fleet-table.ts';
import { optional } from './optional.ts';
import { holdingOnly, type RowSelection } from './row-selection.ts';
import { ListedRows } from './listed-rows.ts';
import { VersionTally } from './version-tally.ts';

const uint8 = (length: number): Uint8Array => new Uint8Array(length);
/** Edges that are fewer than this part of all are looked up one by one; for more of them a pass over all rows is quicker. */
const FEW = 16;

type StatusColumn = (typeof STATUS_COLUMNS)[number];

/** What one row adds to the counts. */
interface Counted {
  readonly state: number;
  readonly applications: number;
  readonly outOfSync: boolean;
  readonly current: boolean;
  /** The combination of versions; empty where the edge does not count as behind whatever runs. */
  readonly versions: string;
}

export class VisibleFleet {
  readonly who: Visibility;
  readonly #table: FleetTable;
  readonly #own: EdgeFigures | undefined;
  /** 1: the Application in this row is seen. Only for restricted rights. */
  #seen = uint8(0);
  #seenVersion = 0;
  /** The configuration by which the Applications of a slot were last looked at. Only for restricted rights. */
  #lookedAt: (Edge | undefined)[] = [];
  readonly #listedRows = new ListedRows();
  #slots: number[] = [];
  #labelKeys: ReadonlySet<string> = new Set();
  /** 1: the edge is seen and shows more than counts. By slot. */
  #showsApplications = uint8(0);
  /** By slot: the row, or -1. */
  #rowOfSlot = new Int32Array(0);
  #columns: Record<StatusColumn, Uint8Array> = emptyColumns(0);
  #changedAt = new Float64Array(0);
  #counted: (Counted | undefined)[] = [];
  #byState = emptyByState();
  #applications = 0;
  #outOfSync = 0;
  #current = 0;
  readonly #tally = new VersionTally();
  #countsChangedAt = 0;
  #revision = -1;
  #membershipRevision = -1;

  constructor(table: FleetTable, who: Visibility) {
    this.#table = table;
    this.who = who;
    this.#own = who.all ? undefined : new EdgeFigures(table.applications);
  }

  /** What the Applications of each edge add up to, as far as they are seen. */
  get figures(): EdgeFigures {
    return this.#own ?? this.#table.figures;
  }

  /** Slots in row order: by name, numbers in it by value. */
  get slots(): readonly number[] {
    return this.#slots;
  }

  /** The revision at which rows last moved; deltas from before are worth nothing. */
  get membershipRevision(): number {
    return this.#membershipRevision;
  }

  get countsChangedAt(): number {
    return this.#countsChangedAt;
  }

  /** Keys of the labels of these edges. */
  get labelKeys(): ReadonlySet<string> {
    return this.#labelKeys;
  }

  /** The row of an edge; -1 where it is not seen. */
  rowOf(slot: number): number {
    return this.#rowOfSlot[slot] ?? -1;
  }

  /** Where an edge of that name is or would be: a half between two rows where there is none. */
  positionOf(name: string): number {
    let [low, high] = [0, this.#slots.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareNames(this.#nameOf(middle), name) < 0) low = middle + 1;
      else high = middle;
    }
    return this.#nameOf(low) === name ? low : low - 0.5;
  }

  /** True where the Application may be shown by itself: it is seen, and its edge shows more than counts. */
  isListed(row: number): boolean {
    return byteAt(this.#showsApplications, uintAt(this.#table.applications.edge, row)) === 1 && this.isSeen(row);
  }

  isSeen(row: number): boolean {
    return this.#table.applications.isUsed(row) && (this.who.all || byteAt(this.#seen, row) === 1);
  }

  /** The Applications that may be shown by themselves, of those of these edges, which are in row order. */
  listed(slots: readonly number[]): RowSelection {
    const { applications } = this.#table;
    if (slots.length * FEW < this.#slots.length) return applications.selection.gather(this.#showing(slots), this.#seenRows());
    const version = `${applications.rowsVersion} ${this.#seenVersion}`;
    const all = this.#listedRows.take(version, () => applications.selection.gather(this.#showing(this.#slots), this.#seenRows()).rows());
    const selection = applications.selection.startWith(all);
    return slots === this.#slots ? selection : selection.keepCoded(applications.edge, holdingOnly(slots, this.#table.edges.limit));
  }

  /** True where the edge in this row is one of those that `counts().behind` counts. */
  isBehind(row: number): boolean {
    return this.#tally.isBehind(this.#counted[row]?.versions ?? '');
  }

  /** True where the edge in this row is one of those that `counts().outOfSync` counts. */
  isOutOfSync(row: number): boolean {
    return this.#counted[row]?.outOfSync === true;
  }

  code(column: StatusColumn, row: number): number {
    return byteAt(this.#columns[column], row);
  }

  /** Takes in all that was published. */
  refresh(): this {
    const { revision, membershipRevision, edges } = this.#table;
    const since = this.#revision;
    if (since === revision) return this;
    const moved = this.#membershipRevision !== membershipRevision;
    if (moved) this.#reorder();
    this.#revision = revision;
    for (const slot of (moved ? undefined : this.#table.changedSince(since)) ?? this.#slots) {
      const row = this.rowOf(slot);
      if (row >= 0 && (moved || floatAt(edges.changedAt, slot) > since)) this.#updateRow(row, slot, since);
    }
    return this;
  }

  counts(): FleetCounts {
    return {
      edges: this.#slots.length,
      applications: this.#applications,
      byState: { ...this.#byState },
      outOfSync: this.#outOfSync,
      behind: this.#tally.behind(),
      notHeard: NOT_HEARD_STATES.reduce((sum, state) => sum + this.#byState[state], 0),
      currentEdges: this.#current,
      ...this.#oldest(),
    };
  }

  status(): FleetStatusColumns {
    const { state, look, sync, connection, freshness, readAge } = this.#columns;
    return {
      state: encodeColumn(state), look: encodeColumn(look), sync: encodeColumn(sync),
      connection: encodeColumn(connection), freshness: encodeColumn(freshness), readAge: encodeColumn(readAge),
    }; // prettier-ignore
  }

  /** Rows whose codes changed after `revision`, in order. */
  rowsSince(revision: number): (readonly [row: number, chars: string])[] {
    const rows = (this.#table.changedSince(revision) ?? this.#slots).map((slot) => this.rowOf(slot));
    return rows
      .filter((row) => row >= 0 && floatAt(this.#changedAt, row) > revision)
      .sort((left, right) => left - right)
      .map((row) => [row, encodeColumn(STATUS_COLUMNS.map((column) => this.code(column, row)))]);
  }

  #showing(slots: readonly number[]): readonly number[] {
    return slots.filter((slot) => byteAt(this.#showsApplications, slot) === 1);
  }

  #seenRows(): Uint8Array | undefined {
    return this.who.all ? undefined : this.#seen;
  }

  #nameOf(row: number): string {
    return this.#table.edges.names[this.#slots[row] ?? -1] ?? '';
  }

  #reorder(): void {
    const { edges, membershipRevision } = this.#table;
    this.#slots = edges.order.slots().filter((slot) => this.#seesEdge(slot));
    const slots = this.#slots;
    this.#labelKeys = new Set(slots.flatMap((slot) => Object.keys(edges.configs[slot]?.labels ?? {})));
    this.#rowOfSlot = new Int32Array(edges.limit).fill(-1);
    this.#showsApplications = uint8(edges.limit);
    for (const slot of slots) this.#showsApplications[slot] = edges.configs[slot]?.access === 'CountsOnly' ? 0 : 1;
    for (const [row, slot] of slots.entries()) this.#rowOfSlot[slot] = row;
    this.#columns = emptyColumns(slots.length);
    this.#changedAt = new Float64Array(slots.length);
    this.#counted = [];
    this.#byState = emptyByState();
    this.#applications = 0;
    this.#outOfSync = 0;
    this.#current = 0;
    this.#tally.clear();
    this.#membershipRevision = membershipRevision;
    this.#listedRows.forget();
  }

  #seesEdge(slot: number): boolean {
    const config = this.#table.edges.configs[slot];
    return config !== undefined && (this.who.all || this.who.edge(config.id, config.labels));
  }

  #updateRow(row: number, slot: number, since: number): void {
    this.#look(slot, since);
    const look = this.figures.worstLook(slot);
    const state = this.#table.edges.stateCode(slot, look);
    const { edges } = this.#table;
    const columns = this.#columns;
    const changes =
      Number(floatAt(this.#changedAt, row) === 0) +
      put(columns.state, row, state) +
      put(columns.look, row, look) +
      put(columns.sync, row, this.figures.worstSync(slot)) +
      put(columns.connection, row, byteAt(edges.connection, slot)) +
      put(columns.freshness, row, byteAt(edges.freshness, slot)) +
      put(columns.readAge, row, byteAt(edges.readAge, slot));
    if (changes > 0) this.#changedAt[row] = this.#revision;
    this.#count(row, slot, state);
  }

  /** Looks at the Applications of the edge with the eyes of restricted rights, where anything of it changed. */
  #look(slot: number, since: number): void {
    const own = this.#own;
    const { edges } = this.#table;
    const config = edges.configs[slot];
    const isKnown = this.#lookedAt[slot] === config;
    if (own === undefined || (isKnown && floatAt(edges.changedAt, slot) <= since)) return;
    this.#lookedAt[slot] = config;
    own.reserve(edges.limit);
    const rowsChanged = !isKnown || floatAt(edges.rowsChangedAt, slot) > since;
    if (rowsChanged) this.#see(slot);
    const rows = this.#seenRowsOf(slot);
    own.recount(slot, rows);
    if (rowsChanged || floatAt(edges.versionsChangedAt, slot) > since)
      own.recountVersions(slot, config?.access === 'CountsOnly' ? [] : rows);
  }

  #seenRowsOf(slot: number): readonly number[] {
    const rows: number[] = [];
    for (const row of this.#table.applications.rowsOf(slot)) if (byteAt(this.#seen, row) === 1) rows.push(row);
    return rows;
  }

  #see(slot: number): void {
    const { applications } = this.#table;
    this.#seen = grow(this.#seen, uint8, applications.limit);
    for (const row of applications.rowsOf(slot)) this.#seen[row] = this.#maySee(slot, row) ? 1 : 0;
    this.#seenVersion += 1;
  }

  #maySee(slot: number, row: number): boolean {
    const { applications, edges } = this.#table;
    const config = edges.configs[slot];
    const [project, namespace, name] = [
      applications.text('project', row),
      applications.text('namespace', row),
      applications.text('name', row),
    ];
    return config !== undefined && this.who.application(config.id, config.labels, project, namespace, name);
  }

  #count(row: number, slot: number, state: number): void {
    const before = this.#counted[row];
    const heard = state >= FIRST_LOOK_CODE;
    const after: Counted = {
      state,
      applications: this.figures.applications(slot),
      outOfSync: heard && this.figures.outOfSync(slot) > 0,
      current: byteAt(this.#table.edges.readAge, slot) === 0,
      versions: heard ? this.figures.versions(slot) : '',
    };
    if (before !== undefined && sameCounted(before, after)) return;
    if (before !== undefined) this.#add(before, -1);
    this.#add(after, 1);
    this.#counted[row] = after;
    this.#countsChangedAt = this.#revision;
  }

  #add(counted: Counted, by: 1 | -1): void {
    const state = EDGE_STATES[counted.state] ?? 'Empty';
    this.#byState[state] += by;
    this.#applications += by * counted.applications;
    if (counted.outOfSync) this.#outOfSync += by;
    if (counted.current) this.#current += by;
    this.#tally.add(counted.versions, by);
  }

  #oldest(): Pick<FleetCounts, 'oldest' | 'oldestNotHeard'> {
    const { edges } = this.#table;
    let [oldest, notHeard]: readonly [number?, number?] = [];
    let row = -1;
    for (const slot of this.#slots) {
      row += 1;
      const readAt = edges.readAt(slot);
      if (readAt === undefined || edges.configs[slot]?.lifecycle !== 'Active') continue;
      if (readAt < this.#readAt(oldest)) oldest = slot;
      if (isNotHeardCode(this.code('state', row)) && readAt < this.#readAt(notHeard)) notHeard = slot;
    }
    return { ...optional('oldest', this.#reading(oldest)), ...optional('oldestNotHeard', this.#reading(notHeard)) };
  }

  #readAt(slot: number | undefined): number {
    return (slot === undefined ? undefined : this.#table.edges.readAt(slot)) ?? Infinity;
  }

  #reading(slot: number | undefined): FleetCounts['oldest'] {
    return slot === undefined ? undefined : { edge: this.#table.edges.names[slot] ?? '', readAt: this.#readAt(slot) };
  }
}

/** Writes a code; 1 where it was another one. */
function put(column: Uint8Array, row: number, code: number): 0 | 1 {
  if (column[row] === code) return 0;
  column[row] = code;
  return 1;
}

const emptyColumns = (rows: number): Record<StatusColumn, Uint8Array> => ({
  state: uint8(rows), look: uint8(rows), sync: uint8(rows), connection: uint8(rows), freshness: uint8(rows), readAge: uint8(rows),
}); // prettier-ignore

const sameCounted = (left: Counted, right: Counted): boolean =>
  left.state === right.state &&
  left.applications === right.applications &&
  left.outOfSync === right.outOfSync &&
  left.current === right.current &&
  left.versions === right.versions;

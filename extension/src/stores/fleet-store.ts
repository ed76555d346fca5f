import type {
  Cause,
  DictionaryColumn,
  Facet,
  FleetCounts,
  FleetDelta,
  FleetMembers,
  FleetOverview,
} from '../../../proxy-server/src/domain/fleet-view.ts';
import { applyRows, toColumns, toValueColumn, type FleetColumns, type ValueColumn } from './fleet-columns.ts';

/** Everything that is known of the fleet now. The columns change in place; `version` of the store says when. */
export interface FleetPicture {
  readonly members?: FleetMembers;
  readonly columns?: FleetColumns;
  readonly counts?: FleetCounts;
  readonly deltas24h?: Readonly<Record<string, number>>;
  readonly causes: readonly Cause[];
  readonly facets: readonly Facet[];
  readonly revision: number;
  /** The hub's clock at the last word from it, and ours at that moment. */
  readonly serverNow: number;
  readonly heardAt: number;
}

/** What the painter must redraw: everything, or these rows. */
export interface ChangedRows {
  readonly all: boolean;
  readonly rows: readonly number[];
}

export interface FleetStoreDeps {
  readonly now: () => number;
  readonly onNextFrame: (run: () => void) => void;
}

/** Deltas that arrive while names and columns do not fit are kept until they do. */
const MAX_WAITING_DELTAS = 2_000;

/**
 * The fleet in the browser. Deltas are applied at once; listeners are told once per animation frame. React gets a version number and
 * reads what it needs from `picture`; no array of rows ever goes through React.
 */
export class FleetStore {
  private state: FleetPicture = { causes: [], facets: [], revision: 0, serverNow: 0, heardAt: 0 };
  private statusMembership: string | undefined;
  private version = 0;
  private scheduled = false;
  private changedAll = false;
  private changedRows = new Set<number>();
  private waiting: FleetDelta[] = [];
  private rowByName: ReadonlyMap<string, number> | undefined;
  private readonly columnsByKey = new Map<string, ValueColumn>();
  private readonly listeners = new Set<() => void>();
  private readonly painters = new Set<(changed: ChangedRows) => void>();
  private readonly deps: FleetStoreDeps;

  constructor(deps: FleetStoreDeps) {
    this.deps = deps;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getVersion = (): number => this.version;

  picture(): FleetPicture {
    return this.state;
  }

  onFrame(painter: (changed: ChangedRows) => void): () => void {
    this.painters.add(painter);
    return () => this.painters.delete(painter);
  }

  /** True while names and status columns belong to the same membership. */
  isWhole(): boolean {
    return this.state.columns !== undefined && this.state.members?.membership === this.statusMembership;
  }

  takeOverview(overview: FleetOverview): void {
    const { status, membership, now, ...rest } = overview;
    const members = this.state.members === undefined ? {} : { members: this.state.members };
    this.state = { ...rest, ...members, columns: toColumns(status), serverNow: now, heardAt: this.deps.now() };
    this.statusMembership = membership;
    this.touchAll();
  }

  /** A word from the service without news: the picture holds, at its clock; where it tells no time, its clock has gone on as ours has. */
  hear(serverNow: number | undefined): void {
    const now = this.deps.now();
    const { heardAt } = this.state;
    if (heardAt === 0) return;
    this.state = { ...this.state, serverNow: serverNow ?? this.state.serverNow + (now - heardAt), heardAt: now };
    this.touch();
  }

  takeMembers(members: FleetMembers): void {
    if (this.state.members?.membership === members.membership) return;
    this.state = { ...this.state, members };
    this.rowByName = undefined;
    this.columnsByKey.clear();
    this.touchAll();
  }

  /** A delta that is not newer than what is shown changes nothing; one that comes too early waits. */
  takeDelta(delta: FleetDelta): void {
    if (this.isWhole()) this.apply(delta);
    else if (this.waiting.length < MAX_WAITING_DELTAS) this.waiting.push(delta);
    this.touch();
  }

  /** Row by name; undefined for an edge that is not there, or not visible to the user. */
  rowOf(name: string): number | undefined {
    this.rowByName ??= new Map((this.state.members?.names ?? []).map((known, row) => [known, row]));
    return this.rowByName.get(name);
  }

  label(key: string): ValueColumn | undefined {
    return this.unpacked(`label:${key}`, this.state.members?.labels[key]);
  }

  connector(): ValueColumn | undefined {
    return this.unpacked('connector', this.state.members?.connector);
  }

  private unpacked(key: string, column: DictionaryColumn | undefined): ValueColumn | undefined {
    if (column === undefined) return undefined;
    const kept = this.columnsByKey.get(key) ?? toValueColumn(column);
    this.columnsByKey.set(key, kept);
    return kept;
  }

  private apply(delta: FleetDelta): void {
    if (delta.revision <= this.state.revision) return;
    if (this.state.columns !== undefined) applyRows(this.state.columns, delta.rows, (row) => this.changedRows.add(row));
    this.state = {
      ...this.state,
      revision: delta.revision,
      serverNow: delta.now,
      heardAt: this.deps.now(),
      ...(delta.counts === undefined ? {} : { counts: delta.counts }),
      ...(delta.causes === undefined ? {} : { causes: delta.causes }),
    };
  }

  private touchAll(): void {
    if (this.isWhole()) {
      this.waiting.forEach((delta) => this.apply(delta));
      this.waiting = [];
    }
    this.changedAll = true;
    this.touch();
  }

  private touch(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.deps.onNextFrame(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    this.version += 1;
    const changed: ChangedRows = { all: this.changedAll, rows: this.changedAll ? [] : [...this.changedRows] };
    this.changedAll = false;
    this.changedRows = new Set();
    this.painters.forEach((paint) => paint(changed));
    this.listeners.forEach((listener) => listener());
  }
}

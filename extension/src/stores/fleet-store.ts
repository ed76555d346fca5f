import type { Cause, Facet, FleetCounts, FleetDelta, FleetMembers, FleetOverview } from '../../../proxy-server/src/domain/fleet-view.ts';
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

/**
 * The fleet in the browser. Deltas are applied at once; listeners are told once per animation frame. React gets a version number and
 * reads what it needs from `picture`; no array of rows ever goes through React.
 */
export interface FleetStore {
  subscribe(listener: () => void): () => void;
  getVersion(): number;
  picture(): FleetPicture;
  onFrame(listener: (changed: ChangedRows) => void): () => void;
  takeOverview(overview: FleetOverview): void;
  takeMembers(members: FleetMembers): void;
  takeDelta(delta: FleetDelta): void;
  /** True while names and status columns belong to the same membership. */
  isWhole(): boolean;
  /** Row by name; undefined for an edge that is not there, or not visible to the user. */
  rowOf(name: string): number | undefined;
  label(key: string): ValueColumn | undefined;
  connector(): ValueColumn | undefined;
}

export interface FleetStoreDeps {
  readonly now: () => number;
  readonly onNextFrame: (run: () => void) => void;
}

/** Deltas that arrive while names and columns do not fit are kept until they do. */
const MAX_WAITING_DELTAS = 2_000;

export function createFleetStore(deps: FleetStoreDeps): FleetStore {
  let picture: FleetPicture = { causes: [], facets: [], revision: 0, serverNow: 0, heardAt: 0 };
  let statusMembership: string | undefined;
  let version = 0;
  let scheduled = false;
  let changedAll = false;
  let changedRows = new Set<number>();
  let waiting: FleetDelta[] = [];
  let rowByName: ReadonlyMap<string, number> | undefined;
  const columnsByKey = new Map<string, ValueColumn>();
  const listeners = new Set<() => void>();
  const painters = new Set<(changed: ChangedRows) => void>();

  const flush = (): void => {
    scheduled = false;
    version += 1;
    const changed: ChangedRows = { all: changedAll, rows: changedAll ? [] : [...changedRows] };
    changedAll = false;
    changedRows = new Set();
    painters.forEach((paint) => paint(changed));
    listeners.forEach((listener) => listener());
  };
  const touch = (): void => {
    if (scheduled) return;
    scheduled = true;
    deps.onNextFrame(flush);
  };
  const touchAll = (): void => {
    changedAll = true;
    touch();
  };
  const isWhole = (): boolean => picture.columns !== undefined && picture.members?.membership === statusMembership;
  const apply = (delta: FleetDelta): void => {
    if (delta.revision <= picture.revision) return;
    if (picture.columns !== undefined) applyRows(picture.columns, delta.rows, (row) => changedRows.add(row));
    picture = {
      ...picture,
      revision: delta.revision,
      serverNow: delta.now,
      heardAt: deps.now(),
      ...(delta.counts === undefined ? {} : { counts: delta.counts }),
      ...(delta.causes === undefined ? {} : { causes: delta.causes }),
    };
  };
  const applyWaiting = (): void => {
    if (!isWhole()) return;
    waiting.forEach(apply);
    waiting = [];
  };
  const valueColumn = (key: string, column: FleetMembers['connector'] | undefined): ValueColumn | undefined => {
    if (column === undefined) return undefined;
    const kept = columnsByKey.get(key) ?? toValueColumn(column);
    columnsByKey.set(key, kept);
    return kept;
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getVersion: () => version,
    picture: () => picture,
    onFrame(listener) {
      painters.add(listener);
      return () => painters.delete(listener);
    },
    takeOverview(overview) {
      const { status, membership, now, ...rest } = overview;
      const members = picture.members === undefined ? {} : { members: picture.members };
      picture = { ...rest, ...members, columns: toColumns(status), serverNow: now, heardAt: deps.now() };
      statusMembership = membership;
      applyWaiting();
      touchAll();
    },
    takeMembers(members) {
      if (picture.members?.membership === members.membership) return;
      picture = { ...picture, members };
      rowByName = undefined;
      columnsByKey.clear();
      applyWaiting();
      touchAll();
    },
    takeDelta(delta) {
      if (isWhole()) apply(delta);
      else if (waiting.length < MAX_WAITING_DELTAS) waiting.push(delta);
      touch();
    },
    isWhole,
    rowOf(name) {
      rowByName ??= new Map((picture.members?.names ?? []).map((known, row) => [known, row]));
      return rowByName.get(name);
    },
    label: (key) => valueColumn(`label:${key}`, picture.members?.labels[key]),
    connector: () => valueColumn('connector', picture.members?.connector),
  };
}

import { EDGE_LOOKS, type EdgeLook } from '../domain/look.ts';
import { SYNC_STATUSES, SYNC_WORST_FIRST } from '../domain/health.ts';
import type { ApplicationColumns } from './application-columns.ts';
import { byteAt, uintAt, grow } from './column.ts';
import { StringTable } from './string-table.ts';

const LOOKS = EDGE_LOOKS.length - 1;
const SYNCS = SYNC_STATUSES.length;
const OUT_OF_SYNC = SYNC_STATUSES.indexOf('OutOfSync');
const WORST_FIRST = SYNC_WORST_FIRST.map((sync) => SYNC_STATUSES.indexOf(sync));
const uint32 = (length: number): Uint32Array => new Uint32Array(length);

/** Versions by Product, each list sorted; the same text for every edge that runs the same. */
export type EdgeVersions = readonly (readonly [product: string, versions: readonly string[]])[];

/**
 * What the Applications of each edge add up to: how many look how, how many are in which sync status, and which versions run. One for the
 * whole fleet, kept by adding and removing; one for each restricted view, counted anew where an edge changed.
 */
export class EdgeFigures {
  readonly #applications: ApplicationColumns;
  readonly #combinations = new StringTable();
  #looks = uint32(0);
  #syncs = uint32(0);
  #versions = uint32(0);

  constructor(applications: ApplicationColumns) {
    this.#applications = applications;
  }

  reserve(edges: number): void {
    this.#looks = grow(this.#looks, uint32, edges * LOOKS);
    this.#syncs = grow(this.#syncs, uint32, edges * SYNCS);
    this.#versions = grow(this.#versions, uint32, edges);
  }

  add(edge: number, row: number, by: 1 | -1): void {
    const look = edge * LOOKS + byteAt(this.#applications.look, row);
    const sync = edge * SYNCS + byteAt(this.#applications.sync, row);
    this.#looks[look] = uintAt(this.#looks, look) + by;
    this.#syncs[sync] = uintAt(this.#syncs, sync) + by;
  }

  clear(edge: number): void {
    this.#clearCounts(edge);
    this.#setVersions(edge, '');
  }

  /** Counts looks and sync statuses of these rows of the edge anew; versions stand. */
  recount(edge: number, rows: Iterable<number>): void {
    this.#clearCounts(edge);
    for (const row of rows) this.add(edge, row, 1);
  }

  /** Counts the versions of these rows of the edge anew. */
  recountVersions(edge: number, rows: Iterable<number>): void {
    const { product, version } = this.#applications;
    const byProduct = new Map<string, Set<string>>();
    for (const row of rows) {
      const name = product.text(row);
      if (name === '') continue;
      const seen = byProduct.get(name) ?? new Set();
      byProduct.set(name, seen.add(version.text(row)));
    }
    const sorted = [...byProduct].sort(byFirst).map(([name, seen]) => [name, [...seen].sort()]);
    this.#setVersions(edge, sorted.length === 0 ? '' : JSON.stringify(sorted));
  }

  /** The combination of versions that runs on the edge, for {@link toEdgeVersions}; empty for none. */
  versions(edge: number): string {
    return this.#combinations.text(uintAt(this.#versions, edge));
  }

  /** A number for that combination, until the next change. */
  versionsId(edge: number): number {
    return uintAt(this.#versions, edge);
  }

  applications(edge: number): number {
    let total = 0;
    for (let look = 0; look < LOOKS; look += 1) total += this.lookCount(edge, look);
    return total;
  }

  lookCount(edge: number, look: number): number {
    return uintAt(this.#looks, edge * LOOKS + look);
  }

  outOfSync(edge: number): number {
    return uintAt(this.#syncs, edge * SYNCS + OUT_OF_SYNC);
  }

  /** Code of the worst look; that of `Empty` without Applications. */
  worstLook(edge: number): number {
    for (let look = 0; look < LOOKS; look += 1) if (this.lookCount(edge, look) > 0) return look;
    return LOOKS;
  }

  /** Code of the worst sync status; beyond all codes without Applications: what has none is not Synced. */
  worstSync(edge: number): number {
    const counts = edge * SYNCS;
    for (const sync of WORST_FIRST) if (uintAt(this.#syncs, counts + sync) > 0) return sync;
    return SYNCS;
  }

  byLook(edge: number): Partial<Record<Exclude<EdgeLook, 'Empty'>, number>> {
    const counts: Partial<Record<EdgeLook, number>> = {};
    for (const [code, look] of EDGE_LOOKS.entries())
      if (code < LOOKS && this.lookCount(edge, code) > 0) counts[look] = this.lookCount(edge, code);
    return counts;
  }

  #clearCounts(edge: number): void {
    this.#looks.fill(0, edge * LOOKS, (edge + 1) * LOOKS);
    this.#syncs.fill(0, edge * SYNCS, (edge + 1) * SYNCS);
  }

  #setVersions(edge: number, text: string): void {
    const before = uintAt(this.#versions, edge);
    if (this.#combinations.text(before) === text) return;
    this.#versions[edge] = this.#combinations.use(text);
    this.#combinations.release(before);
  }
}

const byFirst = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1);

/** The versions that a combination stands for. */
export function toEdgeVersions(text: string): EdgeVersions {
  if (text === '') return [];
  const versions: EdgeVersions = JSON.parse(text);
  return versions;
}

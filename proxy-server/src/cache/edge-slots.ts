import { emptyConnectivity, type Connectivity } from '../domain/connectivity.ts';
import type { Edge } from '../domain/edge.ts';
import { CONNECTIONS, edgeState, EDGE_STATES } from '../domain/edge-state.ts';
import { failureReason } from '../domain/failure-table.ts';
import { FRESHNESSES, freshnessAt, READ_AGE_CLASSES_MS, readAgeClass } from '../domain/freshness.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import type { ConnectionReport, EdgeFacts } from '../ports/fleet-sink.ts';
import { at, grow } from './column.ts';

const NEVER_REACHED = CONNECTIONS.indexOf('NeverReached');
/** Codes of an edge that was never heard. */
export const NEVER_HEARD = FRESHNESSES.length;
export const NEVER_READ = READ_AGE_CLASSES_MS.length + 1;
const float64 = (length: number): Float64Array => new Float64Array(length);
const uint8 = (length: number): Uint8Array => new Uint8Array(length);

/**
 * Every edge by a small number, its slot, which it keeps while it is known. What the overview shows of it is codes in columns; what only a
 * detail shows stays the object it came as. An edge that is known from before a restart but not configured (yet) has no `config` and is
 * shown to nobody.
 */
export class EdgeSlots {
  readonly names: string[] = [];
  readonly configs: (Edge | undefined)[] = [];
  readonly facts: EdgeFacts[] = [];
  readonly reports: (ConnectionReport | undefined)[] = [];
  readonly connectivity: (Connectivity | undefined)[] = [];
  /** Revision at which anything of the edge last changed, and its set of Applications. */
  changedAt = float64(0);
  rowsChangedAt = float64(0);
  connection = uint8(0);
  freshness = uint8(0);
  readAge = uint8(0);
  #readAt = float64(0);
  readonly #searchTexts: string[] = [];
  readonly #byName = new Map<string, number>();
  readonly #free: number[] = [];

  get limit(): number {
    return this.names.length;
  }

  configure(slot: number, config: Edge): void {
    this.configs[slot] = config;
    this.#searchTexts[slot] = [config.id, config.displayName, ...Object.values(config.labels)].join('\n').toLowerCase();
  }

  /** All that free text looks at, in lower case: what is not in here is in none of it. */
  searchText(slot: number): string {
    return this.#searchTexts[slot] ?? '';
  }

  find(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** The slot of that name, made if there is none. */
  take(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const slot = this.#free.pop() ?? this.names.length;
    this.#reserve(slot + 1);
    this.names[slot] = name;
    this.configs[slot] = undefined;
    this.facts[slot] = {};
    this.reports[slot] = undefined;
    this.connectivity[slot] = undefined;
    this.connection[slot] = NEVER_REACHED;
    this.freshness[slot] = NEVER_HEARD;
    this.readAge[slot] = NEVER_READ;
    this.#readAt[slot] = Number.NaN;
    this.#byName.set(name, slot);
    return slot;
  }

  drop(slot: number): void {
    this.#byName.delete(this.names[slot] ?? '');
    this.names[slot] = '';
    this.configs[slot] = undefined;
    this.#searchTexts[slot] = '';
    this.#free.push(slot);
  }

  readAt(slot: number): number | undefined {
    const readAt = this.#readAt[slot] ?? Number.NaN;
    return Number.isNaN(readAt) ? undefined : readAt;
  }

  /** A readAt never goes back. */
  heard(slot: number, readAt: number): void {
    if (!((this.#readAt[slot] ?? Number.NaN) >= readAt)) this.#readAt[slot] = readAt;
  }

  report(slot: number, report: ConnectionReport): void {
    this.reports[slot] = report;
    this.connection[slot] = CONNECTIONS.indexOf(report.connection);
  }

  /** Takes over what the clock says; true where a class changed. */
  refreshAge(slot: number, now: number): boolean {
    const config = this.configs[slot];
    if (config === undefined) return false;
    const readAt = this.readAt(slot);
    const fresh = freshnessAt(readAt, config.contact, now);
    const freshness = fresh === undefined ? NEVER_HEARD : FRESHNESSES.indexOf(fresh);
    const age = readAgeClass(readAt, now);
    if (at(this.freshness, slot) === freshness && at(this.readAge, slot) === age) return false;
    this.freshness[slot] = freshness;
    this.readAge[slot] = age;
    return true;
  }

  /** Code of the one count the edge is in, with the look that the asker sees. */
  stateCode(slot: number, look: number): number {
    const state = edgeState({
      lifecycle: this.configs[slot]?.lifecycle ?? 'Enrolling',
      connection: CONNECTIONS[at(this.connection, slot)] ?? 'NeverReached',
      freshness: FRESHNESSES[at(this.freshness, slot)],
      look: EDGE_LOOKS[look] ?? 'Empty',
    });
    return EDGE_STATES.indexOf(state);
  }

  /** Class of what is wrong with the connection; undefined where nothing is. */
  reason(slot: number): string | undefined {
    const failure = this.reports[slot]?.failure;
    return failure === undefined ? undefined : failureReason(failure.kind);
  }

  connectivityOf(slot: number, now: number): Connectivity {
    return this.connectivity[slot] ?? emptyConnectivity(now);
  }

  #reserve(slots: number): void {
    this.changedAt = grow(this.changedAt, float64, slots);
    this.rowsChangedAt = grow(this.rowsChangedAt, float64, slots);
    this.connection = grow(this.connection, uint8, slots);
    this.freshness = grow(this.freshness, uint8, slots);
    this.readAge = grow(this.readAge, uint8, slots);
    this.#readAt = grow(this.#readAt, float64, slots);
  }
}

import { emptyConnectivity, fromBytes, noteConnection, toBytes, type Connectivity } from '../domain/connectivity.ts';
import { showsOnlyCounts, type Edge } from '../domain/edge.ts';
import { shortArgocdVersion } from '../domain/argocd-version.ts';
import { CONNECTIONS, edgeState, EDGE_STATES } from '../domain/edge-state.ts';
import { failureReason } from '../domain/failure-table.ts';
import { FRESHNESSES, freshnessAt, NEVER_HEARD_CLASS, readAgeClass } from '../domain/freshness.ts';
import { EDGE_LOOKS } from '../domain/look.ts';
import type { ConnectionReport, EdgeFacts } from '../ports/fleet-sink.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { byteAt, grow } from './column.ts';
import { EdgeOrder } from './edge-order.ts';
import { InternedColumn } from './interned-column.ts';
import { TextHaystack } from './text-haystack.ts';

const NEVER_REACHED = CONNECTIONS.indexOf('NeverReached');
/** Codes of an edge that was never heard. */
export const NEVER_HEARD = FRESHNESSES.length;
/** Labels with a column of their own; the one made longest ago gives way. More than are ever shown as facets. */
const MAX_LABEL_COLUMNS = 64;
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
  /** As it is stored: some fifty bytes where a history that is taken apart has two thousand. */
  readonly connectivity: (string | undefined)[] = [];
  /** What is grouped by and asked for most, as numbers of texts. */
  readonly texts = { connector: new InternedColumn(), argocdVersion: new InternedColumn(), reason: new InternedColumn() };
  readonly #labels = new Map<string, InternedColumn>();
  /** Slots of configured edges by name. */
  readonly order = new EdgeOrder((slot) => this.names[slot] ?? '');
  /** Revision at which anything of the edge last changed, its set of Applications, and the versions they run. */
  changedAt = float64(0);
  rowsChangedAt = float64(0);
  versionsChangedAt = float64(0);
  connection = uint8(0);
  freshness = uint8(0);
  readAge = uint8(0);
  #readAt = float64(0);
  readonly #searchTexts: string[] = [];
  readonly #byName = new Map<string, number>();
  readonly #free: number[] = [];
  #configVersion = 0;
  #haystack: { readonly version: number; readonly texts: TextHaystack } | undefined;

  get limit(): number {
    return this.names.length;
  }

  /** Grows whenever an edge's configuration comes, changes or goes. */
  get configVersion(): number {
    return this.#configVersion;
  }

  configure(slot: number, config: Edge): void {
    this.#configVersion += 1;
    if (this.configs[slot] === undefined) this.order.add(slot);
    this.configs[slot] = config;
    this.texts.connector.set(slot, config.connector);
    for (const [key, column] of this.#labels) column.set(slot, config.labels[key] ?? '');
    this.#showVersion(slot);
    this.#searchTexts[slot] = [config.id, config.displayName, ...Object.values(config.labels)].join('\n');
  }

  /** The values of one label; '' where an edge has none. */
  label(key: string): InternedColumn {
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const column = new InternedColumn();
    column.reserve(this.changedAt.length);
    for (const [slot, config] of this.configs.entries()) column.set(slot, config?.labels[key] ?? '');
    const [oldest] = this.#labels.keys();
    if (this.#labels.size >= MAX_LABEL_COLUMNS && oldest !== undefined) this.#labels.delete(oldest);
    this.#labels.set(key, column);
    return column;
  }

  /** All that free text looks at, of all slots: what is not in here is in none of it. */
  get searchTexts(): TextHaystack {
    if (this.#haystack?.version !== this.#configVersion)
      this.#haystack = { version: this.#configVersion, texts: new TextHaystack(this.#searchTexts) };
    return this.#haystack.texts;
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
    for (const column of Object.values(this.texts)) column.set(slot, '');
    this.connectivity[slot] = undefined;
    this.connection[slot] = NEVER_REACHED;
    this.freshness[slot] = NEVER_HEARD;
    this.readAge[slot] = NEVER_HEARD_CLASS;
    this.#readAt[slot] = Number.NaN;
    this.#byName.set(name, slot);
    return slot;
  }

  drop(slot: number): void {
    this.#configVersion += 1;
    this.#byName.delete(this.names[slot] ?? '');
    if (this.configs[slot] !== undefined) this.order.remove(slot);
    for (const column of this.#labels.values()) column.set(slot, '');
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

  tell(slot: number, facts: EdgeFacts): void {
    this.facts[slot] = facts;
    this.#showVersion(slot);
  }

  /** What may be said of the edge's Argo CD: nothing where only counts may leave the row. */
  shownFacts(slot: number): EdgeFacts {
    const config = this.configs[slot];
    return config !== undefined && showsOnlyCounts(config) ? {} : (this.facts[slot] ?? {});
  }

  #showVersion(slot: number): void {
    const { argocdVersion } = this.shownFacts(slot);
    this.texts.argocdVersion.set(slot, argocdVersion === undefined ? '' : shortArgocdVersion(argocdVersion));
  }

  report(slot: number, report: ConnectionReport): void {
    this.reports[slot] = report;
    this.texts.reason.set(slot, report.failure === undefined ? '' : failureReason(report.failure.kind));
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
    if (byteAt(this.freshness, slot) === freshness && byteAt(this.readAge, slot) === age) return false;
    this.freshness[slot] = freshness;
    this.readAge[slot] = age;
    return true;
  }

  /** Code of the one count the edge is in, with the look that the asker sees. */
  stateCode(slot: number, look: number): number {
    const state = edgeState({
      lifecycle: this.configs[slot]?.lifecycle ?? 'Enrolling',
      connection: CONNECTIONS[byteAt(this.connection, slot)] ?? 'NeverReached',
      freshness: FRESHNESSES[byteAt(this.freshness, slot)],
      look: EDGE_LOOKS[look] ?? 'Empty',
    });
    return EDGE_STATES.indexOf(state);
  }

  /** Class of what is wrong with the connection; undefined where nothing is. */
  reason(slot: number): string | undefined {
    const reason = this.texts.reason.text(slot);
    return reason === '' ? undefined : reason;
  }

  /** One that cannot be read knows nothing. */
  connectivityOf(slot: number, now: number): Connectivity {
    const bytes = fromBase64(this.connectivity[slot] ?? '');
    return (bytes === undefined ? undefined : fromBytes(bytes)) ?? emptyConnectivity(now);
  }

  /** Notes how the connection stands. */
  keepContact(slot: number, now: number): void {
    const connection = CONNECTIONS[byteAt(this.connection, slot)] ?? 'NeverReached';
    this.connectivity[slot] = toBase64(toBytes(noteConnection(this.connectivityOf(slot, now), connection, now)));
  }

  #reserve(slots: number): void {
    this.changedAt = grow(this.changedAt, float64, slots);
    this.rowsChangedAt = grow(this.rowsChangedAt, float64, slots);
    this.versionsChangedAt = grow(this.versionsChangedAt, float64, slots);
    this.connection = grow(this.connection, uint8, slots);
    this.freshness = grow(this.freshness, uint8, slots);
    this.readAge = grow(this.readAge, uint8, slots);
    this.#readAt = grow(this.#readAt, float64, slots);
    for (const column of [...Object.values(this.texts), ...this.#labels.values()]) column.reserve(slots);
  }
}

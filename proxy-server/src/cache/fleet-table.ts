/**
 * What is known of the whole fleet, as committed: edges, Applications, and what follows from them (judged, look, product, version, the
 * figures of each edge). Written by the commit loop alone, one change after the other; every change names the slot it touched, and
 * `publish` makes all of them one revision. Readers come between publications and never see half a batch.
 */
import type { ApplicationCondition } from '../domain/application.ts';
import type { ApplicationRecord } from '../domain/application-record.ts';
import type { Edge, Product } from '../domain/edge.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import type { ApplicationKey } from '../domain/ids.ts';
import { UNJUDGED_REASONS, unjudgedReason } from '../domain/judged.ts';
import { applicationLook, lookRank } from '../domain/look.ts';
import { OPERATION_STATES } from '../domain/operation.ts';
import type { ConnectionReport, EdgeFacts } from '../ports/fleet-sink.ts';
import { ApplicationColumns, type Verdict } from './application-columns.ts';
import { timeOf, toList } from './application-record.ts';
import { byteAt, uintAt } from './column.ts';
import { EdgeFigures } from './edge-figures.ts';
import { EdgeSlots } from './edge-slots.ts';
import { ProductMembers } from './product-members.ts';
import { PublishedChanges } from './published-changes.ts';

/** One reading of observedAt for one Application; absent where it cannot be read. ms. */
export interface Observed {
  readonly observedAt?: number;
  readonly edgeClock?: number;
}

const DEFAULT_JUDGED_WITHIN_MS = 30 * 60_000;
const seconds = (time: number | undefined): number => (time === undefined ? 0 : Math.floor(time / 1000));

export class FleetTable {
  readonly edges = new EdgeSlots();
  readonly applications = new ApplicationColumns();
  readonly figures = new EdgeFigures(this.applications);
  #members = new ProductMembers([]);
  #revision: number;
  #membershipRevision: number;
  #membershipChanged = false;
  #owed = false;
  readonly #changed = new Set<number>();
  readonly #versionsChanged = new Set<number>();
  readonly #published: PublishedChanges;

  /** Revisions start at `revision`: a time in ms, so that they grow over restarts too. */
  constructor(revision: number) {
    this.#revision = revision;
    this.#membershipRevision = revision;
    this.#published = new PublishedChanges(revision);
  }

  get revision(): number {
    return this.#revision;
  }

  /** The last revision at which an edge came, went, or changed what `FleetMembers` holds of it. */
  get membershipRevision(): number {
    return this.#membershipRevision;
  }

  /** Slots that changed after a revision, in no order; undefined where only a look at every edge tells. */
  changedSince(revision: number): readonly number[] | undefined {
    return this.#published.since(revision, this.edges.changedAt);
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#membershipChanged || this.#owed;
  }

  /** Makes all changes since the last call one revision; the slots that changed. */
  publish(): readonly number[] {
    const slots = [...this.#changed];
    this.#changed.clear();
    this.#revision += 1;
    for (const slot of slots) this.edges.changedAt[slot] = this.#revision;
    this.#published.note(this.#revision, slots);
    for (const slot of this.#versionsChanged) this.#recountVersions(slot);
    this.#versionsChanged.clear();
    if (this.#membershipChanged) this.#membershipRevision = this.#revision;
    this.#membershipChanged = false;
    this.#owed = false;
    return slots;
  }

  putEdge(edge: Edge, now: number): void {
    const slot = this.#take(edge.id);
    const before = this.edges.configs[slot];
    if (before === edge) return;
    this.edges.configure(slot, edge);
    this.edges.refreshAge(slot, now);
    if (before === undefined || !sameMember(before, edge)) this.#membershipChanged = true;
    if (before?.access !== edge.access) this.#versionsChanged.add(slot);
    if (before?.contact.judgedWithinMs !== edge.contact.judgedWithinMs)
      for (const row of this.applications.rowsOf(slot)) this.#rejudge(slot, row);
    this.#touch(slot);
  }

  dropEdge(name: string): void {
    const slot = this.edges.find(name);
    if (slot === undefined) return;
    for (const row of [...this.applications.rowsOf(slot)]) this.applications.drop(row);
    this.edges.rowsChangedAt[slot] = this.#revision + 1;
    this.figures.clear(slot);
    this.#versionsChanged.delete(slot);
    this.edges.drop(slot);
    this.#membershipChanged = true;
    this.#touch(slot);
  }

  putFacts(name: string, facts: EdgeFacts): void {
    const slot = this.#take(name);
    this.edges.tell(slot, facts);
    this.#touch(slot);
  }

  putConnectivity(name: string, connectivity: string | undefined): void {
    this.edges.connectivity[this.#take(name)] = connectivity;
  }

  /** Has the next publication happen though no edge changed. */
  touchNothing(): void {
    this.#owed = true;
  }

  putConnection(name: string, report: ConnectionReport): void {
    const slot = this.#take(name);
    this.edges.report(slot, report);
    this.#touch(slot);
  }

  /** Shown at the next publication where a class changed. */
  heard(name: string, readAt: number, now: number): void {
    const slot = this.edges.find(name);
    if (slot === undefined) return;
    this.edges.heard(slot, readAt);
    this.refreshAge(slot, now);
  }

  refreshAge(slot: number, now: number): void {
    if (this.edges.refreshAge(slot, now)) this.#touch(slot);
  }

  /** Adds or replaces. Without a reading the last one stands, but for an Application made anew under the same name. */
  putApplication(name: string, record: ApplicationRecord, observed?: Observed): void {
    const slot = this.#take(name);
    const found = this.applications.find(slot, record.texts);
    const row = found < 0 ? this.applications.add(slot, record.texts) : found;
    if (found < 0) this.edges.rowsChangedAt[slot] = this.#revision + 1;
    else this.#forget(slot, row, record);
    this.applications.write(row, record);
    if (observed !== undefined) this.applications.writeObserved(row, seconds(observed.observedAt), seconds(observed.edgeClock));
    this.#follow(slot, row);
  }

  /** Adds one that has no row; `write` makes the row and writes it. */
  addApplication(name: string, write: (applications: ApplicationColumns, slot: number) => number): void {
    const slot = this.#take(name);
    const row = write(this.applications, slot);
    this.edges.rowsChangedAt[slot] = this.#revision + 1;
    this.#follow(slot, row);
  }

  /** All that follows from what a row holds. */
  #follow(slot: number, row: number): void {
    this.#resolveProduct(slot, row);
    this.applications.writeVerdict(row, this.#judge(slot, row));
    this.figures.add(slot, row, 1);
    this.#touch(slot);
  }

  dropApplication(name: string, key: ApplicationKey): void {
    const slot = this.edges.find(name);
    const row = slot === undefined ? -1 : this.applications.find(slot, key);
    if (slot === undefined || row < 0) return;
    this.figures.add(slot, row, -1);
    if (this.applications.product.id(row) !== 0) this.#versionsChanged.add(slot);
    this.applications.drop(row);
    this.edges.rowsChangedAt[slot] = this.#revision + 1;
    this.#touch(slot);
  }

  putObserved(name: string, key: ApplicationKey, observed: Observed): void {
    const slot = this.edges.find(name);
    const row = slot === undefined ? -1 : this.applications.find(slot, key);
    if (slot === undefined || row < 0) return;
    this.applications.writeObserved(row, seconds(observed.observedAt), seconds(observed.edgeClock));
    this.#rejudge(slot, row);
    this.#touch(slot);
  }

  /** Resolves membership and versions of every Application anew. */
  setProducts(products: readonly Product[]): void {
    this.#members = new ProductMembers(products);
    for (let row = 0; row < this.applications.limit; row += 1) {
      if (!this.applications.isUsed(row)) continue;
      const slot = uintAt(this.applications.edge, row);
      if (this.#resolveProduct(slot, row)) this.#touch(slot);
    }
  }

  #resolveProduct(slot: number, row: number): boolean {
    const member = this.#members.of(this.applications, row);
    return this.#writeProduct(slot, row, member.product, member.version);
  }

  #writeProduct(slot: number, row: number, product: string, version: string): boolean {
    const { applications } = this;
    if (applications.product.text(row) === product && applications.version.text(row) === version) return false;
    applications.writeProduct(row, product, version);
    this.#versionsChanged.add(slot);
    return true;
  }

  /** Takes a row that is about to be written out of the figures. */
  #forget(slot: number, row: number, record: ApplicationRecord): void {
    this.figures.add(slot, row, -1);
    if (this.applications.text('project', row) !== record.texts.project) this.edges.rowsChangedAt[slot] = this.#revision + 1;
    if (this.applications.uid(row) !== record.uid) this.applications.writeObserved(row, 0, 0);
  }

  #rejudge(slot: number, row: number): void {
    this.figures.add(slot, row, -1);
    this.applications.writeVerdict(row, this.#judge(slot, row));
    this.figures.add(slot, row, 1);
  }

  #judge(slot: number, row: number): Verdict {
    const { applications } = this;
    const sync = SYNC_STATUSES[byteAt(applications.sync, row)] ?? 'Unknown';
    const reason = unjudgedReason({
      sync,
      conditionTypes: toList<ApplicationCondition>(applications.text('conditions', row)).map(({ type }) => type),
      observedAt: timeOf(applications.time('observedAt', row)),
      edgeClockAtReading: timeOf(applications.time('edgeClock', row)),
      judgedWithinMs: this.edges.configs[slot]?.contact.judgedWithinMs ?? DEFAULT_JUDGED_WITHIN_MS,
    });
    const look = applicationLook({
      health: HEALTH_STATUSES[byteAt(applications.health, row)] ?? 'Unknown',
      sync,
      operation: OPERATION_STATES[byteAt(applications.operation, row)] ?? 'None',
      judged: reason === undefined,
    });
    return { look: lookRank(look), unjudged: reason === undefined ? 0 : UNJUDGED_REASONS.indexOf(reason) + 1 };
  }

  #recountVersions(slot: number): void {
    const isCountsOnly = this.edges.configs[slot]?.access === 'CountsOnly';
    this.figures.recountVersions(slot, isCountsOnly ? [] : this.applications.rowsOf(slot));
    this.edges.versionsChangedAt[slot] = this.#revision;
  }

  #take(name: string): number {
    const slot = this.edges.take(name);
    this.figures.reserve(slot + 1);
    return slot;
  }

  #touch(slot: number): void {
    this.#changed.add(slot);
  }
}

const sameMember = (left: Edge, right: Edge): boolean =>
  left.displayName === right.displayName &&
  left.connector === right.connector &&
  left.access === right.access &&
  JSON.stringify(left.labels) === JSON.stringify(right.labels);

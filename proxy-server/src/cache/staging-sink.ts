import type { Application } from '../domain/application.ts';
import type { Edge } from '../domain/edge.ts';
import { applicationKeyText, type ApplicationKey, type EdgeId } from '../domain/ids.ts';
import type { ConnectionReport, EdgeFacts, FleetSink, ObservedReading } from '../ports/fleet-sink.ts';
import type { Clock } from '../ports/runtime.ts';
import { toRecord, type ApplicationRecord } from '../domain/application-record.ts';
import type { CommitLoop } from './commit-loop.ts';
import type { FleetTable } from './fleet-table.ts';
import type { StagedEdge } from './staging.ts';

type KnownKey = ApplicationKey & { readonly uid: string };

/**
 * What watchers tell, staged. What would change nothing is dropped here: an Argo CD tells each Application anew every few minutes. The
 * configuration is nothing that an edge told, so it holds at once; readAt too, which is not committed before it is shown.
 */
export class StagingSink implements FleetSink {
  readonly #table: FleetTable;
  readonly #loop: CommitLoop;
  readonly #clock: Clock;
  /** Edges that came again while their predecessor of the same name was still to be dropped. */
  readonly #waiting = new Map<string, Edge>();

  constructor(table: FleetTable, loop: CommitLoop, clock: Clock) {
    this.#table = table;
    this.#loop = loop;
    this.#clock = clock;
  }

  putEdge(edge: Edge): void {
    if (this.#isDropping(edge.id)) this.#waiting.set(edge.id, edge);
    else this.#table.putEdge(edge, this.#clock.now());
    this.#loop.wake();
  }

  dropEdge(edge: EdgeId): void {
    this.dropUnconfigured(edge);
  }

  /** Like `dropEdge`, for a name that is on disk and in no configuration. */
  dropUnconfigured(edge: string): void {
    this.#waiting.delete(edge);
    this.#loop.staging.drop(edge);
    this.#loop.wake();
  }

  /** To be called when a dropped edge has left the table. */
  afterDrop(edge: string): void {
    const next = this.#waiting.get(edge);
    this.#waiting.delete(edge);
    if (next !== undefined) this.#table.putEdge(next, this.#clock.now());
  }

  putApplications(edge: EdgeId, applications: readonly Application[]): void {
    const slot = this.#shownSlot(edge);
    for (const application of applications) {
      const record = toRecord(application);
      const { namespace, name } = application;
      const key = { namespace, name };
      const keyText = applicationKeyText(key);
      if (this.#loop.pending(edge, keyText) || !this.#isShown(slot, key, record))
        this.#loop.staging.put(edge, keyText, { kind: 'put', key, record });
    }
    this.#loop.wake();
  }

  dropApplications(edge: EdgeId, keys: readonly ApplicationKey[]): void {
    for (const { namespace, name } of keys) {
      const key = { namespace, name };
      this.#loop.staging.put(edge, applicationKeyText(key), { kind: 'drop', key });
    }
    this.#loop.wake();
  }

  putObserved(edge: EdgeId, { edgeClock, observedAt: readings }: ObservedReading): void {
    for (const { key, observedAt } of readings) {
      const observed = observedAt === undefined ? {} : { observedAt, edgeClock };
      this.#loop.staging.put(edge, applicationKeyText(key), {
        kind: 'observed',
        key: { namespace: key.namespace, name: key.name },
        observed,
      });
    }
    this.#loop.wake();
  }

  putFacts(edge: EdgeId, facts: EdgeFacts): void {
    if (JSON.stringify(this.#knownFacts(edge)) === JSON.stringify(facts)) return;
    this.#loop.staging.merge(edge, { facts });
    this.#loop.wake();
  }

  putConnection(edge: EdgeId, report: ConnectionReport): void {
    this.#loop.staging.merge(edge, { connection: report });
    this.#loop.wake();
  }

  heard(edge: EdgeId, readAt: number): void {
    this.#table.heard(edge, readAt, this.#clock.now());
    if (this.#table.hasChanges) this.#loop.wake();
  }

  known(edge: EdgeId): ReturnType<FleetSink['known']> {
    const slot = this.#shownSlot(edge);
    const readAt = slot === undefined ? undefined : this.#table.edges.readAt(slot);
    const shown = slot === undefined ? undefined : this.#table.edges.reports[slot];
    const connection = this.#pending(edge).reduce((report, staged) => staged.connection ?? report, shown);
    const { identity, acceptedGeneration } = this.#knownFacts(edge);
    return {
      applications: this.#knownApplications(edge),
      ...(identity === undefined ? {} : { identity }),
      ...(acceptedGeneration === undefined ? {} : { acceptedGeneration }),
      ...(readAt === undefined ? {} : { readAt }),
      ...(connection === undefined ? {} : { connection }),
    };
  }

  #isDropping(edge: string): boolean {
    return this.#loop.pendingEdge(edge).some(({ dropped }) => dropped);
  }

  /** Where what is shown still counts: not for an edge that is to be dropped. */
  #shownSlot(edge: string): number | undefined {
    return this.#isDropping(edge) ? undefined : this.#table.edges.find(edge);
  }

  /** What is on its way since the edge was last dropped, the earliest first. */
  #pending(edge: string): readonly StagedEdge[] {
    const pending = this.#loop.pendingEdge(edge);
    return pending.slice(
      Math.max(
        0,
        pending.findLastIndex(({ dropped }) => dropped),
      ),
    );
  }

  /** True where the same is shown already. */
  #isShown(slot: number | undefined, key: ApplicationKey, record: ApplicationRecord): boolean {
    const row = slot === undefined ? -1 : this.#table.applications.find(slot, key);
    return row >= 0 && this.#table.applications.holds(row, record);
  }

  #knownFacts(edge: string): EdgeFacts {
    const slot = this.#shownSlot(edge);
    const shown = slot === undefined ? undefined : this.#table.edges.facts[slot];
    return this.#pending(edge).reduce<EdgeFacts>((facts, staged) => staged.facts ?? facts, shown ?? {});
  }

  #knownApplications(edge: string): readonly KnownKey[] {
    const { applications } = this.#table;
    const known = new Map<string, KnownKey>();
    const slot = this.#shownSlot(edge);
    for (const row of slot === undefined ? [] : applications.rowsOf(slot)) {
      const key = { namespace: applications.text('namespace', row), name: applications.text('name', row) };
      known.set(applicationKeyText(key), { ...key, uid: applications.uid(row) });
    }
    for (const [key, change] of this.#pending(edge).flatMap((staged) => [...staged.applications])) {
      if (change.kind === 'drop') known.delete(key);
      else if (change.kind === 'put') known.set(key, { ...change.key, uid: change.record.uid });
    }
    return [...known.values()];
  }
}

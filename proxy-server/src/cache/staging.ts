import type { ApplicationKey } from '../domain/ids.ts';
import type { ConnectionReport, EdgeFacts } from '../ports/fleet-sink.ts';
import type { ApplicationRecord } from '../domain/application-record.ts';
import type { Observed } from './fleet-table.ts';

/** The latest that is known of one Application and not committed. `put` may be absent where only a reading came. */
export type StagedApplication =
  | {
      readonly kind: 'put';
      readonly key: ApplicationKey;
      readonly record: ApplicationRecord;
      readonly observed?: Observed;
    }
  | { readonly kind: 'observed'; readonly key: ApplicationKey; readonly observed: Observed }
  | { readonly kind: 'drop'; readonly key: ApplicationKey };

/** The latest of one edge. `dropped`: everything known before goes first. */
export interface StagedEdge {
  readonly dropped: boolean;
  readonly facts: EdgeFacts | undefined;
  readonly connection: ConnectionReport | undefined;
  /** To be written though nothing but readAt changed. */
  readonly touched: boolean;
  readonly applications: Map<string, StagedApplication>;
}

const emptyEdge = (): StagedEdge => ({ dropped: false, facts: undefined, connection: undefined, touched: false, applications: new Map() });

/**
 * What edges told and nobody was shown yet. The latest per Application wins, so it never holds more than the fleet, however long the disk
 * is full; what a failed write gives back yields to what came since.
 */
export class Staging {
  #edges = new Map<string, StagedEdge>();
  #size = 0;

  /** Changes waiting. */
  get size(): number {
    return this.#size + this.#edges.size;
  }

  edge(name: string): StagedEdge | undefined {
    return this.#edges.get(name);
  }

  merge(name: string, change: Partial<Omit<StagedEdge, 'applications'>>): void {
    this.#edges.set(name, { ...(this.#edges.get(name) ?? emptyEdge()), ...change });
  }

  /** All that was staged for the edge is void, and so is what was known before. */
  drop(name: string): void {
    this.#size -= this.#edges.get(name)?.applications.size ?? 0;
    this.#edges.set(name, { ...emptyEdge(), dropped: true });
  }

  /** `key`: the text of the change's key. */
  put(name: string, key: string, change: StagedApplication): void {
    const edge = this.#edges.get(name) ?? this.#begin(name);
    const before = edge.applications.get(key);
    if (before === undefined) this.#size += 1;
    edge.applications.set(key, before === undefined ? change : later(before, change));
  }

  #begin(name: string): StagedEdge {
    const edge = emptyEdge();
    this.#edges.set(name, edge);
    return edge;
  }

  /** Takes out up to `limit` Applications with their edges; the rest stays. */
  take(limit: number): ReadonlyMap<string, StagedEdge> {
    if (this.#size <= limit && this.#edges.size <= limit) return this.#takeAll();
    const taken = new Map<string, StagedEdge>();
    let room = limit;
    for (const [name, edge] of this.#edges) {
      if (room <= 0) break;
      const part = takePart(edge, room);
      room -= Math.max(1, part.applications.size);
      this.#size -= part.applications.size;
      taken.set(name, part);
      if (part === edge) this.#edges.delete(name);
      else this.#edges.set(name, { ...emptyEdge(), applications: edge.applications });
    }
    return taken;
  }

  /** A Map that lives on while its entries come and go has V8 move all of them to the old generation before they are garbage. */
  #takeAll(): ReadonlyMap<string, StagedEdge> {
    const taken = this.#edges;
    this.#edges = new Map();
    this.#size = 0;
    return taken;
  }

  /** Puts back what could not be written, under what came since. */
  giveBack(taken: ReadonlyMap<string, StagedEdge>): void {
    for (const [name, edge] of taken) {
      const since = this.#edges.get(name);
      this.#edges.set(name, since === undefined ? edge : mergeEdges(edge, since));
      this.#size += (this.#edges.get(name)?.applications.size ?? 0) - (since?.applications.size ?? 0);
    }
  }
}

function takePart(edge: StagedEdge, room: number): StagedEdge {
  if (edge.applications.size <= room) return edge;
  const applications = new Map<string, StagedApplication>();
  for (const [key, change] of edge.applications) {
    if (applications.size >= room) break;
    applications.set(key, change);
    edge.applications.delete(key);
  }
  return { ...edge, applications };
}

function mergeEdges(earlier: StagedEdge, since: StagedEdge): StagedEdge {
  if (since.dropped) return since;
  const applications = new Map(earlier.applications);
  for (const [key, change] of since.applications) {
    const before = applications.get(key);
    applications.set(key, before === undefined ? change : later(before, change));
  }
  return {
    dropped: earlier.dropped,
    facts: since.facts ?? earlier.facts,
    connection: since.connection ?? earlier.connection,
    touched: since.touched || earlier.touched,
    applications,
  };
}

/** A reading completes what is put; whatever is put or dropped later replaces all, but for a reading that stands. */
function later(before: StagedApplication, change: StagedApplication): StagedApplication {
  if (change.kind === 'drop') return change;
  if (change.kind === 'observed')
    return before.kind === 'put' ? { ...before, observed: change.observed } : before.kind === 'drop' ? before : change;
  const observed = change.observed ?? standingReading(before, change);
  return observed === undefined ? change : { ...change, observed };
}

function standingReading(before: StagedApplication, change: Extract<StagedApplication, { kind: 'put' }>): Observed | undefined {
  if (before.kind === 'drop') return undefined;
  if (before.kind === 'put' && before.record.uid !== change.record.uid) return undefined;
  return before.observed;
}

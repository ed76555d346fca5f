/**
 * The world: its clock, its edges with their Applications, and one way to be told of changes. It knows nothing of HTTP; `argocd/` shows it,
 * `life.ts` makes things happen in it, `control.ts` lets a person or a test do the same.
 */
import type { Agenda } from './agenda.ts';
import { createAgenda } from './agenda.ts';
import { type Application, createEdge, type Edge } from './edge.ts';
import type { Revisions } from './catalog.ts';
import { createRevisions } from './catalog.ts';
import type { WorldClock } from './clock.ts';
import { siteOf } from './places.ts';
import { applicationCountOf, populate } from './population.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Told of every write to an Application of one edge, at once. */
export type ApplicationListener = (type: ChangeType, application: Application) => void;

export interface World {
  readonly seed: number;
  readonly startAt: number;
  readonly clock: WorldClock;
  readonly agenda: Agenda;
  readonly revisions: Revisions;
  readonly edges: readonly Edge[];
  edge(name: string): Edge | undefined;
  /** Takes an edge into the world; a name that is there already is replaced. */
  add(edge: Edge): void;
  /** A write: new resourceVersion, and every listener of the edge is told. */
  touch(application: Application, type?: ChangeType): void;
  /** Has `listener` called for writes of this edge until the answer is called. */
  listen(edge: Edge, listener: ApplicationListener): () => void;
  /** Runs everything that is due by the world's clock. Answers how many entries ran. */
  runDue(): number;
  /** Writes so far. */
  writes(): number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly edges: number;
  readonly clock: WorldClock;
  /** Applications of each edge; absent: 6 to 20 by segment. */
  readonly applications?: number | undefined;
}

/** A seeded world at rest: nothing happens in it until somebody runs what is due. */
export function createWorld(options: WorldOptions): World {
  const { seed, clock } = options;
  const startAt = clock.now();
  const agenda = createAgenda();
  const edges: Edge[] = [];
  const byName = new Map<string, Edge>();
  const listeners = new Map<Edge, Set<ApplicationListener>>();
  let writes = 0;

  const add = (edge: Edge): void => {
    const known = byName.get(edge.name);
    if (known === undefined) edges.push(edge);
    else edges[edges.indexOf(known)] = edge;
    byName.set(edge.name, edge);
  };
  for (let index = 1; index <= options.edges; index += 1) {
    const edge = createEdge(siteOf(seed, index), index);
    populate(edge, seed, startAt, options.applications ?? applicationCountOf(seed, edge));
    add(edge);
  }

  return {
    seed,
    startAt,
    clock,
    agenda,
    revisions: createRevisions(),
    edges,
    add,
    edge: (name) => byName.get(name),
    touch: (application, type = 'MODIFIED') => {
      const { edge } = application;
      writes += 1;
      edge.resourceVersion += 1;
      application.resourceVersion = edge.resourceVersion;
      application.generation += 1;
      for (const listener of [...(listeners.get(edge) ?? [])]) listener(type, application);
    },
    listen: (edge, listener) => {
      const ofEdge = listeners.get(edge) ?? new Set();
      listeners.set(edge, ofEdge.add(listener));
      return () => {
        ofEdge.delete(listener);
        if (ofEdge.size === 0 && listeners.get(edge) === ofEdge) listeners.delete(edge);
      };
    },
    runDue: () => agenda.runDue(clock.now()),
    writes: () => writes,
  };
}

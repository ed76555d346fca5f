/**
 * What was shown before a crash against what is shown after it (design: what is shown was committed first). Values may have become newer
 * meanwhile, never older; nothing is lost, nothing is there twice. readAt, and what follows from it, may go back by up to a minute.
 */

/** One Application as the API shows it, by what tells which of two states is the later one. Times have the resolution of a second. */
export interface ShownApplication {
  readonly key: string;
  readonly health: string;
  /** Since when it is in its health; not every version of Argo CD says so. */
  readonly healthSince: number | undefined;
  /** When its operation began or, later, ended; absent while one is asked for. */
  readonly operationAt: number | undefined;
  /** The last part of a version that this run has ordered, each larger than those before; -1 for a version that it has not. */
  readonly ordered: number | undefined;
}

export interface ShownEdge {
  readonly name: string;
  readonly readAt: number;
}

/** Everything of the fleet that a reader has been shown, the latest of each. */
export interface ShownFleet {
  readonly edges: Map<string, ShownEdge>;
  readonly applications: Map<string, ShownApplication>;
}

const READ_AT_MAY_GO_BACK_MS = 60_000;

const wentBack = (before: number | undefined, after: number | undefined): boolean =>
  before !== undefined && after !== undefined && after < before;

/** In words, where `now` is an older state of the Application than `shown`. */
export function olderApplication(shown: ShownApplication, now: ShownApplication): string | undefined {
  if (wentBack(shown.ordered, now.ordered)) return `${shown.key} shows an older version: order ${now.ordered} after ${shown.ordered}`;
  if (wentBack(shown.healthSince, now.healthSince)) return `${shown.key} shows an older health: ${now.health} after ${shown.health}`;
  if (wentBack(shown.operationAt, now.operationAt)) return `${shown.key} shows an older operation`;
  return undefined;
}

function edgeFault(shown: ShownEdge, now: ShownEdge | undefined): string | undefined {
  if (now === undefined) return `edge ${shown.name} is lost`;
  const back = shown.readAt - now.readAt;
  return back > READ_AT_MAY_GO_BACK_MS ? `edge ${shown.name}: readAt went back by ${Math.round(back / 1000)} s` : undefined;
}

/** What of all that was shown is lost or older now, in words; empty when nothing is. */
export function faultsOf(shown: ShownFleet, now: ShownFleet): readonly string[] {
  const edges = [...shown.edges.values()].flatMap((edge) => edgeFault(edge, now.edges.get(edge.name)) ?? []);
  const applications = [...shown.applications.values()].flatMap((application) => {
    const found = now.applications.get(application.key);
    return found === undefined ? [`${application.key} is lost`] : (olderApplication(application, found) ?? []);
  });
  return [...edges, ...applications];
}

/** What is not said now (an operation that is only asked for has no time) was said before all the same. */
const later = (before: ShownApplication, now: ShownApplication): ShownApplication => ({
  ...now,
  healthSince: now.healthSince ?? before.healthSince,
  operationAt: now.operationAt ?? before.operationAt,
  ordered: now.ordered ?? before.ordered,
});

/** Adds up what a further reading shows; what is older than before is said. */
export function showAlso(shown: ShownFleet, now: ShownFleet): readonly string[] {
  const faults: string[] = [];
  for (const application of now.applications.values()) {
    const before = shown.applications.get(application.key);
    const older = before === undefined ? undefined : olderApplication(before, application);
    if (older !== undefined) faults.push(older);
    shown.applications.set(application.key, before === undefined ? application : later(before, application));
  }
  for (const edge of now.edges.values()) shown.edges.set(edge.name, edge);
  return faults;
}

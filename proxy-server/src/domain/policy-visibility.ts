import type { PolicyLine } from './policy-csv.ts';
import type { EdgeTarget } from './policy-object.ts';
import { speaksOfApplication } from './policy-line.ts';
import { SEES_EVERYTHING, type Visibility } from './visibility.ts';

/** The lines that decide what somebody sees, sorted into the four that matter. */
interface ViewLines {
  readonly edgesAllowed: readonly PolicyLine[];
  readonly edgesDenied: readonly PolicyLine[];
  readonly applicationsAllowed: readonly PolicyLine[];
  readonly applicationsDenied: readonly PolicyLine[];
}

/** What is known of one edge: whether it is seen, its Applications where they are all alike, and else the lines that tell them apart. */
interface EdgeVerdict {
  readonly labels: Readonly<Record<string, string>>;
  readonly edge: boolean;
  readonly applications: boolean | { readonly allowed: readonly PolicyLine[]; readonly denied: readonly PolicyLine[] };
}

const decides = (line: PolicyLine, resource: string): boolean => line.resourceGlob.test(resource) && line.actionGlob.test('get');

function viewLines(lines: readonly PolicyLine[]): ViewLines {
  const pick = (resource: string, effect: PolicyLine['effect']): readonly PolicyLine[] =>
    lines.filter((line) => line.effect === effect && decides(line, resource));
  return {
    edgesAllowed: pick('edges', 'allow'),
    edgesDenied: pick('edges', 'deny'),
    applicationsAllowed: pick('applications', 'allow'),
    applicationsDenied: pick('applications', 'deny'),
  };
}

/** Equal for equal rights, whoever they belong to and in whatever order they are written. */
function canonicalText(view: ViewLines): string {
  const objects = (lines: readonly PolicyLine[]): readonly string[] => [...new Set(lines.map((line) => line.object))].sort();
  return JSON.stringify([
    objects(view.edgesAllowed), objects(view.edgesDenied), objects(view.applicationsAllowed), objects(view.applicationsDenied),
  ]); // prettier-ignore
}

const seesAll = (view: ViewLines): boolean =>
  view.edgesDenied.length === 0 &&
  view.applicationsDenied.length === 0 &&
  view.edgesAllowed.some((line) => line.objectPattern.matchesEveryName) &&
  view.applicationsAllowed.some((line) => line.objectPattern.matchesEveryApplication);

function judgeApplications(view: ViewLines, target: EdgeTarget): EdgeVerdict['applications'] {
  const denied: PolicyLine[] = [];
  for (const line of view.applicationsDenied) {
    const answer = line.objectPattern.edgeOfApplications(target);
    if (answer === 'always') return false;
    if (answer === 'depends') denied.push(line);
  }
  const allowed: PolicyLine[] = [];
  let allAllowed = false;
  for (const line of view.applicationsAllowed) {
    const answer = line.objectPattern.edgeOfApplications(target);
    if (answer === 'always') allAllowed = true;
    if (answer !== 'never') allowed.push(line);
  }
  if (allowed.length === 0) return false;
  return allAllowed && denied.length === 0 ? true : { allowed, denied };
}

function verdictOn(view: ViewLines, target: EdgeTarget): EdgeVerdict {
  const { edge, labels } = target;
  const matches = (line: PolicyLine): boolean => line.objectPattern.name(edge, labels);
  if (view.edgesDenied.some(matches)) return { labels, edge: false, applications: false };
  return { labels, edge: view.edgesAllowed.some(matches), applications: judgeApplications(view, target) };
}

/** How many edges one Visibility remembers its verdict on. */
const MAX_REMEMBERED_EDGES = 100_000;

/**
 * What these lines let somebody see. An edge that is denied takes its Applications with it; an edge that is merely not allowed does not,
 * so Applications may be granted without the rest of their edge. `digest` shortens the canonical text to a key without collisions.
 */
export function toVisibility(lines: readonly PolicyLine[], controlPlaneNamespace: string, digest: (text: string) => string): Visibility {
  const view = viewLines(lines);
  if (seesAll(view)) return SEES_EVERYTHING;
  const verdicts = new Map<string, EdgeVerdict>();
  const verdict = (edge: string, labels: Readonly<Record<string, string>>): EdgeVerdict => {
    const known = verdicts.get(edge);
    if (known !== undefined && known.labels === labels) return known;
    if (verdicts.size >= MAX_REMEMBERED_EDGES) verdicts.clear();
    const fresh = verdictOn(view, { edge, labels });
    verdicts.set(edge, fresh);
    return fresh;
  };
  return {
    key: digest(`${controlPlaneNamespace}\n${canonicalText(view)}`),
    all: false,
    edge: (edge, labels) => verdict(edge, labels).edge,
    application: (edge, labels, ...[project, namespace, name]) => {
      const known = verdict(edge, labels).applications;
      if (typeof known === 'boolean') return known;
      const at = { edge, labels, project, namespace, application: name };
      return !known.denied.some((line) => speaksOfApplication(line, at, controlPlaneNamespace)) &&
        known.allowed.some((line) => speaksOfApplication(line, at, controlPlaneNamespace)); // prettier-ignore
    },
  };
}

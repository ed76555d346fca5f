/** Lists of Applications, whole or not at all. An edge whose list is too big for one message (429 of Argo CD itself) is asked by project. */
import { makeFailure } from '../domain/classify.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { ProjectsAnswer } from './edge-schemas.ts';
import { COMPRESS_FROM } from './limits.ts';
import { listPath, projectsPath } from './projections.ts';
import { keyOf, toApplicationList, type ApplicationList } from './to-application.ts';
import { heard, type WatchContext } from './watch-context.ts';
import { noteClock } from './watch-probe.ts';

/** Projects in one question of a list that is asked in parts. */
const PROJECTS_PER_PART = 8;
const TOO_BIG = 'edgeLimit';

export interface ListOptions {
  /** The first questions of a watch are paced by the fleet, not by the slots of ordinary requests. */
  readonly outsideSlots?: boolean;
  /** Names alone: of few Applications they are not worth packing. */
  readonly names?: boolean;
  /** With all that a list can tell of each Application, not only its name and a few words. */
  readonly full?: boolean;
}

/** One list with a projection. A good one is proof of life and of rights. */
export async function listApplications(
  context: WatchContext,
  fields: string,
  options: ListOptions = {},
): Promise<Result<ApplicationList, EdgeFailure>> {
  const { memory } = context;
  if (!memory.splitByProject) {
    const whole = await listPart(context, listPath(fields), options);
    if (whole.ok || whole.error.kind !== TOO_BIG) return whole;
    memory.splitByProject = true;
  }
  const split = await listByProject(context, fields, options);
  if (split.ok && split.value.items.length === 0) memory.splitByProject = false; // what was too big is gone
  return split;
}

async function listPart(
  context: WatchContext,
  path: string,
  { outsideSlots = false, full = false, names = false }: ListOptions,
): Promise<Result<ApplicationList, EdgeFailure>> {
  const { client, route, limits, runtime } = context;
  const askedAt = runtime.clock.now();
  const maxBytes = full ? limits.maxBodyBytes : limits.maxListBytes;
  const compressed = !names || context.memory.marks.size >= COMPRESS_FROM;
  const answer = await client.ask(route, { method: 'GET', path, token: 'read', operation: 'list', outsideSlots, compressed, maxBytes });
  if (!answer.ok) return answer;
  const list = toApplicationList(answer.value.body);
  if (list === undefined) return err(makeFailure(27, { sign: 'an answer that is no list of Applications', status: answer.value.status }));
  if (list.items.length > limits.maxApplicationsPerEdge) return err(tooMany(context));
  noteClock(context, answer.value.headers, askedAt);
  heard(context);
  return ok(list);
}

const tooMany = ({ limits }: WatchContext): EdgeFailure =>
  makeFailure(25, { kind: TOO_BIG, sign: `more than ${limits.maxApplicationsPerEdge} Applications` });

/** All parts or nothing: a list with a part missing is no list. A part that is too big is asked for again, project by project. */
async function listByProject(context: WatchContext, fields: string, options: ListOptions): Promise<Result<ApplicationList, EdgeFailure>> {
  const { maxListParts, maxApplicationsPerEdge } = context.limits;
  const items: unknown[] = [];
  let resourceVersion: string | undefined;
  const parts = partsOf(await projectNames(context), maxListParts);
  for (let part = parts.shift(), asked = 1; part !== undefined; part = parts.shift(), asked += 1) {
    if (asked > 2 * maxListParts) return err(makeFailure(25, { kind: TOO_BIG, sign: `a list in more than ${2 * maxListParts} parts` }));
    const answer = await listPart(context, listPath(fields, part), { ...options, outsideSlots: false });
    if (answer.ok) {
      for (const item of answer.value.items) items.push(item);
      resourceVersion = answer.value.resourceVersion;
      if (items.length > maxApplicationsPerEdge) return err(tooMany(context));
    } else if (answer.error.kind === TOO_BIG && part.length > 1) parts.unshift(...part.map((project) => [project]));
    else return answer;
  }
  return ok({ items, resourceVersion });
}

/** Few projects to a question, and few questions: the more projects, the more go into each. */
function partsOf(projects: readonly string[], maxParts: number): string[][] {
  const size = Math.max(PROJECTS_PER_PART, Math.ceil(projects.length / maxParts));
  return Array.from({ length: Math.ceil(projects.length / size) }, (_part, index) => projects.slice(index * size, (index + 1) * size));
}

/** What the edge names, and what its Applications were seen in: an account without rights on projects still knows the latter. */
async function projectNames(context: WatchContext): Promise<readonly string[]> {
  const { client, route, memory } = context;
  const answer = await client.ask(route, { method: 'GET', path: projectsPath, token: 'read', operation: 'list' });
  const parsed = answer.ok ? ProjectsAnswer.safeParse(answer.value.body) : undefined;
  const named = parsed?.success === true ? (parsed.data.items ?? []).map((item) => item.metadata.name) : [];
  return [...new Set([...named, ...memory.marks.projects(), 'default'])].sort();
}

/** The version that a list names, as a number; absent where it is none. */
export const versionNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** The keys of a list as texts. */
export function keyTextsOf(list: ApplicationList): Set<string> {
  const keys = new Set<string>();
  for (const item of list.items) {
    const key = keyOf(item);
    if (key !== undefined) keys.add(`${key.namespace}/${key.name}`);
  }
  return keys;
}

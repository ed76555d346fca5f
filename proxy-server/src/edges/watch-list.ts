/** Lists of Applications, whole or not at all. An edge whose list is too big for one message (429 of Argo CD itself) is asked by project. */
import { makeFailure } from '../domain/classify.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { ProjectsAnswer } from './edge-schemas.ts';
import { listPath, projectsPath } from './projections.ts';
import { keyOf, toApplicationList, type ApplicationList } from './to-application.ts';
import { heard, type WatchContext } from './watch-context.ts';
import { noteClock } from './watch-probe.ts';

/** Projects in one question of a list that is asked in parts. */
const PROJECTS_PER_PART = 8;
const TOO_BIG = 'edgeLimit';

/** One list with a projection. A good one is proof of life and of rights. */
export async function listApplications(
  context: WatchContext,
  fields: string,
  outsideSlots = false,
): Promise<Result<ApplicationList, EdgeFailure>> {
  const { memory } = context;
  if (!memory.splitByProject) {
    const whole = await listPart(context, listPath(fields), outsideSlots);
    if (whole.ok || whole.error.kind !== TOO_BIG) return whole;
    memory.splitByProject = true;
  }
  return listByProject(context, fields);
}

async function listPart(context: WatchContext, path: string, outsideSlots: boolean): Promise<Result<ApplicationList, EdgeFailure>> {
  const { client, route, limits, runtime } = context;
  const askedAt = runtime.clock.now();
  const answer = await client.ask(route, { method: 'GET', path, token: 'read', operation: 'list', outsideSlots });
  if (!answer.ok) return answer;
  const list = toApplicationList(answer.value.body);
  if (list === undefined) return err(makeFailure(27, { sign: 'an answer that is no list of Applications', status: answer.value.status }));
  if (list.items.length > limits.maxApplicationsPerEdge) {
    return err(makeFailure(25, { kind: 'edgeLimit', sign: `more than ${limits.maxApplicationsPerEdge} Applications` }));
  }
  noteClock(context, answer.value.headers, askedAt);
  heard(context);
  return ok(list);
}

/** All parts or nothing: a list with a part missing is no list. */
async function listByProject(context: WatchContext, fields: string): Promise<Result<ApplicationList, EdgeFailure>> {
  const projects = await projectNames(context);
  const items: unknown[] = [];
  let resourceVersion: string | undefined;
  for (let start = 0; start < projects.length; start += PROJECTS_PER_PART) {
    const part = await listProjects(context, fields, projects.slice(start, start + PROJECTS_PER_PART));
    if (!part.ok) return part;
    items.push(...part.value.items);
    resourceVersion = part.value.resourceVersion;
  }
  return ok({ items, resourceVersion });
}

async function listProjects(
  context: WatchContext,
  fields: string,
  projects: readonly string[],
): Promise<Result<ApplicationList, EdgeFailure>> {
  const part = await listPart(context, listPath(fields, projects), false);
  if (part.ok || part.error.kind !== TOO_BIG || projects.length === 1) return part;
  const items: unknown[] = [];
  let resourceVersion: string | undefined;
  for (const project of projects) {
    const single = await listPart(context, listPath(fields, [project]), false);
    if (!single.ok) return single;
    items.push(...single.value.items);
    resourceVersion = single.value.resourceVersion;
  }
  return ok({ items, resourceVersion });
}

/** What the edge names, and what its Applications were seen in: an account without rights on projects still knows the latter. */
async function projectNames(context: WatchContext): Promise<readonly string[]> {
  const { client, route, memory } = context;
  const answer = await client.ask(route, { method: 'GET', path: projectsPath, token: 'read', operation: 'list' });
  const parsed = answer.ok ? ProjectsAnswer.safeParse(answer.value.body) : undefined;
  const named = parsed?.success === true ? (parsed.data.items ?? []).map((item) => item.metadata.name) : [];
  return [...new Set([...named, ...memory.marks.projects(), 'default'])].sort();
}

/** The keys of a list as texts. */
export function keyTextsOf(list: ApplicationList): Set<string> {
  const keys = new Set<string>();
  for (const item of list.items) {
    const key = keyOf(item);
    if (key !== undefined) keys.add(`${key.namespace}/${key.name}`);
  }
  return keys;
}

/** Which answer of the invented fleet belongs to which path: shared by the server of the browser tests and the fetch of the page tests. */
import type { ApplicationRow, EdgeRow } from '../../proxy-server/src/domain/fleet-view.ts';
import { packMembers } from '../../proxy-server/src/domain/packed-members.ts';
import { answerAction } from './action-answers.ts';
import { answerOfEdge, applicationDetail, groupsOf } from './application-answers.ts';
import { applicationsOf, edgeDetail, edgePage, facetsOf, matching, membersOf, NOW, overviewOf } from './fleet-answers.ts';

export interface FleetAnswer {
  readonly status: number;
  readonly body: unknown;
}

const API = /^.*?api\/v1\//;
const good = (body: unknown): FleetAnswer => ({ status: 200, body });
const problem = (status: number, detail: string): FleetAnswer => ({
  status,
  body: { type: 'about:blank', title: 'Problem', status, detail, instance: 'req-1' },
});

function list(rows: readonly EdgeRow[], query: string, make: (found: readonly EdgeRow[]) => unknown): FleetAnswer {
  const found = matching(rows, query);
  return found === undefined ? problem(400, 'The query cannot be read') : good(make(found));
}

const pageOf = (items: readonly ApplicationRow[]): FleetAnswer => good({ items, total: items.length, revision: 1, now: NOW });

/** Of so many edges the Applications are listed. */
const EDGES_LISTED = 20;

function applications(rows: readonly EdgeRow[], part: string | undefined, by: string): FleetAnswer {
  const all = rows.slice(0, EDGES_LISTED).flatMap(applicationsOf);
  return part === 'groups' ? good({ revision: 1, items: groupsOf(all, by) }) : pageOf(all);
}

function edge(rows: readonly EdgeRow[], url: URL, [name = '', rest, ...more]: readonly string[]): FleetAnswer {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) return problem(404, `There is no edge ${name}`);
  if (rest === 'argocd') {
    const answer = answerOfEdge(more.slice(4).join('/'), url.searchParams.has('fields'));
    return answer === undefined ? problem(424, 'The edge has nothing to say here') : good(answer);
  }
  if (rest === 'applications' && more.length === 2) {
    const found = applicationsOf(row).find((one) => one.name === more[1]);
    return found === undefined ? problem(404, 'There is no such Application') : good(applicationDetail(found));
  }
  if (rest === 'applications') return pageOf(applicationsOf(row));
  return good(rest === 'probe' ? { asked: true, detail: 'The edge is asked; what comes of it shows here' } : edgeDetail(row));
}

function overview(rows: readonly EdgeRow[], part: string | undefined, field: string, query: string): FleetAnswer {
  if (part === undefined) return good(overviewOf(rows));
  if (part === 'members') return good(packMembers(membersOf(rows)));
  if (part === 'rows')
    return list(rows, query, (found) => ({ revision: 1, membership: `m${rows.length}`, rows: found.map((row) => rows.indexOf(row)) }));
  const values = rows.map((row) => row.versions[field.replace('version:', '')] ?? '');
  const known = [...new Set(values)];
  return good({ values: known, codes: String.fromCharCode(...values.map((value) => 48 + known.indexOf(value))) });
}

function edges(rows: readonly EdgeRow[], { searchParams }: URL): FleetAnswer {
  return list(rows, searchParams.get('query') ?? '', (found) =>
    edgePage(found, searchParams.get('sort') ?? 'name', searchParams.get('cursor'), Number(searchParams.get('limit') ?? 100)),
  );
}

/** The answer to a path below `api/v1/`, with its query. */
export function answerFleet(rows: readonly EdgeRow[], path: string): FleetAnswer {
  const url = new URL(path.replace(API, ''), 'http://backend/');
  const query = url.searchParams.get('query') ?? '';
  const [head = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const [second, third = ''] = rest;
  const action = answerAction(url.pathname.slice(1));
  if (action !== undefined) return good(action);
  const answers: Readonly<Record<string, () => FleetAnswer>> = {
    config: () => good({ version: '0.1.0', apiRevision: 1 }),
    overview: () => overview(rows, second, third, query),
    facets: () => list(rows, query, (found) => ({ revision: 1, items: facetsOf(found) })),
    applications: () => applications(rows, second, url.searchParams.get('by') ?? ''),
    edges: () => (second === undefined ? edges(rows, url) : edge(rows, url, rest)),
  };
  return answers[head]?.() ?? problem(404, 'There is nothing here');
}

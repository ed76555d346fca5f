/** Which answer of the invented fleet belongs to which path: shared by the server of the browser tests and the fetch of the page tests. */
import type { EdgeRow } from '../../proxy-server/src/domain/fleet-view.ts';
import { answerAction } from './action-answers.ts';
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

function edge(rows: readonly EdgeRow[], name: string, rest: string | undefined): FleetAnswer {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) return problem(404, `There is no edge ${name}`);
  if (rest === 'applications') {
    const items = applicationsOf(row);
    return good({ items, total: items.length, revision: 1, now: NOW });
  }
  return good(rest === 'probe' ? { asked: true, detail: 'The edge is asked; what comes of it shows here' } : edgeDetail(row));
}

function overview(rows: readonly EdgeRow[], part: string | undefined, field: string, query: string): FleetAnswer {
  if (part === undefined) return good(overviewOf(rows));
  if (part === 'members') return good(membersOf(rows));
  if (part === 'rows')
    return list(rows, query, (found) => ({ revision: 1, membership: `m${rows.length}`, rows: found.map((row) => rows.indexOf(row)) }));
  const values = rows.map((row) => row.versions[field.replace('version:', '')] ?? '');
  const known = [...new Set(values)];
  return good({ values: known, codes: String.fromCharCode(...values.map((value) => 48 + known.indexOf(value))) });
}

/** The answer to a path below `api/v1/`, with its query. */
export function answerFleet(rows: readonly EdgeRow[], path: string): FleetAnswer {
  const url = new URL(path.replace(API, ''), 'http://backend/');
  const query = url.searchParams.get('query') ?? '';
  const [head = '', second, third] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (head === 'config') return good({ version: '0.1.0', apiRevision: 1 });
  const action = answerAction(url.pathname.slice(1));
  if (action !== undefined) return good(action);
  if (head === 'overview') return overview(rows, second, third ?? '', query);
  if (head === 'facets') return list(rows, query, (found) => ({ revision: 1, items: facetsOf(found) }));
  if (head !== 'edges') return problem(404, 'There is nothing here');
  if (second !== undefined) return edge(rows, second, third);
  const { searchParams } = url;
  return list(rows, query, (found) =>
    edgePage(found, searchParams.get('sort') ?? 'name', searchParams.get('cursor'), Number(searchParams.get('limit') ?? 100)),
  );
}

/** The invented fleet over HTTP, as proxy-server serves it: for screenshots and states that a real fleet reaches only now and then. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { EdgeRow } from '../../proxy-server/src/domain/fleet-view.ts';
import {
  anEdgeRow, applicationsOf, countsOf, deltaOf, edgeDetail, edgePage, facetsOf, matching, membersOf, NOW, overviewOf,
} from '../fakes/fleet-answers.ts'; // prettier-ignore

export interface FakeBackend {
  readonly listener: RequestListener;
  /** From now on every request is answered so; undefined: as usual again. */
  fail(answer: ((res: ServerResponse) => void) | undefined): void;
  /** Ends all streams, as a restart does. */
  dropStreams(): void;
  /** So many random rows take another state every 20 ms; 0 stops. */
  churn(rowsPerTick: number): void;
  close(): void;
}

const TICK_MS = 20;
const API = '/api/v1/';

export function createFakeBackend(count: number): FakeBackend {
  const rows: EdgeRow[] = Array.from({ length: count }, (_unused, row) => anEdgeRow(row)).sort((a, b) =>
    a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  const shift = Date.now() - NOW;
  const streams = new Set<ServerResponse>();
  let revision = 1;
  let failure: ((res: ServerResponse) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** The invented times are moved so that they are as old as they say, now. */
  const json = (value: unknown): string =>
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === 'number' && item > NOW - 90 * 86_400_000 && item < NOW + 90 * 86_400_000 ? item + shift : item,
    );
  const send = (res: ServerResponse, value: unknown): void =>
    void res.writeHead(200, { 'Content-Type': 'application/json' }).end(json(value));
  const problem = (res: ServerResponse, status: number, detail: string): void =>
    void res
      .writeHead(status, { 'Content-Type': 'application/problem+json' })
      .end(JSON.stringify({ type: 'about:blank', title: 'Problem', status, detail, instance: 'req-1' }));

  const stream = (req: IncomingMessage, res: ServerResponse, topics: string): void => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    res.write(`event: hello\ndata: {}\n\n`);
    if (topics.includes('fleet')) res.write(`id: ${revision}\nevent: snapshot\ndata: ${json(overviewOf(rows, revision))}\n\n`);
    streams.add(res);
    req.on('close', () => streams.delete(res));
  };
  const list = (res: ServerResponse, query: string, make: (found: readonly EdgeRow[]) => unknown): void => {
    const found = matching(rows, query);
    if (found === undefined) problem(res, 400, 'The query cannot be read');
    else send(res, make(found));
  };
  const edge = (res: ServerResponse, name: string, rest: string | undefined): void => {
    const row = rows.find((one) => one.name === name);
    if (row === undefined) problem(res, 404, `There is no edge ${name}`);
    else if (rest === 'applications') send(res, { items: applicationsOf(row), total: 10, revision, now: NOW });
    else if (rest === 'probe') send(res, { asked: true, detail: 'Asked; the answer shows here' });
    else send(res, edgeDetail(row));
  };
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const url = new URL(req.url ?? '/', 'http://backend');
    const query = url.searchParams.get('query') ?? '';
    const [head = '', second, third] = url.pathname.slice(API.length).split('/').map(decodeURIComponent);
    if (head === 'stream') stream(req, res, url.searchParams.get('topics') ?? '');
    else if (head === 'overview' && second === 'members') send(res, membersOf(rows));
    else if (head === 'overview' && second === 'rows')
      list(res, query, (found) => ({ revision, membership: `m${count}`, rows: found.map((row) => rows.indexOf(row)) }));
    else if (head === 'overview' && second === 'columns') {
      const values = rows.map((row) => row.versions[(third ?? '').replace('version:', '')] ?? '');
      const known = [...new Set(values)];
      send(res, { values: known, codes: String.fromCharCode(...values.map((value) => 48 + known.indexOf(value))) });
    } else if (head === 'overview') send(res, overviewOf(rows, revision));
    else if (head === 'facets') list(res, query, (found) => ({ revision, items: facetsOf(found) }));
    else if (head === 'edges' && second !== undefined) edge(res, second, third);
    else if (head === 'edges')
      list(res, query, (found) =>
        edgePage(
          found,
          url.searchParams.get('sort') ?? 'name',
          url.searchParams.get('cursor'),
          Number(url.searchParams.get('limit') ?? 100),
        ),
      );
    else problem(res, 404, 'There is nothing here');
  };
  const tick = (rowsPerTick: number): void => {
    revision += 1;
    const changes = Array.from({ length: rowsPerTick }, (): [number, EdgeRow] => {
      const row = Math.floor(Math.random() * rows.length);
      const next = anEdgeRow(Math.floor(Math.random() * rows.length));
      const before = rows[row] ?? next;
      const after = { ...before, state: next.state, look: next.look, sync: next.sync, connection: next.connection };
      rows[row] = after;
      return [row, after];
    });
    const delta = { ...deltaOf(revision, changes), ...(revision % 25 === 0 ? { counts: countsOf(rows) } : {}) };
    for (const res of streams) res.write(`id: ${revision}\nevent: delta\ndata: ${json(delta)}\n\n`);
  };

  return {
    listener: (req, res) => (failure === undefined ? answer(req, res) : failure(res)),
    fail(next) {
      failure = next;
    },
    dropStreams: () => streams.forEach((res) => res.destroy()),
    churn(rowsPerTick) {
      clearInterval(timer);
      timer = rowsPerTick === 0 ? undefined : setInterval(() => tick(rowsPerTick), TICK_MS);
    },
    close: () => clearInterval(timer),
  };
}

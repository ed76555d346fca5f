/** The invented fleet over HTTP, as proxy-server serves it: for screenshots and states that a real fleet reaches only now and then. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { EdgeRow } from '../../proxy-server/src/domain/fleet-view.ts';
import { anEdgeRow, countsOf, deltaOf, NOW, overviewOf } from '../fakes/fleet-answers.ts';
import { answerFleet } from '../fakes/fleet-routes.ts';

export interface FakeBackend {
  readonly listener: RequestListener;
  /** From now on every request is answered so; undefined: as usual again. */
  fail(answer: ((res: ServerResponse) => void) | undefined): void;
  /** From now on paths that contain `part` are answered with this body and status; an undefined body: as usual again. */
  say(part: string, body: unknown, status?: number): void;
  /** Ends all streams, as a restart does. */
  dropStreams(): void;
  /** So many rows take another state every 20 ms; 0 stops. */
  churn(rowsPerTick: number): void;
  close(): void;
}

const TICK_MS = 20;
const NEAR_MS = 90 * 86_400_000;
const byName = (one: EdgeRow, other: EdgeRow): number => one.name.localeCompare(other.name, 'en', { numeric: true });

export function createFakeBackend(count: number, make: (row: number) => EdgeRow = anEdgeRow): FakeBackend {
  const rows: EdgeRow[] = Array.from({ length: count }, (_unused, row) => make(row)).sort(byName);
  const said = new Map<string, { readonly status: number; readonly body: unknown }>();
  const shift = Date.now() - NOW;
  const streams = new Set<ServerResponse>();
  let revision = 1;
  let failure: ((res: ServerResponse) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** The invented times are moved, so that now they are as old as they say. */
  const json = (value: unknown): string =>
    JSON.stringify(value, (_key, item: unknown) => (typeof item === 'number' && Math.abs(item - NOW) < NEAR_MS ? item + shift : item));

  const stream = (req: IncomingMessage, res: ServerResponse): void => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    res.write('event: hello\ndata: {}\n\n');
    if (req.url?.includes('fleet') && !req.url.includes('after='))
      res.write(`id: ${revision}\nevent: snapshot\ndata: ${json(overviewOf(rows, revision))}\n\n`);
    streams.add(res);
    req.on('close', () => streams.delete(res));
  };
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const path = req.url ?? '/';
    if (path.includes('/stream?')) return stream(req, res);
    const own = [...said].find(([part]) => path.includes(part))?.[1];
    const { status, body } = own ?? answerFleet(rows, path);
    res.writeHead(status, { 'Content-Type': status === 200 ? 'application/json' : 'application/problem+json' }).end(json(body));
  };
  const tick = (rowsPerTick: number): void => {
    revision += 1;
    const changes = Array.from({ length: rowsPerTick }, (_unused, index): [number, EdgeRow] => {
      const row = (revision * 7919 + index * 104729) % rows.length;
      const next = anEdgeRow(revision * 31 + index);
      const { state, look, sync = 'Synced', connection } = next;
      const after = { ...(rows[row] ?? next), state, look, sync, connection };
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
    say(part, body, status = 200) {
      if (body === undefined) said.delete(part);
      else said.set(part, { status, body });
    },
    dropStreams: () => streams.forEach((res) => res.destroy()),
    churn(rowsPerTick) {
      clearInterval(timer);
      timer = rowsPerTick === 0 ? undefined : setInterval(() => tick(rowsPerTick), TICK_MS);
    },
    close: () => clearInterval(timer),
  };
}

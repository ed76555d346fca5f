/** What the fleet's overview costs on the wire: the first one, and keeping it fresh, against the lists that a page over plain Argo CDs would ask for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withFleetInView, type FleetInView } from './fleet/fleet-in-view.ts';
import { sampleLists } from './fleet/page-view.ts';
import { openStream } from './fleet/stream-reader.ts';
import type { Measurement } from './measurement.ts';
import { percentiles } from './measurement.ts';

const BROTLI = { 'accept-encoding': 'br' };
const CHANGES_PER_SECOND = 1_000;
const DELTA_SECONDS = 5;
const KB = 1_000;
const ASKED_TIMES = 50;

async function wireBytes({ program }: FleetInView, path: string): Promise<number> {
  const { status, headers, body } = await program.ask(path, BROTLI);
  if (status !== 200 || headers['content-encoding'] !== 'br') throw new Error(`${path} was answered with ${status}, not compressed`);
  return body.length;
}

/** Asked again with the ETag where nothing has changed: the header alone. */
async function revalidated({ program }: FleetInView): Promise<{ readonly ms: number; readonly status: number }> {
  const { headers } = await program.ask('/api/v1/overview/members', BROTLI);
  const times: number[] = [];
  let status = 0;
  for (let turn = 0; turn < ASKED_TIMES; turn += 1) {
    const startedAt = performance.now();
    ({ status } = await program.ask('/api/v1/overview/members', { ...BROTLI, 'if-none-match': String(headers['etag']) }));
    times.push(performance.now() - startedAt);
  }
  return { ms: percentiles(times).p50, status };
}

/** Bytes a second that one reader of the stream is sent while the reference load runs. */
async function deltaBytes({ program, simulated }: FleetInView): Promise<number> {
  await simulated.setChanges(CHANGES_PER_SECOND);
  const reader = await openStream({ url: program.url, username: 'reader' });
  await sleep(2_000);
  const before = reader.bytes;
  await sleep(DELTA_SECONDS * 1_000);
  const bytes = (reader.bytes - before) / DELTA_SECONDS;
  reader.close();
  return bytes;
}

export async function measureOverview(edges: number): Promise<readonly Measurement[]> {
  return withFleetInView({ edges }, async (fleet) => {
    const members = await wireBytes(fleet, '/api/v1/overview/members');
    const { gzipBytes, rawBytes } = await sampleLists(fleet.home, fleet.simulated);
    const again = await revalidated(fleet);
    const perSecond = await deltaBytes(fleet);
    const status = await wireBytes(fleet, '/api/v1/overview');
    const kb = (bytes: number): string => `${(bytes / KB).toFixed(1)} kB`;
    const lists = {
      words: `${edges.toLocaleString('en-US')} plain lists, gzip; ${Math.round((rawBytes * edges) / 1_000_000)} MB raw; from a sample`,
      value: (gzipBytes * edges) / KB,
    };
    return [
      {
        what: 'overview on the wire, first',
        unit: 'kB',
        baseline: lists,
        ours: (members + status) / KB,
        detail: `names and labels ${kb(members)}, columns ${kb(status)}, brotli`,
        mustReach: 60,
        moonshot: 36,
      },
      {
        what: 'overview on the wire, refresh after everything has changed',
        unit: 'kB',
        baseline: lists,
        ours: status / KB,
        detail: `stream ${kb(perSecond)}/s at 1,000 changes/s; names again: ${again.status} in ${again.ms.toFixed(1)} ms`,
        mustReach: 10,
        moonshot: 5,
      },
    ];
  });
}

/**
 * From a change at an edge's API to its bytes at a reader of the stream, while the reference load runs: 100 readers, 1,000 changes a second.
 * Single Applications of healthy edges are broken and healed; the edge's own clock says when, the first delta that shows it says until when.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { FleetMembers } from '../proxy-server/src/contract/fleet.ts';
import { codeAt } from '../proxy-server/src/domain/column-codec.ts';
import { EDGE_LOOKS } from '../proxy-server/src/domain/look.ts';
import { unpackMembers } from '../proxy-server/src/domain/packed-members.ts';
import { withFleetInView, type FleetInView } from './fleet/fleet-in-view.ts';
import { sampleLists } from './fleet/page-view.ts';
import { cpuSeconds, cpuSince } from './fleet/process-figures.ts';
import { openStream, type StreamReader } from './fleet/stream-reader.ts';
import { percentiles, type Figures, type Measurement } from './measurement.ts';

export interface ChangesOptions {
  readonly edges: number;
  readonly readers: number;
  readonly changesPerSecond: number;
  readonly seconds: number;
}

const Delta = z.looseObject({ rows: z.array(z.tuple([z.number(), z.string()])) });
const Overview = z.looseObject({ revision: z.number(), status: z.looseObject({ look: z.string() }) });

/** Of the characters of a row: state, look, sync, connection, freshness, age. */
const LOOK_AT = 1;
const HEALTHY = EDGE_LOOKS.indexOf('Healthy');
const DEGRADED = EDGE_LOOKS.indexOf('Degraded');
const PAUSE_MS = 40;
const SHOWN_WITHIN_MS = 5_000;
const SETTLE_MS = 3_000;
const POLL_MS = 30_000;

/** The looks of all rows as one reader of the stream knows them, and who waits for one to change. */
class Watching {
  readonly #looks: number[];
  readonly #waiting = new Map<number, { readonly look: number; readonly seen: (at: number) => void }>();

  constructor(looks: string) {
    this.#looks = Array.from({ length: looks.length }, (_unused, row) => codeAt(looks, row));
  }

  look(row: number): number {
    return this.#looks[row] ?? -1;
  }

  onDelta(data: string, at: number): void {
    for (const [row, chars] of Delta.parse(JSON.parse(data)).rows) {
      const look = codeAt(chars, LOOK_AT);
      this.#looks[row] = look;
      const waiting = this.#waiting.get(row);
      if (waiting?.look === look) waiting.seen(at);
    }
  }

  /** Resolves with when the row first had the look, or undefined where it never came to it. */
  async until(row: number, look: number): Promise<number | undefined> {
    const seen = new Promise<number>((resolve) => this.#waiting.set(row, { look, seen: resolve }));
    const at = await Promise.race([seen, sleep(SHOWN_WITHIN_MS, undefined, { ref: false })]);
    this.#waiting.delete(row);
    return at;
  }
}

async function openReaders({ program }: FleetInView, count: number, after: number): Promise<readonly StreamReader[]> {
  const readers: StreamReader[] = [];
  for (let index = 0; index < count; index += 1) readers.push(await openStream({ url: program.url, username: `reader-${index}`, after }));
  return readers;
}

interface Probed {
  readonly latencies: readonly number[];
  readonly neverShown: number;
}

/** The world's clock runs with the machine's, and both are read on this machine: differences are within a millisecond. */
const wallTime = (at: number): number => performance.timeOrigin + at;

/** Breaks and heals one Application after the other until the time is over. */
async function probe({ simulated }: FleetInView, names: readonly string[], watching: Watching, seconds: number): Promise<Probed> {
  const latencies: number[] = [];
  let neverShown = 0;
  const until = performance.now() + seconds * 1000;
  const change = async (row: number, trouble: string, look: number): Promise<void> => {
    const [application] = await simulated.applicationsOf(names[row] ?? '');
    const shown = watching.until(row, look);
    const changedAt = await simulated.order('trouble', { select: { names: [names[row]] }, application: application?.name, trouble });
    const shownAt = await shown;
    if (shownAt === undefined) neverShown += 1;
    else latencies.push(wallTime(shownAt) - changedAt);
  };
  for (let row = 0; performance.now() < until; row = (row + 7) % names.length) {
    if (watching.look(row) !== HEALTHY) continue;
    await change(row, 'crash', DEGRADED);
    await change(row, 'none', HEALTHY);
    await sleep(PAUSE_MS);
  }
  return { latencies, neverShown };
}

interface Load {
  readonly eventsPerSecond: number;
  readonly cpuShare: number | undefined;
  readonly bytesPerReader: number;
}

/** What ran beside the probes, from counts before and after. */
async function measureLoad(fleet: FleetInView, readers: readonly StreamReader[], run: () => Promise<void>): Promise<Load> {
  const bytes = (): number => readers.reduce((sum, reader) => sum + reader.bytes, 0);
  const before = {
    at: performance.now(),
    cpu: cpuSeconds(fleet.program.pid),
    bytes: bytes(),
    sent: (await fleet.simulated.summary()).traffic.eventsSent,
  };
  await run();
  const passed = (performance.now() - before.at) / 1000;
  const cpu = cpuSince(fleet.program.pid, before.cpu);
  return {
    eventsPerSecond: ((await fleet.simulated.summary()).traffic.eventsSent - before.sent) / passed,
    cpuShare: cpu === undefined ? undefined : cpu / passed,
    bytesPerReader: (bytes() - before.bytes) / Math.max(1, readers.length) / passed,
  };
}

async function changesOf(fleet: FleetInView, options: ChangesOptions): Promise<{ readonly probed: Probed; readonly load: Load }> {
  const { program, simulated } = fleet;
  const { revision, status } = Overview.parse(JSON.parse((await program.ask('/api/v1/overview')).body.toString()));
  const { names } = unpackMembers(FleetMembers.parse(JSON.parse((await program.ask('/api/v1/overview/members')).body.toString())));
  const watching = new Watching(status.look);
  const watcher = await openStream({
    url: program.url,
    username: 'watcher',
    after: revision,
    onEvent: ({ event, data }, at) => {
      if (event === 'delta') watching.onDelta(data, at);
    },
  });
  const readers = await openReaders(fleet, options.readers - 1, revision);
  await simulated.setChanges(options.changesPerSecond);
  await sleep(SETTLE_MS);
  let probed: Probed = { latencies: [], neverShown: 0 };
  const load = await measureLoad(fleet, readers, async () => {
    probed = await probe(fleet, names, watching, options.seconds);
  });
  for (const reader of [watcher, ...readers]) reader.close();
  return { probed, load };
}

/** A poller sees a change after what is left of its interval, evenly spread, and one list. */
const polled = (share: number, list: Figures): number => POLL_MS * share + list.p50;

export async function measureChanges(options: ChangesOptions): Promise<readonly Measurement[]> {
  return withFleetInView({ edges: options.edges }, async (fleet) => {
    const { probed, load } = await changesOf(fleet, options);
    const lists = percentiles((await sampleLists(fleet.home, fleet.simulated)).latencies);
    const figures = percentiles(probed.latencies);
    const rate = `${Math.round(load.eventsPerSecond).toLocaleString('en-US')} changes/s, ${options.readers} readers`;
    const cpu = load.cpuShare === undefined ? '' : `, ${Math.round(load.cpuShare * 100)} % of a core`;
    const never = probed.neverShown === 0 ? '' : `, ${probed.neverShown} not seen within ${SHOWN_WITHIN_MS / 1000} s`;
    const words = `30 s polling, computed from the interval and a measured list of ${lists.p50.toFixed(0)} ms`;
    const line = (name: 'p50' | 'p99', share: number, mustReach: number, moonshot: number): Measurement => ({
      what: `change at an edge's API to bytes at a reader, ${name}`,
      unit: 'ms',
      baseline: { words, value: polled(share, lists) },
      ours: figures[name],
      detail: `${figures.count} changes timed at ${rate}, ${(load.bytesPerReader / 1000).toFixed(1)} kB/s each${cpu}${never}`,
      mustReach,
      moonshot,
    });
    return [line('p50', 0.5, 150, 40), line('p99', 0.99, 300, 80)];
  });
}

/** The baseline of everything that is shown: one page view that asks every edge for its list, with the fields that Argo CD's own page asks for. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Agent, request } from 'undici';
import { scanFolder, EMPTY_SCAN, FOLDER_LIMITS } from '../../proxy-server/src/folder/scan.ts';
import { startChild } from '../../simulator/src/start/child.ts';
import type { Home } from './home.ts';
import { cpuSeconds, cpuSince } from './process-figures.ts';
import type { SimulatedEdges } from './simulated-edges.ts';

/** ui/src/app/shared/services/applications-service.ts of argo-cd v3.5.1, APPLICATION_LIST_FIELDS. */
const STOCK_FIELDS = [
  'metadata.resourceVersion',
  ...[
    'metadata.name', 'metadata.namespace', 'metadata.annotations', 'metadata.labels', 'metadata.creationTimestamp', 'metadata.deletionTimestamp',
    'spec', 'operation.sync', 'status.sourceHydrator', 'status.sync.status', 'status.sync.revision', 'status.health',
    'status.operationState.phase', 'status.operationState.finishedAt', 'status.operationState.operation.sync', 'status.summary',
  ].map((field) => `items.${field}`),
].join(','); // prettier-ignore
const LIST = `/api/v1/applications?fields=${STOCK_FIELDS}`;
/** More does not help; a browser alone has 6. */
const IN_FLIGHT = 100;

/** What one request of a page view needs. */
interface Listing {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const ACCESS = { 'cf-access-client-id': 'fleet.access.edge.test', 'cf-access-client-secret': 'simulated-access-secret' };

/** One listing per edge, from the folder that proxy-server reads too. */
async function listings(home: Home): Promise<readonly Listing[]> {
  const scan = await scanFolder(join(home.config, 'edges'), EMPTY_SCAN, FOLDER_LIMITS);
  const objects = [...scan.files.values()].flatMap(({ documents }) => documents.flatMap(({ object }) => object ?? []));
  const tokens = new Map<string, string | undefined>(
    objects.flatMap((object) => (object.kind === 'Secret' ? [[object.name, object.secret.values.get('read')]] : [])),
  );
  return objects.flatMap((object) => {
    if (object.kind !== 'Edge') return [];
    const url = new URL(object.edge.url);
    const headers = { host: url.host, authorization: `Bearer ${tokens.get(object.edge.tokenSecret) ?? ''}`, ...ACCESS };
    return [{ path: `${url.pathname.replace(/\/$/, '')}${LIST}`, headers }];
  });
}

export interface PageViewFigures {
  readonly seconds: number;
  /** Of the program that fans out. */
  readonly cpuSeconds: number | undefined;
  readonly bytes: number;
  readonly failed: number;
}

/** Views the page once: every edge's list through the proxy, read and parsed. */
export async function viewPageByFanOut(home: Home, edges: SimulatedEdges): Promise<PageViewFigures> {
  const asked = await listings(home);
  const proxy = startChild({
    name: 'The fan-out',
    script: join(import.meta.dirname, 'fan-out-proxy.ts'),
    args: [`${edges.scheme}://127.0.0.1:${edges.port}`, edges.scheme === 'https' ? 'each' : 'kept'],
    environment: {},
    logFile: home.file('fan-out.log'),
  });
  const dispatcher = new Agent({ connections: IN_FLIGHT });
  try {
    const [, port] = await proxy.line(/^Listening on (\d+)/);
    const cpuBefore = cpuSeconds(proxy.pid);
    const startedAt = performance.now();
    let [bytes, failed] = [0, 0];
    const queue = asked.values();
    const work = async (): Promise<void> => {
      for (const { path, headers } of queue) {
        const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, { headers, dispatcher });
        const text = await body.text();
        bytes += text.length;
        if (statusCode === 200) JSON.parse(text);
        else failed += 1;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpuSince(proxy.pid, cpuBefore), bytes, failed };
  } finally {
    await dispatcher.destroy();
    await proxy.stop();
  }
}

export interface ListFigures {
  /** Mean of one edge's list. */
  readonly rawBytes: number;
  readonly gzipBytes: number;
  /** Of each request, in ms. */
  readonly latencies: readonly number[];
}

const SAMPLE = 40;

/** Asks some edges for their list, one after the other, as a poller would. */
export async function sampleLists(home: Home, edges: SimulatedEdges, pauseMs = 0): Promise<ListFigures> {
  const all = await listings(home);
  const step = Math.max(1, Math.floor(all.length / SAMPLE));
  const chosen = all.filter((_listing, index) => index % step === 0).slice(0, SAMPLE);
  const latencies: number[] = [];
  let [rawBytes, gzipBytes] = [0, 0];
  for (const { path, headers } of chosen) {
    const startedAt = performance.now();
    const { body } = await request(`${edges.scheme}://127.0.0.1:${edges.port}${path}`, { headers });
    const text = Buffer.from(await body.arrayBuffer());
    latencies.push(performance.now() - startedAt);
    rawBytes += text.length / chosen.length;
    gzipBytes += gzipSync(text).length / chosen.length;
    if (pauseMs > 0) await sleep(pauseMs);
  }
  return { rawBytes, gzipBytes, latencies };
}

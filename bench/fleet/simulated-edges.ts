/** The simulator as a child process: as many edges as asked for, plain or each with its own TLS handshake, and the order of things in them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { z } from 'zod';
import { makeLabCertificate } from '../../simulator/src/front/lab-certificate.ts';
import { startChild } from '../../simulator/src/start/child.ts';
import type { Home } from './home.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Design: the reference load. */
export const APPLICATIONS_PER_EDGE = 20;
const DAY_MS = 86_400_000;

export interface EdgesWanted {
  readonly edges: number;
  readonly tls?: boolean;
  /** Changes of Applications a second that happen by themselves; 0 or absent: none. */
  readonly changesPerSecond?: number;
  readonly speed?: number;
}

const Summary = z.looseObject({
  now: z.number(),
  applications: z.number(),
  traffic: z.looseObject({ eventsSent: z.number(), openStreams: z.number(), requests: z.number() }),
});
const Ordered = z.looseObject({ at: z.number(), count: z.number() });
const Edges = z.array(z.looseObject({ name: z.string() }));
const OneEdge = z.looseObject({
  items: z.array(z.looseObject({ name: z.string(), health: z.string(), sync: z.string(), trouble: z.string() })),
});

export interface SimulatedEdges {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** The file to be named in NODE_EXTRA_CA_CERTS; undefined where the edges speak plain HTTP. */
  readonly caFile: string | undefined;
  readonly pid: number | undefined;
  readonly ended: Promise<string>;
  summary(): Promise<z.infer<typeof Summary>>;
  names(): Promise<readonly string[]>;
  applicationsOf(edge: string): Promise<z.infer<typeof OneEdge>['items']>;
  /** Runs one command of the control port; resolves with when it was run. */
  order(command: string, input: unknown): Promise<number>;
  setChanges(perSecond: number): Promise<void>;
  stop(): Promise<void>;
}

/** Each small event of the world is a change and a little later its end. */
const eventsOf = (changesPerSecond: number): number => changesPerSecond / 2;

async function keysFor(home: Home): Promise<{ readonly key: string; readonly cert: string }> {
  const now = Date.now();
  const { key, cert } = makeLabCertificate({
    names: ['*.edge.test', '127.0.0.1'],
    validFrom: new Date(now - DAY_MS),
    validTo: new Date(now + DAY_MS),
    isCa: true,
  });
  const files = { key: home.file('edges-key.pem'), cert: home.file('edges-cert.pem') };
  await writeFile(files.key, key);
  await writeFile(files.cert, cert);
  return files;
}

/** Starts the edges and writes the matching configuration into the home. */
export async function startSimulatedEdges(home: Home, wanted: EdgesWanted): Promise<SimulatedEdges> {
  const { edges, tls = false, changesPerSecond = 0, speed = 1 } = wanted;
  const keys = tls ? await keysFor(home) : undefined;
  const numbers = { edges, applications: APPLICATIONS_PER_EDGE, events: eventsOf(changesPerSecond), speed };
  const child = startChild({
    name: 'The simulator',
    script: join(ROOT, 'simulator/src/main.ts'),
    args: [
      ...Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...(keys === undefined ? [] : ['--tls-key', keys.key, '--tls-cert', keys.cert]),
      ...['--write-config', join(home.config, 'edges')],
    ],
    environment: {},
    logFile: home.file('simulator.log'),
  });
  const [, port, controlPort] = await child.line(/ at https?:\/\/[\d.]+:(\d+), control at http:\/\/[\d.]+:(\d+)/);
  await child.line(/^Wrote \d+ files/);
  const control = `http://127.0.0.1:${controlPort}`;
  const ask = async (path: string): Promise<unknown> => (await request(`${control}${path}`)).body.json();
  const order = async (command: string, input: unknown): Promise<number> => {
    const { statusCode, body } = await request(`${control}/${command}`, { method: 'POST', body: JSON.stringify(input) });
    if (statusCode !== 200) throw new Error(`${command} was refused: ${await body.text()}`);
    return Ordered.parse(await body.json()).at;
  };
  return {
    port: Number(port),
    scheme: tls ? 'https' : 'http',
    caFile: keys?.cert,
    pid: child.pid,
    ended: child.ended,
    summary: async () => Summary.parse(await ask('/')),
    names: async () => Edges.parse(await ask('/edges')).map(({ name }) => name),
    applicationsOf: async (edge) => OneEdge.parse(await ask(`/edges/${edge}`)).items,
    order,
    setChanges: async (perSecond) => void (await order('life', { eventsPerSecond: eventsOf(perSecond) })),
    stop: () => child.stop(),
  };
}

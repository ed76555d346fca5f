/**
 * A real cloudflared between the hub and an edge of the simulator, on the machine's own clock: killed, paused, restarted; its origin killed; the
 * token revoked; the rights taken away. Each has to be shown as the right row in time, and each has to heal by itself. Takes about 20 minutes,
 * most of it the 6 minutes that a revoked token or a lost right may take.
 *
 *   CLOUDFLARED=/path/to/cloudflared node test/chaos/cloudflared/run.ts [quick]
 *
 * `quick` leaves those two out.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedTokenId, tokenOf } from '../../../simulator/src/argocd/tokens.ts';
import { makeLabCertificate } from '../../../simulator/src/front/lab-certificate.ts';
import { startSimulator } from '../../../simulator/src/simulator.ts';
import { trouble } from '../../../simulator/src/world/operations.ts';
import { createRealRuntime } from '../../fakes/real-runtime.ts';
import { SEES_EVERYTHING } from '../../../proxy-server/src/domain/visibility.ts';
import { startChaosFleet } from '../chaos-fleet.ts';
import { startOrigin } from './origin.ts';
import { startStandIn } from './stand-in.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SEED = 1;
const binary = process.env['CLOUDFLARED'];
if (binary === undefined) throw new Error('CLOUDFLARED names no binary');
const isQuick = process.argv[2] === 'quick';

const folder = await mkdtemp(join(tmpdir(), 'edge-fleet-cloudflared-'));
const day = 24 * 60 * MINUTE;
const keys = makeLabCertificate({ names: ['h2.cftunnel.com', 'quic.cftunnel.com', 'probe.cftunnel.com'], validFrom: new Date(Date.now() - day), validTo: new Date(Date.now() + day), isCa: true }); // prettier-ignore
const standIn = await startStandIn(keys);
const simulator = await startSimulator({ edges: 1, seed: SEED, applications: 6 });
const [edge] = simulator.world.edges;
if (edge === undefined) throw new Error('The world has no edge');
const origin = await startOrigin(simulator.port);

async function writeFiles(): Promise<void> {
  await writeFile(join(folder, 'ca.pem'), keys.cert);
  const secret = Buffer.alloc(32, 7).toString('base64');
  await writeFile(join(folder, 'creds.json'), JSON.stringify({ AccountTag: '0'.repeat(32), TunnelSecret: secret, TunnelID: '6f1c2a0e-0000-4000-8000-00000000e001' }), { mode: 0o400 }); // prettier-ignore
  const lines = ['tunnel: 6f1c2a0e-0000-4000-8000-00000000e001', `credentials-file: ${join(folder, 'creds.json')}`, 'ingress:', `  - service: http://127.0.0.1:${origin.port}`]; // prettier-ignore
  await writeFile(join(folder, 'config.yaml'), `${lines.join('\n')}\n`);
}

function startConnector(): ChildProcess {
  const child = spawn(
    binary ?? '',
    ['tunnel', '--config', join(folder, 'config.yaml'), '--edge', `127.0.0.1:${standIn.edgePort}`, '--cacert', join(folder, 'ca.pem'), '--protocol', 'http2', '--no-autoupdate', '--no-prechecks', '--metrics', '127.0.0.1:0', '--grace-period', '5s', 'run'],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true }, // a group of its own: a stopped member may cost an orphaned group its life
  ); // prettier-ignore
  child.stderr?.resume();
  return child;
}

await writeFiles();
let connector = startConnector();
const runtime = createRealRuntime();
await runtime.until(() => standIn.connections > 0, 30 * SECOND, 'the registration');
const fleet = await startChaosFleet(
  [
    {
      name: edge.name,
      url: `http://127.0.0.1:${standIn.frontPort}/e/${edge.name}`,
      connector: 'cloudflare',
      token: tokenOf(SEED, edge, 'fleet'),
    },
  ],
  { runtime },
);
const latest = (): string => {
  const report = fleet.latest(edge.name);
  return `${report?.connection ?? 'nothing'} ${report?.failure?.row ?? ''}`.trim();
};
let missed = 0;
async function expects(what: string, wanted: readonly string[], withinMs: number): Promise<void> {
  const from = Date.now();
  const found = await runtime
    .until(() => wanted.includes(latest()), withinMs)
    .then(
      () => true,
      () => false,
    );
  if (!found) missed += 1;
  process.stdout.write(
    `${found ? '  ' : '! '}${what}: ${latest()} after ${((Date.now() - from) / SECOND).toFixed(1)} s (${wanted.join(' or ')} within ${withinMs / SECOND} s)\n`,
  );
}
function says(what: string, holds: boolean): void {
  if (!holds) missed += 1;
  process.stdout.write(`${holds ? '  ' : '! '}${what}\n`);
}
const healsWithin = 40 * SECOND;
const heals = (): Promise<void> => expects('heals', ['Reachable'], healsWithin);

await expects('through a real cloudflared', ['Reachable'], 30 * SECOND);
await runtime.until(() => fleet.applications(edge.name) === 6, 10 * SECOND, 'its Applications');
await runtime.pass(3 * SECOND);
fleet.forget();
const began = Date.now();
trouble(simulator.world, edge.applications[0]!, 'crash');
const isDegraded = (): boolean => {
  const page = fleet.state.reader.applications(SEES_EVERYTHING, { query: 'health:Degraded', sort: ['name'], limit: 10 });
  return page.ok && page.value.total > 0;
};
await runtime.until(isDegraded, 10 * SECOND).catch(() => undefined);
says(`a change is shown after ${Date.now() - began} ms`, isDegraded());

connector.kill('SIGKILL');
await expects('killed', ['OutOfReach 1'], 15 * SECOND);
connector = startConnector();
await heals();

fleet.forget();
connector.kill('SIGKILL');
connector = startConnector();
await runtime.pass(30 * SECOND);
says(
  'killed and started at once: nothing is shown',
  fleet.reports(edge.name).every(({ connection }) => connection === 'Reachable'),
);

connector.kill('SIGSTOP');
await expects('paused', ['OutOfReach 36', 'OutOfReach 1', 'OutOfReach 6', 'OutOfReach 4'], 61 * SECOND);
connector.kill('SIGCONT');
await expects('heals', ['Reachable'], MINUTE);

fleet.forget();
connector.kill('SIGTERM');
await runtime.pass(2 * SECOND);
connector = startConnector();
await runtime.pass(30 * SECOND);
says(
  'restarted in order: nothing is shown',
  fleet.reports(edge.name).every(({ connection }) => connection === 'Reachable'),
);

await origin.stop();
await expects('origin killed', ['OutOfReach 4'], 15 * SECOND);
await origin.start();
await heals();

if (!isQuick) {
  const tokenId = seedTokenId(SEED, edge, 'fleet');
  await runtime.pass(90 * SECOND); // the first TICK of the stream is through, the next one is minutes away
  edge.access.revoked.add(tokenId);
  await expects('token revoked', ['Refused 22'], 6 * MINUTE);
  edge.access.revoked.delete(tokenId);
  await expects('heals', ['Reachable'], 16 * MINUTE);
  await runtime.pass(90 * SECOND);
  edge.access.withoutRights.add('fleet');
  await expects('rights taken away', ['Refused 23'], 6 * MINUTE);
  says('nothing is pruned', fleet.applications(edge.name) === 6);
  edge.access.withoutRights.delete('fleet');
  await expects('heals', ['Reachable'], 16 * MINUTE);
}
process.stdout.write(missed === 0 ? 'All hold.\n' : `${missed} missed.\n`);
await fleet.close();
connector.kill('SIGKILL');
standIn.close();
await simulator.close();
await rm(folder, { recursive: true, force: true });
process.exit(missed === 0 ? 0 : 1);

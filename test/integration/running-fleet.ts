/** The whole program in front of the simulator: a folder on disk, a state file, real sockets, and a clock that the test steps. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startProgram, type Program } from '../../proxy-server/src/compose.ts';
import { readConfig } from '../../proxy-server/src/config.ts';
import { createMetrics } from '../../proxy-server/src/observability/metrics.ts';
import { writeConfigFolder } from '../../simulator/src/config-folder.ts';
import { startSimulator, type Simulator } from '../../simulator/src/simulator.ts';
import { throughHub, OPS_SECRET, VIEW_SECRET } from '../api-harness.ts';
import { createSteppedRuntime, type SteppedRuntime } from '../fakes/stepped-runtime.ts';

export interface RunningFleet {
  readonly simulator: Simulator;
  readonly runtime: SteppedRuntime;
  readonly folder: string;
  readonly program: Program;
  /** Asks the API as a user whom the hub let through. */
  get(path: string, headers?: Record<string, string>): Promise<{ readonly status: number; readonly body: never }>;
  stream(path: string): Promise<Response>;
  /** Orders something of the world over its control port. */
  order(command: string, input: unknown): Promise<void>;
  put(file: string, text: string): Promise<void>;
  /** Lets sockets work and time go by, at most `stepMs` a turn, until `done` holds of what `path` answers. */
  until<T>(path: string, done: (body: T) => boolean, stepMs?: number): Promise<T>;
  /** Time goes by, sockets do their work. */
  pass(ms: number): Promise<void>;
  /** Stops the program and starts it again on the same folder and file. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The secrets of the hub's registrations. */
export const SCOPES = `apiVersion: v1
kind: Secret
metadata: {name: edge-fleet-scopes}
stringData: {edge-fleet: ${VIEW_SECRET}, edge-fleet-ops: ${OPS_SECRET}}
`;
const POLICY = `apiVersion: v1
kind: ConfigMap
metadata: {name: edge-fleet-policy}
data: {hubVersion: "3.5.1"}
`;
/** Turns between two questions to the API. */
const ASK_EVERY = 25;
const MAX_TURNS = 200_000;

function settings(home: string, environment: Readonly<Record<string, string>>): Parameters<typeof startProgram>[0]['config'] {
  const outcome = readConfig({
    EDGE_FLEET_CONFIG_DIR: join(home, 'config'),
    EDGE_FLEET_STATE_FILE: join(home, 'state.sqlite'),
    EDGE_FLEET_LISTEN: '127.0.0.1:0',
    ...environment,
  });
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.config;
}

/** Where the objects come from, if not from the folder: what is said in the environment, given the folder that they would be in. */
export type PutObjects = (folder: string) => Promise<Readonly<Record<string, string>>>;

export async function runFleet(edges: number, putObjects: PutObjects = () => Promise.resolve({})): Promise<RunningFleet> {
  const home = await mkdtemp(join(tmpdir(), 'edge-fleet-run-'));
  const folder = join(home, 'config');
  const simulator = await startSimulator({ edges, seed: 7 });
  await writeConfigFolder(simulator.world, { folder, host: '127.0.0.1', port: simulator.port });
  await writeFile(join(folder, 'hub.yaml'), `${SCOPES}---\n${POLICY}`, { mode: 0o600 });
  const runtime = createSteppedRuntime(Date.now());
  const environment = await putObjects(folder);
  const start = (): Promise<Program> =>
    stepped(
      startProgram({ config: settings(home, environment), runtime: { ...runtime, metrics: createMetrics('test') }, version: '0.1.0' }),
    );
  /** Time goes by until it has settled. */
  const stepped = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    void promise.finally(() => (settled = true)).catch(() => undefined);
    while (!settled) {
      runtime.advance(1);
      await nextTurn();
    }
    return promise;
  };
  let program = await start();

  const ask = (path: string, headers: Record<string, string> = throughHub()): Promise<Response> =>
    fetch(`http://127.0.0.1:${program.port}${path}`, { headers });
  const stop = (): Promise<void> => stepped(program.close());
  const fleet: RunningFleet = {
    simulator, runtime, folder,
    get program() {
      return program;
    },
    async get(path, headers) {
      const answer = await ask(path, headers);
      const json = /json/.test(answer.headers.get('content-type') ?? '');
      return { status: answer.status, body: (json ? await answer.json() : await answer.text()) as never };
    },
    stream: (path) => ask(path),
    async order(command, input) {
      const answer = await fetch(`http://127.0.0.1:${simulator.controlPort}/${command}`, { method: 'POST', body: JSON.stringify(input) });
      if (!answer.ok) throw new Error(`${command}: ${answer.status} ${await answer.text()}`);
    },
    put: (file, text) => writeFile(join(folder, file), text, { mode: 0o600 }),
    async until(path, done, stepMs = 1) {
      for (let turn = 0; turn < MAX_TURNS; turn += 1) {
        if (turn % ASK_EVERY === 0) {
          const { body } = await fleet.get(path);
          if (done(body)) return body;
        }
        runtime.advance(stepMs);
        await nextTurn();
      }
      throw new Error(`${path} never came to what was waited for`);
    },
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 1) {
        runtime.advance(1);
        await nextTurn();
      }
    },
    async restart() {
      await stop();
      program = await start();
    },
    async close() {
      await stop();
      await simulator.close();
      await rm(home, { recursive: true, force: true });
    },
  }; // prettier-ignore
  return fleet;
}

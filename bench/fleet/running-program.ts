/** The real program as a child process, asked the way the hub's proxy extension asks it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { startChild } from '../../simulator/src/start/child.ts';
import { VIEW_SECRET, type Home } from './home.ts';

const ROOT = join(import.meta.dirname, '../..');
const Started = z.looseObject({ port: z.number() });

/** What the hub sets on a request of this user. */
export const asUser = (username: string): Record<string, string> => ({
  'argocd-application-name': 'argocd:edge-fleet',
  'argocd-project-name': 'edge-fleet',
  'argocd-user-id': username,
  'argocd-username': username,
  'x-edge-fleet-secret': VIEW_SECRET,
});

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came over the wire, compressed or not. */
  readonly body: Buffer;
}

export interface RunningProgram {
  readonly url: string;
  readonly pid: number | undefined;
  /** When it was started, by `performance.now`. */
  readonly startedAt: number;
  /** From the start to the line that says so. */
  readonly startMs: number;
  readonly ended: Promise<string>;
  /** A line that it prints. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  ask(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  stop(): Promise<void>;
  /** SIGKILL: nothing can be finished any more. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** The program from its first moment on. */
export interface Launch {
  readonly pid: number | undefined;
  /** When it says that it has started; rejects with its last words where it refuses. */
  readonly started: Promise<RunningProgram>;
  /** SIGKILL: nothing can be finished any more. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts it on the home's configuration and state. */
export function launchProgram(home: Home, environment: Readonly<Record<string, string>> = {}): Launch {
  const startedAt = performance.now();
  const child = startChild({
    name: 'proxy-server',
    script: join(ROOT, 'proxy-server/src/main.ts'),
    args: [],
    environment: {
      EDGE_FLEET_CONFIG_DIR: home.config,
      EDGE_FLEET_STATE_FILE: home.stateFile,
      EDGE_FLEET_LISTEN: '127.0.0.1:0',
      ...environment,
    },
    logFile: home.file('proxy-server.log'),
  });
  const { pid, ended } = child;
  const dispatcher = new Agent({ keepAliveTimeout: 4_000 });
  const gone = async (): Promise<void> => {
    await ended;
    await dispatcher.destroy();
  };
  const kill = async (): Promise<void> => {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await gone();
  };
  const stop = async (): Promise<void> => {
    await child.stop();
    await gone();
  };
  const started = child.line(/^.*"Started proxy-server".*$/).then(([line]): RunningProgram => {
    const url = `http://127.0.0.1:${Started.parse(JSON.parse(line)).port}`;
    const ask: RunningProgram['ask'] = async (path, headers = {}) => {
      const answer = await request(`${url}${path}`, { headers: { ...asUser('jane'), ...headers }, dispatcher });
      return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
    };
    return { url, pid, startedAt, startMs: performance.now() - startedAt, ended, line: child.line, ask, stop, kill };
  });
  started.catch(() => undefined); // whoever awaits it hears of it; who kills it need not
  return { pid, started, kill };
}

/** Resolves when it has started. */
export const startProgram = (home: Home, environment: Readonly<Record<string, string>> = {}): Promise<RunningProgram> =>
  launchProgram(home, environment).started;

const Counts = z.looseObject({ edges: z.number(), applications: z.number(), currentEdges: z.number(), notHeard: z.number() });
const Overview = z.looseObject({ counts: Counts });

export async function countsOf(program: RunningProgram): Promise<z.infer<typeof Counts>> {
  const { status, body } = await program.ask('/api/v1/overview');
  if (status !== 200) throw new Error(`The overview was answered with ${status}: ${body.toString().slice(0, 200)}`);
  return Overview.parse(JSON.parse(body.toString())).counts;
}

/** Watches begin to wait for their first questions when their snapshot has been quiet for two seconds. */
const UNTIL_THEY_WAIT_MS = 3_000;

/** Resolves when every edge that is in view has been asked what was put off at the start, so that nothing but the load is left to do. */
export async function untilAsked(program: RunningProgram): Promise<void> {
  let waiting: string | undefined;
  do {
    await sleep(UNTIL_THEY_WAIT_MS);
    const { status, body } = await program.ask('/metrics');
    [, waiting] = /^edge_fleet_watches_waiting_later (\d+)/m.exec(body.toString()) ?? [];
    if (status !== 200 || waiting === undefined) throw new Error(`The metrics do not say how many edges wait (${status})`);
  } while (waiting !== '0');
}

/** An overview of a large fleet that has just changed costs the program some ten ms: it is asked seldom until nearly all is there. */
const ASK_SELDOM_MS = 1_000;
const ASK_OFTEN_MS = 200;
const NEARLY_ALL = 0.85;

/** Asks for the overview until every edge is current with all its Applications; resolves with the ms since the program's start. */
export async function untilInView(
  program: RunningProgram,
  wanted: { edges: number; applications: number },
  withinMs: number,
): Promise<number> {
  const until = performance.now() + withinMs;
  let counts = await countsOf(program);
  while (counts.currentEdges < wanted.edges || counts.applications < wanted.applications) {
    if (performance.now() > until) {
      const seen = `${counts.currentEdges} of ${wanted.edges} edges and ${counts.applications} of ${wanted.applications} Applications`;
      throw new Error(`Only ${seen} are in view after ${withinMs / 1000} s`);
    }
    await sleep(counts.applications < wanted.applications * NEARLY_ALL ? ASK_SELDOM_MS : ASK_OFTEN_MS);
    counts = await countsOf(program);
  }
  return performance.now() - program.startedAt;
}

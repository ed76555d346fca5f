/**
 * The edges of a troubled fleet: a simulator in this process, or in a child of its own, so that at full size the side that is measured has a
 * core to itself. The child is this file, started with `fork`.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { tokenOf } from '../../simulator/src/argocd/tokens.ts';
import { startSimulator, type Simulator } from '../../simulator/src/simulator.ts';

export interface PlayedEdge {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The read token of its account. */
  readonly token: string;
}

/** Requests of one edge, and of all of them, within the busiest second since the meter was set back. */
export interface Busiest {
  readonly ofOneEdge: number;
  readonly ofAll: number;
}

export interface PlayedEdges {
  readonly port: number;
  readonly edges: readonly PlayedEdge[];
  /** A tunnel before every one of them, whatever the world reaches them by, and it is down. */
  cut(names: readonly string[]): void;
  heal(names: readonly string[]): void;
  resetMeter(): void;
  busiest(): Promise<Busiest>;
  close(): Promise<void>;
}

export interface PlayedOptions {
  readonly edges: number;
  readonly applications: number;
  readonly keepAliveMs: number;
}

const SEED = 1;
const SECOND = 1_000;

const orders = ({ reach, front, world }: Simulator) => ({
  cut(names: readonly string[]): void {
    reach.cut(names.map((name) => world.edge(name)).filter((edge) => edge !== undefined));
    front.setFault(names, { kind: 'tunnelDown' });
  },
  heal: (names: readonly string[]): void => front.setFault(names, undefined),
});

function startMeter({ world }: Simulator): Pick<PlayedEdges, 'resetMeter' | 'busiest'> & { stop(): void } {
  const total = (): number => world.edges.reduce((sum, { traffic }) => sum + traffic.requests, 0);
  let before = total();
  let ofAll = 0;
  const timer = setInterval(() => {
    const now = total();
    ofAll = Math.max(ofAll, now - before);
    before = now;
  }, SECOND);
  timer.unref();
  return {
    resetMeter() {
      for (const edge of world.edges) edge.traffic.mostRequestsInASecond = 0;
      before = total();
      ofAll = 0;
    },
    busiest: () => Promise.resolve({ ofOneEdge: Math.max(...world.edges.map(({ traffic }) => traffic.mostRequestsInASecond)), ofAll }),
    stop: () => clearInterval(timer),
  };
}

/** In this process. */
export async function playHere(options: PlayedOptions): Promise<PlayedEdges> {
  const simulator = await startSimulator({ ...options, seed: SEED });
  const meter = startMeter(simulator);
  return {
    port: simulator.port,
    edges: simulator.world.edges.map((edge) => ({ name: edge.name, labels: edge.labels, token: tokenOf(SEED, edge, 'fleet') })),
    ...orders(simulator),
    ...meter,
    async close() {
      meter.stop();
      await simulator.close();
    },
  };
}

type Order =
  | { readonly do: 'start'; readonly options: PlayedOptions }
  | { readonly do: 'cut' | 'heal'; readonly names: readonly string[] }
  | { readonly do: 'resetMeter' | 'busiest' | 'close' };
type Word =
  | { readonly is: 'started'; readonly port: number; readonly edges: readonly PlayedEdge[] }
  | { readonly is: 'busiest'; readonly busiest: Busiest };

/** In a child. */
export async function playInChild(options: PlayedOptions): Promise<PlayedEdges> {
  const child = fork(import.meta.filename, ['played'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const order = (what: Order): void => void child.send(what);
  const heard = <K extends Word['is']>(is: K): Promise<Extract<Word, { is: K }>> =>
    new Promise((resolve, reject) => {
      const listener = (word: Word): void => {
        if (word.is !== is) return;
        child.off('message', listener);
        resolve(word as Extract<Word, { is: K }>);
      };
      child.on('message', listener);
      child.once('exit', () => reject(new Error('The played edges are gone')));
    });
  const started = heard('started');
  order({ do: 'start', options });
  const { port, edges } = await started;
  return {
    port,
    edges,
    cut: (names) => order({ do: 'cut', names }),
    heal: (names) => order({ do: 'heal', names }),
    resetMeter: () => order({ do: 'resetMeter' }),
    async busiest() {
      const answer = heard('busiest');
      order({ do: 'busiest' });
      return (await answer).busiest;
    },
    close: () => ended(child, () => order({ do: 'close' })),
  };
}

const ended = (child: ChildProcess, ask: () => void): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    ask();
  });

function obeyParent(): void {
  const say = (word: Word): void => void process.send?.(word);
  let played: PlayedEdges | undefined;
  const start = async (options: PlayedOptions): Promise<void> => {
    played = await playHere(options);
    say({ is: 'started', port: played.port, edges: played.edges });
  };
  process.on('message', (what: Order) => {
    if (what.do === 'start') void start(what.options);
    else if (what.do === 'cut' || what.do === 'heal') played?.[what.do](what.names);
    else if (what.do === 'resetMeter') played?.resetMeter();
    else if (what.do === 'busiest') void played?.busiest().then((busiest) => say({ is: 'busiest', busiest }));
    else process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === 'played' && process.send !== undefined) obeyParent();

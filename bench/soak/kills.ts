/**
 * kill -9 of the real program at random points, under load, again and again. With every kill the edges stand still (SIGSTOP), so that what the
 * restarted program shows can only come from its state file: it must hold all that any reader was shown before. Then the edges go on, and
 * the fleet must come back whole, with nothing in it twice.
 *
 *   load ── read, read, read … kill -9 ── edges stop ── start ── compare ── edges go on ── all in view ── compare ── load …
 *                                           └ now and then: kill -9 in the middle of the start, and start again
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { withHome, type Home } from '../fleet/home.ts';
import { countsOf, launchProgram, startProgram, untilInView, type RunningProgram } from '../fleet/running-program.ts';
import { startSimulatedEdges, type SimulatedEdges } from '../fleet/simulated-edges.ts';
import { orderedVersion, readFleet } from './read-fleet.ts';
import { faultsOf, showAlso, type ShownFleet } from './shown.ts';

export interface KillsOptions {
  readonly edges: number;
  readonly changesPerSecond: number;
  readonly times: number;
  /** 0 to 1, of a seeded row of numbers. */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface KillsOutcome {
  readonly kills: number;
  readonly killsDuringStart: number;
  readonly refusedStarts: number;
  /** Applications and edges that were compared, over all restarts. */
  readonly compared: number;
  readonly orders: number;
  readonly faults: readonly string[];
}

const LIVES_UP_TO_MS = 1_500;
const START_KILLED_SHARE = 0.25;
const START_LIVES_UP_TO_MS = 1_500;
const ORDER_EVERY_MS = 60;
const IN_VIEW_WITHIN_MS = 120_000;
const SAY_EVERY = 10;
const MAX_REFUSED = 3;
const PRODUCTS = ['pos', 'inventory', 'kiosk', 'loyalty', 'platform'];

const emptyFleet = (): ShownFleet => ({ edges: new Map(), applications: new Map() });

const isGone = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && /ECONN|UND_ERR|EPIPE/.test(String(thrown.code));

function signal(edges: SimulatedEdges, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (edges.pid !== undefined) process.kill(edges.pid, name);
}

class KillRun {
  readonly #home: Home;
  readonly #edges: SimulatedEdges;
  readonly #options: KillsOptions;
  readonly #names: readonly string[];
  readonly #wanted: { readonly edges: number; readonly applications: number };
  readonly #shown = emptyFleet();
  readonly #faults: string[] = [];
  #kills = 0;
  #killsDuringStart = 0;
  #refused = 0;
  #compared = 0;
  #orders = 0;

  constructor(home: Home, edges: SimulatedEdges, options: KillsOptions, world: { names: readonly string[]; applications: number }) {
    this.#home = home;
    this.#edges = edges;
    this.#options = options;
    this.#names = world.names;
    this.#wanted = { edges: options.edges, applications: world.applications };
  }

  async run(): Promise<KillsOutcome> {
    const { times, say } = this.#options;
    let program = await startProgram(this.#home);
    for (let nth = 1; this.#kills < times; nth += 1) {
      await this.#live(program);
      program = await this.#startAgain();
      await this.#compare(program, 'right after the start');
      signal(this.#edges, 'SIGCONT');
      await this.#edges.order('restore', { select: { all: true } }); // ships sail by themselves, and would be waited for
      await untilInView(program, this.#wanted, IN_VIEW_WITHIN_MS);
      await this.#compare(program, 'when all is in view');
      if (nth % SAY_EVERY === 0) say(`${this.#kills} of ${times} kills, ${this.#faults.length} faults`);
    }
    await program.stop();
    return {
      kills: this.#kills,
      killsDuringStart: this.#killsDuringStart,
      refusedStarts: this.#refused,
      compared: this.#compared,
      orders: this.#orders,
      faults: this.#faults,
    };
  }

  /** Changes come and readers read until the kill, which comes at no special moment. */
  async #live(program: RunningProgram): Promise<void> {
    await this.#edges.setChanges(this.#options.changesPerSecond);
    let alive = true;
    const reading = this.#read(program);
    const ordering = this.#order(() => alive);
    await sleep(this.#options.random() * LIVES_UP_TO_MS);
    const killed = program.kill();
    signal(this.#edges, 'SIGSTOP');
    alive = false;
    this.#kills += 1;
    await killed;
    await reading;
    signal(this.#edges, 'SIGCONT'); // an order that is under way must be answered before its edges stop for good
    await ordering;
    signal(this.#edges, 'SIGSTOP');
  }

  /** Until the program is gone. */
  async #read(program: RunningProgram): Promise<void> {
    try {
      for (;;) {
        const doubled = await readFleet(program, (part) => this.#note(showAlso(this.#shown, part), 'while it runs'));
        this.#note(doubled, 'while it runs');
      }
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown;
    }
  }

  /** Versions with a number that only grows: which of two is the later one can be told exactly. */
  async #order(goOn: () => boolean): Promise<void> {
    while (goOn()) {
      this.#orders += 1;
      const name = this.#names[Math.floor(this.#options.random() * this.#names.length)];
      const product = PRODUCTS[this.#orders % PRODUCTS.length];
      await this.#edges.order('roll', { select: { names: [name] }, product, version: orderedVersion(this.#orders) });
      await sleep(ORDER_EVERY_MS);
    }
  }

  /** Starts the program; now and then kills it on the way and starts it once more. A start that is refused is a fault, and tried again. */
  async #startAgain(): Promise<RunningProgram> {
    for (;;) {
      const launch = launchProgram(this.#home);
      try {
        if (this.#options.random() >= START_KILLED_SHARE) return await launch.started;
        await sleep(this.#options.random() * START_LIVES_UP_TO_MS);
        await launch.kill();
        this.#kills += 1;
        this.#killsDuringStart += 1;
      } catch (thrown) {
        this.#refused += 1;
        this.#note([String(thrown)], 'at the start');
        if (this.#refused > MAX_REFUSED) throw thrown;
      }
    }
  }

  async #compare(program: RunningProgram, when: string): Promise<void> {
    const now = emptyFleet();
    const doubled = await readFleet(program, (part) => showAlso(now, part));
    this.#note([...faultsOf(this.#shown, now), ...doubled], when);
    this.#compared += this.#shown.edges.size + this.#shown.applications.size;
    const counts = await countsOf(program);
    if (counts.edges !== now.edges.size) this.#note([`${counts.edges} edges are counted, ${now.edges.size} listed`], when);
    showAlso(this.#shown, now);
  }

  #note(faults: readonly string[], when: string): void {
    for (const fault of faults) {
      this.#faults.push(`kill ${this.#kills}, ${when}: ${fault}`);
      this.#options.say(this.#faults.at(-1) ?? '');
    }
  }
}

/** Starts edges and program, kills the program as often as wanted, and answers what was found; the edges are stopped however it ends. */
export function soakByKills(options: KillsOptions): Promise<KillsOutcome> {
  return withHome(async (home) => {
    const edges = await startSimulatedEdges(home, { edges: options.edges });
    try {
      const { applications } = await edges.summary();
      return await new KillRun(home, edges, options, { names: await edges.names(), applications }).run();
    } finally {
      signal(edges, 'SIGCONT');
      await edges.stop();
    }
  });
}

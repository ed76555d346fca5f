import { seedTokenId } from '../simulator/src/argocd/tokens.ts';
import type { Edge as SimulatedEdge } from '../simulator/src/world/edge.ts';
import { anEdge } from './edge-builders.ts';
import { edgeInFront, type EdgeInFront } from './edge-in-front.ts';
import { simulatedFleet, type SimulatedFleet, type SimulatedFleetOptions } from './simulated-fleet.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** Keep-alives come on the machine's time, which stands still while ours is stepped: silence is only for tests that are about it. */
export const NO_SILENCE = { silenceMs: 24 * 60 * MINUTE };

/** One edge of the simulator under watch, and what a test asks about it. */
export interface WatchHarness {
  readonly fleet: SimulatedFleet;
  readonly front: EdgeInFront;
  /** Starts it with six Applications; `behind`: with a proxy of the test before it. */
  start(options?: SimulatedFleetOptions & { readonly behind?: boolean }): Promise<SimulatedEdge>;
  connection(): string | undefined;
  row(): number | undefined;
  now(): number;
  /** Until it holds; the time it took on the fleet's clock. */
  takes(what: string, done: () => boolean, stepMs?: number): Promise<number>;
  /** Lets time pass with all that happens in it. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Lets the front play a tunnel that is down until the edge is marked, does something, and heals it. */
  whileAway(edge: SimulatedEdge, happens: () => void): Promise<void>;
  revoke(edge: SimulatedEdge): void;
  close(): Promise<void>;
}

export function createWatchHarness(): WatchHarness {
  return new Harness();
}

class Harness implements WatchHarness {
  #fleet: SimulatedFleet | undefined;
  #front: EdgeInFront | undefined;

  get fleet(): SimulatedFleet {
    if (this.#fleet === undefined) throw new Error('The test has started no fleet');
    return this.#fleet;
  }

  get front(): EdgeInFront {
    if (this.#front === undefined) throw new Error('The test has put nothing before the edge');
    return this.#front;
  }

  async start(options: SimulatedFleetOptions & { readonly behind?: boolean } = {}): Promise<SimulatedEdge> {
    const { behind = false, limits = {}, ...rest } = options;
    this.#fleet = await simulatedFleet({ applications: 6, keepAliveMs: 2, ...rest, limits: { ...NO_SILENCE, ...limits }, start: false });
    const [edge] = this.fleet.simulator.world.edges;
    if (edge === undefined) throw new Error('The world has no edge');
    if (behind) {
      this.#front = await edgeInFront(this.fleet.simulator.port);
      this.fleet.objects.putEdges([anEdge(edge.name, `${this.front.url}/e/${edge.name}`, options.over)]);
    }
    this.fleet.watcher.start();
    return edge;
  }

  connection(): string | undefined {
    return this.fleet.sink.connection(this.fleet.names[0] ?? '')?.connection;
  }

  row(): number | undefined {
    return this.fleet.sink.connection(this.fleet.names[0] ?? '')?.failure?.row;
  }

  now(): number {
    return this.fleet.runtime.clock.now();
  }

  async takes(what: string, done: () => boolean, stepMs = 50): Promise<number> {
    const startedAt = this.now();
    await this.fleet.runtime.until(done, { stepMs, what });
    return this.now() - startedAt;
  }

  async pass(ms: number, stepMs = 250): Promise<void> {
    const until = this.now() + ms;
    await this.fleet.runtime.until(() => this.now() >= until, { stepMs, what: 'time' });
  }

  async whileAway(edge: SimulatedEdge, happens: () => void): Promise<void> {
    this.fleet.simulator.front.setFault([edge.name], { kind: 'tunnelDown' });
    await this.takes('the loss', () => this.connection() === 'OutOfReach', 200);
    happens();
    this.fleet.simulator.front.setFault([edge.name], undefined);
  }

  revoke(edge: SimulatedEdge): void {
    edge.access.revoked.add(seedTokenId(this.fleet.simulator.world.seed, edge, 'fleet'));
  }

  async close(): Promise<void> {
    await this.#fleet?.close();
    await this.#front?.close();
    this.#fleet = undefined;
    this.#front = undefined;
  }
}

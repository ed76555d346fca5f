/** Doctor inside a running program: one run at a time, within a deadline, and the latest result is remembered with its age. */
import { thrownWords } from '../domain/thrown-words.ts';
import type { DoctorPlace, DoctorProgress, DoctorResult, DoctorRuns } from '../ports/doctor-runs.ts';
import type { HubFactsReader } from '../ports/hub-facts.ts';
import type { Runtime } from '../ports/runtime.ts';
import { runDoctor, type DoctorDeps } from './run-doctor.ts';

/** A fleet that cannot be asked within this time is asked in part, and the rest is "not checked". */
const RUN_MS = 300_000;

export interface DoctorRunsDeps {
  readonly objects: { current(): DoctorDeps['snapshot'] };
  readonly edges: DoctorDeps['edges'];
  readonly hubAt: (place: DoctorPlace) => HubFactsReader;
}

class Runs implements DoctorRuns {
  running: DoctorProgress | undefined;
  latest: DoctorResult | undefined;
  readonly #deps: DoctorRunsDeps;
  readonly #runtime: Runtime;

  constructor(deps: DoctorRunsDeps, runtime: Runtime) {
    this.#deps = deps;
    this.#runtime = runtime;
  }

  start(username: string, place: DoctorPlace): boolean {
    if (this.running !== undefined) return false;
    const startedAt = this.#runtime.clock.now();
    this.running = { startedAt, username, done: 0, edges: 0 };
    void this.#run({ startedAt, username }, place);
    return true;
  }

  async #run(who: Pick<DoctorProgress, 'startedAt' | 'username'>, place: DoctorPlace): Promise<void> {
    const { clock, log } = this.#runtime;
    const ended = await this.#checks(who, place);
    if (ended.problem !== undefined) log.error({ reason: ended.problem }, 'Running doctor failed');
    this.latest = { ...who, finishedAt: clock.now(), ...ended };
    this.running = undefined;
  }

  async #checks(
    who: Pick<DoctorProgress, 'startedAt' | 'username'>,
    place: DoctorPlace,
  ): Promise<Pick<DoctorResult, 'checks' | 'problem'>> {
    const { objects, edges, hubAt } = this.#deps;
    try {
      const checks = await runDoctor({
        snapshot: objects.current(),
        hub: hubAt(place),
        edges,
        clock: this.#runtime.clock,
        until: who.startedAt + RUN_MS,
        onProgress: (done, all) => (this.running = { ...who, done, edges: all }),
      });
      return { checks };
    } catch (thrown) {
      return { checks: [], problem: thrownWords(thrown) };
    }
  }
}

export function createDoctorRuns(deps: DoctorRunsDeps, runtime: Runtime): DoctorRuns {
  return new Runs(deps, runtime);
}

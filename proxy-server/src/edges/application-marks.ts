import type { Application } from '../domain/application.ts';
import { HEALTH_STATUSES, SYNC_STATUSES, type HealthStatus, type SyncStatus } from '../domain/health.ts';
import { applicationKeyText, type ApplicationKey } from '../domain/ids.ts';

/**
 * What the watch of one edge remembers of its Applications: in which snapshot each was last seen, what a repair list would show of it, and
 * its project. One small integer an Application, because there are hundreds of thousands of them.
 */
export interface ApplicationMarks {
  readonly size: number;
  /** A new snapshot begins: everything counts as unseen. */
  begin(): void;
  see(keyText: string, application: Application, phase: string): void;
  /** Known from before, of which nothing was seen yet. */
  remember(key: ApplicationKey): void;
  forget(keyText: string): void;
  has(keyText: string): boolean;
  /** Keys not seen since `begin`. */
  unseen(): readonly string[];
  keys(): Iterable<string>;
  /** True where a list shows something else than what was seen, or something never seen. */
  differs(keyText: string, print: number): boolean;
  projectOf(keyText: string): string | undefined;
  projects(): readonly string[];
}

const SYNC_SHIFT = 8;
const HEALTH_SHIFT = 10;
const PHASE_SHIFT = 13;
const PROJECT_SHIFT = 16;
const GENERATIONS = 255;
const PRINT_MASK = 0xff00;
/** Projects beyond this share the last number and are not known by name. */
const MAX_PROJECTS = 8_191;
const PHASES = ['', 'Running', 'Terminating', 'Failed', 'Error', 'Succeeded'];
const OTHER_PHASE = 6;

/** What a repair list shows of an Application, as a number: sync, health and phase. Zero is nothing known. */
export function printOf(sync: SyncStatus, health: HealthStatus, phase: string): number {
  const known = PHASES.indexOf(phase);
  return (
    ((SYNC_STATUSES.indexOf(sync) + 1) << SYNC_SHIFT) |
    ((HEALTH_STATUSES.indexOf(health) + 1) << HEALTH_SHIFT) |
    ((known < 0 ? OTHER_PHASE : known) << PHASE_SHIFT)
  );
}

/** An empty memory of what one edge told; bounded by the Applications of the edge. */
export const createApplicationMarks = (): ApplicationMarks => new Marks();

/** Projects up to this are found by looking through them: most edges have a handful, and there is one of these for each edge. */
const FEW_PROJECTS = 16;

class Marks implements ApplicationMarks {
  readonly #marks = new Map<string, number>();
  readonly #projects: string[] = [''];
  #numbers: Map<string, number> | undefined;
  #generation = 1;

  get size(): number {
    return this.#marks.size;
  }

  begin(): void {
    this.#generation = (this.#generation % GENERATIONS) + 1;
  }

  see(keyText: string, { sync, health, project }: Application, phase: string): void {
    this.#marks.set(keyText, this.#generation | printOf(sync, health, phase) | (this.#numberOf(project) << PROJECT_SHIFT));
  }

  remember(key: ApplicationKey): void {
    this.#marks.set(applicationKeyText(key), 0);
  }

  forget(keyText: string): void {
    this.#marks.delete(keyText);
  }

  has(keyText: string): boolean {
    return this.#marks.has(keyText);
  }

  unseen(): readonly string[] {
    return [...this.#marks].filter(([, mark]) => (mark & 0xff) !== this.#generation).map(([keyText]) => keyText);
  }

  keys(): Iterable<string> {
    return this.#marks.keys();
  }

  differs(keyText: string, print: number): boolean {
    return ((this.#marks.get(keyText) ?? 0) & PRINT_MASK) !== print;
  }

  projectOf(keyText: string): string | undefined {
    const name = this.#projects[(this.#marks.get(keyText) ?? 0) >>> PROJECT_SHIFT];
    return name === '' ? undefined : name;
  }

  projects(): readonly string[] {
    return this.#projects.slice(1);
  }

  #numberOf(project: string): number {
    const found = this.#numbers === undefined ? this.#projects.lastIndexOf(project) : (this.#numbers.get(project) ?? -1);
    if (found >= 0) return found;
    if (this.#projects.length >= MAX_PROJECTS) return 0;
    const number = this.#projects.push(project) - 1;
    if (number >= FEW_PROJECTS) this.#numbers ??= new Map(this.#projects.map((name, at) => [name, at]));
    this.#numbers?.set(project, number);
    return number;
  }
}

/** `namespace/name` back into its parts; neither can hold a slash. */
export function keyOfText(keyText: string): ApplicationKey {
  const at = keyText.indexOf('/');
  return { namespace: keyText.slice(0, at), name: keyText.slice(at + 1) };
}

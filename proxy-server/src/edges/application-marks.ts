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
  see(application: Application, phase: string): void;
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
export function createApplicationMarks(): ApplicationMarks {
  const marks = new Map<string, number>();
  const projectNumbers = new Map<string, number>();
  const projectNames: string[] = [''];
  let generation = 1;

  const numberOf = (project: string): number => {
    const found = projectNumbers.get(project);
    if (found !== undefined) return found;
    if (projectNames.length >= MAX_PROJECTS) return 0;
    projectNumbers.set(project, projectNames.length);
    return projectNames.push(project) - 1;
  };
  return {
    get size() {
      return marks.size;
    },
    begin() {
      generation = (generation % GENERATIONS) + 1;
    },
    see(application, phase) {
      const print = printOf(application.sync, application.health, phase);
      marks.set(applicationKeyText(application), generation | print | (numberOf(application.project) << PROJECT_SHIFT));
    },
    remember: (key) => void marks.set(applicationKeyText(key), 0),
    forget: (keyText) => void marks.delete(keyText),
    has: (keyText) => marks.has(keyText),
    unseen: () => [...marks].filter(([, mark]) => (mark & 0xff) !== generation).map(([keyText]) => keyText),
    keys: () => marks.keys(),
    differs: (keyText, print) => ((marks.get(keyText) ?? 0) & PRINT_MASK) !== print,
    projectOf: (keyText) => {
      const name = projectNames[(marks.get(keyText) ?? 0) >>> PROJECT_SHIFT];
      return name === '' ? undefined : name;
    },
    projects: () => projectNames.slice(1),
  };
}

/** `namespace/name` back into its parts; neither can hold a slash. */
export function keyOfText(keyText: string): ApplicationKey {
  const at = keyText.indexOf('/');
  return { namespace: keyText.slice(0, at), name: keyText.slice(at + 1) };
}

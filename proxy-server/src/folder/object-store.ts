/**
 * Our kinds from a folder of YAML. Level-triggered: the watcher only says that something moved; what is there is read from the folder itself,
 * by stamp, so a lost or doubled event changes nothing, and a slow timer finds what no event told. Changes are taken together after a
 * moment of quiet, because editors and `kubectl` mounts change several names for one save.
 */
import { watch, type FSWatcher } from 'chokidar';
import { stringify } from 'yaml';
import type { ConfigProblem, ConfigSnapshot, ObjectStore } from '../ports/object-store.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import { documentText } from './documents.ts';
import { mergeScan, type Held } from './merge.ts';
import { EMPTY_SCAN, FOLDER_LIMITS, scanFolder, type FolderLimits, type Scan } from './scan.ts';

export interface FolderOptions {
  readonly folder: string;
  readonly limits?: FolderLimits;
  /** Quiet time after the last event before the folder is read. */
  readonly settleMs?: number;
  /** The folder is read this often even without an event. */
  readonly rescanMs?: number;
}

const DEFAULT_SETTLE_MS = 150;
const DEFAULT_RESCAN_MS = 30_000;
/** However long a folder keeps moving, it is read this often. */
const MAX_UNREAD_MS = 2_000;

const problemKey = (problem: ConfigProblem): string => `${problem.object} ${problem.field} ${problem.remedy}`;

class FolderStore implements ObjectStore {
  readonly #options: FolderOptions;
  readonly #runtime: Runtime;
  readonly #listeners = new Set<() => void>();
  #scan: Scan = EMPTY_SCAN;
  #held: ReadonlyMap<string, Held> = new Map();
  #snapshot: ConfigSnapshot;
  #watcher: FSWatcher | undefined;
  #pending: Cancel | undefined;
  #unreadSince: number | undefined;
  #reading: Promise<void> | undefined;
  #closed = false;

  constructor(options: FolderOptions, runtime: Runtime) {
    this.#options = options;
    this.#runtime = runtime;
    this.#snapshot = mergeScan(EMPTY_SCAN, new Map(), this.#limits).snapshot;
  }

  get #limits(): FolderLimits {
    return this.#options.limits ?? FOLDER_LIMITS;
  }

  async start(): Promise<void> {
    this.#openWatcher();
    await this.#read();
  }

  current(): ConfigSnapshot {
    return this.#snapshot;
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  yamlOf(kind: 'Edge', name: string): string | undefined {
    const held = this.#held.get(`${kind}/${name}`);
    if (held === undefined) return undefined;
    const text = documentText(held.document);
    return text.startsWith('{') ? stringify(JSON.parse(text)) : text;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pending?.();
    await this.#watcher?.close();
    await this.#reading;
  }

  /** Only folders are watched: their raw events name changed files too, and ten thousand files cost one watch per folder. */
  #openWatcher(): void {
    const moved = (): void => this.#schedule(this.#options.settleMs ?? DEFAULT_SETTLE_MS);
    this.#watcher = watch(this.#options.folder, {
      ignoreInitial: true,
      depth: this.#limits.maxDepth,
      ignored: (path, stats) => stats?.isFile() === true || /(^|\/)\.(?!\.data$)[^/]+$/.test(path.slice(this.#options.folder.length)),
    });
    this.#watcher.on('all', moved).on('raw', moved);
    this.#watcher.on('error', (error) => this.#runtime.log.warn({ err: error }, 'Watching the folder failed, reading it by timer'));
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return;
    const now = this.#runtime.clock.now();
    this.#unreadSince ??= now;
    this.#pending?.();
    const wait = Math.max(0, Math.min(delayMs, this.#unreadSince + Math.max(delayMs, MAX_UNREAD_MS) - now));
    this.#pending = this.#runtime.timers.after(wait, () => void this.#read());
  }

  /** One reading at a time; what moves meanwhile is read afterwards. */
  async #read(): Promise<void> {
    this.#pending?.();
    this.#pending = undefined;
    this.#unreadSince = undefined;
    if (this.#reading !== undefined) {
      this.#schedule(this.#options.settleMs ?? DEFAULT_SETTLE_MS);
      return;
    }
    this.#reading = this.#readOnce().catch((error: unknown) => this.#runtime.log.error({ err: error }, 'Reading the folder failed'));
    await this.#reading;
    this.#reading = undefined;
    if (this.#pending !== undefined || this.#closed) return;
    const again = this.#unsure() ? MAX_UNREAD_MS : (this.#options.rescanMs ?? DEFAULT_RESCAN_MS);
    this.#pending = this.#runtime.timers.after(again, () => void this.#read());
  }

  /** A file moved while it was read, or the folder is away: look again soon. */
  #unsure(): boolean {
    return this.#scan.unsettled || this.#scan.folderGone;
  }

  async #readOnce(): Promise<void> {
    const wasGone = this.#scan.folderGone;
    const scan = await scanFolder(this.#options.folder, this.#scan, this.#limits);
    if (this.#closed) return;
    if (wasGone && !scan.folderGone) {
      await this.#watcher?.close();
      this.#openWatcher();
    }
    const unchanged = sameFiles(scan, this.#scan);
    this.#scan = scan;
    if (unchanged) return;
    const merged = mergeScan(scan, this.#held, this.#limits);
    this.#announce(merged.snapshot.problems);
    this.#held = merged.held;
    this.#snapshot = merged.snapshot;
    for (const listener of this.#listeners) listener();
  }

  /** A problem is logged when it comes, not each time it is met. */
  #announce(problems: readonly ConfigProblem[]): void {
    const before = new Set(this.#snapshot.problems.map(problemKey));
    for (const problem of problems) {
      if (before.has(problemKey(problem))) continue;
      this.#runtime.metrics.count('config_problems', { severity: problem.severity });
      this.#runtime.log.warn({ ...problem }, 'Found a problem in the configuration');
    }
  }
}

function sameFiles(left: Scan, right: Scan): boolean {
  if (left.files.size !== right.files.size || left.folderGone !== right.folderGone || left.more !== right.more) return false;
  for (const [name, file] of left.files) {
    const other = right.files.get(name);
    if (other !== file && (other?.fault === undefined || other.fault !== file.fault)) return false;
  }
  return true;
}

/** An ObjectStore over a folder and its sub-folders. A folder that is not there yet is a problem in the snapshot, and is read when it comes. */
export function createFolderStore(options: FolderOptions, runtime: Runtime): ObjectStore {
  return new FolderStore(options, runtime);
}

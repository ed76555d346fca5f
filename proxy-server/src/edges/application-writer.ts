import type { Application } from '../domain/application.ts';
import type { ApplicationKey } from '../domain/ids.ts';
import type { ApplicationEvent } from './to-application.ts';
import { heard, type WatchContext } from './watch-context.ts';

/** Puts events of one edge into the sink, in their order, those of one chunk of bytes in one call. */
export interface ApplicationWriter {
  apply(event: ApplicationEvent): void;
  flush(): void;
  /** From now on, until called again, the keys of everything applied are also added here: what changed while a list was under way. */
  noteInto(touched: Set<string> | undefined): void;
}

/** Puts what one edge tells into the sink and remembers what was put; refuses nothing, decides nothing about pruning. */
export const createApplicationWriter = (context: WatchContext): ApplicationWriter => new Writer(context);

/** What it puts is proof of life, said once for all that came together. */
class Writer implements ApplicationWriter {
  readonly #context: WatchContext;
  #put: Application[] = [];
  #dropped: ApplicationKey[] = [];
  #soon = false;
  #touched: Set<string> | undefined;

  constructor(context: WatchContext) {
    this.#context = context;
  }

  apply({ kind, keyText, application, phase }: ApplicationEvent): void {
    this.#touched?.add(keyText);
    if (kind === 'deleted') this.#drop(application, keyText);
    else this.#upsert(application, phase, keyText);
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => this.#context.guard(() => this.flush()));
  }

  flush(): void {
    const { edge, sink } = this.#context;
    this.#soon = false;
    const applications = this.#put;
    const keys = this.#dropped;
    if (applications.length + keys.length === 0) return;
    this.#put = [];
    this.#dropped = [];
    heard(this.#context);
    if (applications.length > 0) sink.putApplications(edge.id, applications);
    if (keys.length > 0) sink.dropApplications(edge.id, keys);
  }

  noteInto(touched: Set<string> | undefined): void {
    this.#touched = touched;
  }

  #upsert(application: Application, phase: string, keyText: string): void {
    const { memory, limits } = this.#context;
    if (memory.marks.size >= limits.maxApplicationsPerEdge && !memory.marks.has(keyText)) return;
    memory.marks.see(keyText, application, phase);
    if (this.#dropped.length > 0) this.flush(); // the last word about an Application wins
    this.#put.push(application);
  }

  #drop({ namespace, name }: Application, keyText: string): void {
    this.#context.memory.marks.forget(keyText);
    if (this.#put.length > 0) this.flush();
    this.#dropped.push({ namespace, name });
  }
}

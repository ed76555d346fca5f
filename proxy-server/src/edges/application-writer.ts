import type { Application } from '../domain/application.ts';
import { applicationKeyText, type ApplicationKey } from '../domain/ids.ts';
import type { ApplicationEvent } from './to-application.ts';
import type { WatchContext } from './watch-context.ts';

/** Puts events of one edge into the sink, in their order, those of one chunk of bytes in one call. */
export interface ApplicationWriter {
  apply(event: ApplicationEvent): void;
  flush(): void;
  /** From now on, until called again, the keys of everything applied are also added here: what changed while a list was under way. */
  noteInto(touched: Set<string> | undefined): void;
}

/** Puts what one edge tells into the sink and remembers what was put; refuses nothing, decides nothing about pruning. */
export function createApplicationWriter({ edge, sink, memory, limits, guard }: WatchContext): ApplicationWriter {
  let put: Application[] = [];
  let dropped: ApplicationKey[] = [];
  let soon = false;
  let touched: Set<string> | undefined;

  const flush = (): void => {
    soon = false;
    const applications = put;
    const keys = dropped;
    put = [];
    dropped = [];
    if (applications.length > 0) sink.putApplications(edge.id, applications);
    if (keys.length > 0) sink.dropApplications(edge.id, keys);
  };
  const upsert = (application: Application, phase: string, keyText: string): void => {
    if (memory.marks.size >= limits.maxApplicationsPerEdge && !memory.marks.has(keyText)) return;
    memory.marks.see(application, phase);
    if (dropped.length > 0) flush(); // the last word about an Application wins
    put.push(application);
  };
  const drop = ({ namespace, name }: Application, keyText: string): void => {
    memory.marks.forget(keyText);
    if (put.length > 0) flush();
    dropped.push({ namespace, name });
  };
  return {
    apply({ kind, application, phase }) {
      const keyText = applicationKeyText(application);
      touched?.add(keyText);
      if (kind === 'deleted') drop(application, keyText);
      else upsert(application, phase, keyText);
      if (soon) return;
      soon = true;
      queueMicrotask(() => guard(flush));
    },
    flush,
    noteInto: (set) => {
      touched = set;
    },
  };
}

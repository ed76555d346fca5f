import type { Connection } from '../domain/edge-state.ts';
import type { Edge } from '../domain/edge.ts';
import type { EdgeConnection } from '../domain/edge-connection.ts';
import { failureReason } from '../domain/failure-table.ts';
import type { Clock, Logger, Timers } from '../ports/runtime.ts';

/**
 * Says what became of edges in few lines: a change or two by name, many alike as one line with their number. While much goes on it says so
 * less and less often, so a flapping half of the fleet costs tens of lines, not thousands.
 */
export interface ConnectionLog {
  changed(edge: Edge, from: Connection, to: EdgeConnection): void;
  close(): void;
}

/** Edges of one outage are noticed within some seconds of each other: a line waits until no further change has come for this long. */
const QUIET_MS = 5_000;
/** But not for ever; twice as long after each window in which much went on. */
const FIRST_WINDOW_MS = 20_000;
const LONGEST_WINDOW_MS = 60_000;
/** Alike changes in one window that are still told one by one. */
const BY_NAME = 3;
/** Kinds of changes told in one window; the rest is one line. */
const KINDS = 8;
const EXAMPLES = 5;

interface Alike {
  readonly connector: string;
  readonly connection: Connection;
  readonly reason: string | undefined;
  readonly edges: string[];
}

/** One line per change of a connection, one summary line where many change together. */
export function createConnectionLog(log: Logger, clock: Clock, timers: Timers): ConnectionLog {
  let kinds = new Map<string, Alike>();
  let windowMs = FIRST_WINDOW_MS;
  let openedAt: number | undefined;
  let cancel: () => void = () => undefined;

  const flush = (): void => {
    openedAt = undefined;
    const told = [...kinds.values()].sort((left, right) => right.edges.length - left.edges.length);
    kinds = new Map();
    const many = told.some(({ edges }) => edges.length > BY_NAME) || told.length > KINDS;
    windowMs = many ? Math.min(windowMs * 2, LONGEST_WINDOW_MS) : FIRST_WINDOW_MS;
    for (const alike of told.slice(0, KINDS)) tell(log, alike);
    const rest = told.slice(KINDS).reduce((sum, { edges }) => sum + edges.length, 0);
    if (rest > 0) log.info({ edges: rest }, 'More edges changed connection');
  };
  const wait = (): void => {
    const now = clock.now();
    openedAt ??= now;
    cancel();
    cancel = timers.after(Math.min(QUIET_MS, openedAt + windowMs - now), flush);
  };
  return {
    changed(edge, from, { connection, failure }) {
      if (from === 'NeverReached' && connection === 'Reachable') return; // the first contact is no change; a start would be ten thousand of them
      const reason = failure === undefined ? undefined : failureReason(failure.kind);
      const key = `${edge.connector} ${connection} ${reason ?? ''}`;
      const alike = kinds.get(key) ?? { connector: edge.connector, connection, reason, edges: [] };
      alike.edges.push(edge.id);
      kinds.set(key, alike);
      wait();
    },
    close() {
      cancel();
      if (openedAt !== undefined) flush();
    },
  };
}

function tell(log: Logger, { connector, connection, reason, edges }: Alike): void {
  const fields = { connector, connection, ...(reason === undefined ? {} : { reason }) };
  const message = connection === 'Reachable' ? 'Edge became reachable' : 'Edge became unreachable';
  if (edges.length <= BY_NAME) for (const edge of edges) log.info({ ...fields, edge }, message);
  else
    log.info(
      { ...fields, edges: edges.length, examples: edges.slice(0, EXAMPLES) },
      connection === 'Reachable' ? 'Edges became reachable' : 'Edges became unreachable',
    );
}

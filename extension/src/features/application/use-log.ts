import * as React from 'react';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useServices } from '../../services.ts';
import { NO_LINES, withLines, type LogBuffer } from './log-lines.ts';
import { readLog } from './log-reader.ts';

export interface Log {
  readonly buffer: LogBuffer;
  readonly reading: boolean;
  /** What the edge said when it ended the log. */
  readonly message?: string;
  readonly problem?: HubProblem;
  /** When the last line, or the end, came. */
  readonly at: number;
}

const EMPTY: Log = { buffer: NO_LINES, reading: true, at: 0 };

/** The log under a path; `run` grows to read it anew. Undefined reads nothing. */
export function useLog(path: string | undefined, run: number): Log {
  const { client, now } = useServices();
  const [log, setLog] = React.useState<Log>(EMPTY);
  // Talks to the edge: reads while it is on screen.
  React.useEffect(() => {
    setLog(EMPTY);
    if (path === undefined) return undefined;
    return readLog(client, path, {
      onLines: (lines) => setLog((before) => ({ ...before, buffer: withLines(before.buffer, lines), at: now() })),
      onEnd: (end) => setLog((before) => ({ ...before, ...end, reading: false, at: now() })),
    });
  }, [client, now, path, run]);
  return log;
}

/**
 * Loaded into the program that is watched, before the program itself: on SIGUSR2 it collects its garbage and prints, as one line of JSON, what
 * is alive. Nothing of the program knows of it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

export interface Inside {
  /** Of the answers of this program, from 1. */
  readonly nth: number;
  readonly heapBytes: number;
  /** Outside the heap: buffers and typed arrays. */
  readonly externalBytes: number;
  readonly timers: number;
  readonly sockets: number;
  /** Sockets that listen. */
  readonly servers: number;
  /** Listeners of the process itself, and warnings that an emitter has too many. */
  readonly processListeners: number;
  readonly listenerWarnings: number;
}

function watch(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  let listenerWarnings = 0;
  let nth = 0;
  process.on('warning', ({ name }) => {
    if (name === 'MaxListenersExceededWarning') listenerWarnings += 1;
  });
  process.on('SIGUSR2', () => {
    if (typeof collect === 'function') collect();
    const { heapUsed, external } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    const count = (pattern: RegExp): number => resources.filter((name) => pattern.test(name)).length;
    nth += 1;
    const inside: Inside = {
      nth,
      heapBytes: heapUsed,
      externalBytes: external,
      timers: count(/^Timeout|^Immediate/),
      sockets: count(/^(TCPSocketWrap|TLSWrap|TCPWrap)/),
      servers: count(/^TCPServerWrap/),
      processListeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      listenerWarnings,
    };
    process.stdout.write(`${JSON.stringify({ inside })}\n`);
  });
}

if (isMainThread) watch();

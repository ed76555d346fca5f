/** Asks this machine what it allows: `domain/start-limits.ts` says what follows. */
import { readFile } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import type { StartFacts } from './domain/start-limits.ts';

/** Undefined where the file is not there: not every system is Linux. */
async function numbersIn(file: string, pattern: RegExp): Promise<readonly number[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return pattern.exec(text)?.slice(1).map(Number).filter(Number.isFinite) ?? [];
}

export async function readStartFacts(now: number): Promise<StartFacts> {
  const [openFiles] = await numbersIn('/proc/self/limits', /^Max open files\s+([0-9]+)/m);
  const [first, last] = await numbersIn('/proc/sys/net/ipv4/ip_local_port_range', /^([0-9]+)\s+([0-9]+)/);
  return {
    heapBytes: getHeapStatistics().heap_size_limit,
    now,
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(first === undefined || last === undefined ? {} : { localPorts: last - first + 1 }),
  };
}

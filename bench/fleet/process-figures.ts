/** What the kernel knows of a process. Linux only: elsewhere everything is undefined, and the figures beside the times are left out. */
import { readFileSync } from 'node:fs';

/** USER_HZ: fixed at 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

function read(pid: number | undefined, file: string): string | undefined {
  if (pid === undefined) return undefined;
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined; // no /proc here, or the process is gone
  }
}

/** Seconds of CPU out of the text of /proc/<pid>/stat; the name of the program may hold blanks and brackets. */
export function parseCpuSeconds(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : undefined;
}

export function cpuSeconds(pid: number | undefined): number | undefined {
  const stat = read(pid, 'stat');
  return stat === undefined ? undefined : parseCpuSeconds(stat);
}

/** What a process has used since `before` was read of it. */
export function cpuSince(pid: number | undefined, before: number | undefined): number | undefined {
  const now = cpuSeconds(pid);
  return now === undefined || before === undefined ? undefined : now - before;
}

/** A line of /proc/<pid>/status in bytes: VmRSS now, VmHWM at most so far. */
export function residentBytes(pid: number | undefined, line: 'VmRSS' | 'VmHWM' = 'VmRSS'): number | undefined {
  const [, kib] = new RegExp(`^${line}:\\s+([0-9]+) kB`, 'm').exec(read(pid, 'status') ?? '') ?? [];
  return kib === undefined ? undefined : Number(kib) * KIB;
}

/** How many files this process may have open; undefined where that cannot be told. */
export function openFilesLimit(): number | undefined {
  const [, limit] = /^Max open files\s+([0-9]+)/m.exec(read(process.pid, 'limits') ?? '') ?? [];
  return limit === undefined ? undefined : Number(limit);
}

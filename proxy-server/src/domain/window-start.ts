import { Cron } from 'croner';

/** When a window of that schedule next starts after `now`, in its own time zone; undefined where it never does or cannot be read. */
export function nextWindowStart(cron: string, timeZone: string, now: number): number | undefined {
  try {
    return new Cron(cron, { paused: true, timezone: timeZone }).nextRun(new Date(now))?.getTime();
  } catch {
    return undefined; // refused when the object was read; a last good form may still carry it
  }
}

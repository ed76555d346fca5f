/** How old what we know of an edge is, decided by readAt alone; says nothing about health. */
export const FRESHNESSES = ['Fresh', 'Stale', 'Silent', 'Overdue'] as const;
export type Freshness = (typeof FRESHNESSES)[number];

/** The edge's `spec.contact`, in ms. */
export interface Contact {
  readonly staleAfterMs: number;
  readonly silentAfterMs: number;
  readonly maxExpectedOutageMs: number;
  readonly judgedWithinMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const DEFAULT_CONTACT: Contact = {
  staleAfterMs: 5 * MINUTE,
  silentAfterMs: 6 * HOUR,
  maxExpectedOutageMs: 14 * 24 * HOUR,
  judgedWithinMs: 30 * MINUTE,
};

/** Undefined without readAt: an edge never heard has no freshness. A readAt in the future (our clock went back) is Fresh. */
export function freshnessAt(readAt: number | undefined, contact: Contact, now: number): Freshness | undefined {
  if (readAt === undefined) return undefined;
  const ageMs = now - readAt;
  if (ageMs <= contact.staleAfterMs) return 'Fresh';
  if (ageMs <= contact.silentAfterMs) return 'Stale';
  return ageMs <= contact.maxExpectedOutageMs ? 'Silent' : 'Overdue';
}

/** Upper bounds of the age classes that the wire carries instead of seconds; the last class is open. */
export const READ_AGE_CLASSES_MS = [MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR] as const;

/** The class of what was never heard: beyond the last one of an age. */
export const NEVER_HEARD_CLASS = READ_AGE_CLASSES_MS.length + 1;

/** 0..7 by {@link READ_AGE_CLASSES_MS}; 8: never heard. */
export function readAgeClass(readAt: number | undefined, now: number): number {
  if (readAt === undefined) return NEVER_HEARD_CLASS;
  const index = READ_AGE_CLASSES_MS.findIndex((bound) => now - readAt <= bound);
  return index < 0 ? READ_AGE_CLASSES_MS.length : index;
}

import * as React from 'react';

/** How this user reads numbers and times: their locale, their zone (or UTC), and the hub's clock. */
export interface Formats {
  readonly number: (value: number) => string;
  /** With its sign, the minus a real one. */
  readonly signed: (value: number) => string;
  readonly percent: (share: number) => string;
  /** "31 minutes ago", "in 24 seconds". */
  readonly relative: (at: number, now: number) => string;
  /** "31 minutes", by the largest unit that fits. */
  readonly duration: (ms: number) => string;
  readonly clock: (at: number, zone?: string) => string;
  /** With seconds: for what was asked a moment ago. */
  readonly exactClock: (at: number, zone?: string) => string;
  /** Date and time with the zone's name. */
  readonly absolute: (at: number, zone?: string) => string;
  readonly iso: (at: number) => string;
  /** edge-9 before edge-10. */
  readonly compare: (left: string, right: string) => number;
  readonly now: () => number;
  readonly zone: string;
}

export interface FormatOptions {
  readonly locale?: string;
  readonly zone?: string;
  readonly now: () => number;
}

type Unit = 'second' | 'minute' | 'hour' | 'day';
const UNITS: readonly (readonly [Unit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** The largest unit of which there is at least one; hours up to 47, so that "1 day ago" is never half wrong. */
export function largestUnit(ms: number): { readonly unit: Unit; readonly amount: number } {
  const size = Math.abs(ms);
  const found = UNITS.find(([unit, unitMs]) => size >= unitMs * (unit === 'day' ? 2 : 1)) ?? ['second', 1_000];
  const [unit, unitMs] = found;
  return { unit, amount: Math.trunc(ms / unitMs) };
}

/** A zone that the browser does not know must not take a page down. */
function knownZone(zone: string | undefined): string {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone === undefined) return own;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return own;
  }
}

export function createFormats({ locale, zone, now }: FormatOptions): Formats {
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const collator = new Intl.Collator(locale, { numeric: true });
  const own = knownZone(zone);
  const formatters = new Map<string, Intl.DateTimeFormat>();
  const formatter = (style: 'clock' | 'exact' | 'absolute', wanted: string): Intl.DateTimeFormat => {
    const key = `${style} ${wanted}`;
    const known = formatters.get(key);
    if (known !== undefined) return known; // making one, and asking for its zone, takes a millisecond
    const options: Intl.DateTimeFormatOptions =
      style !== 'absolute'
        ? { hour: '2-digit', minute: '2-digit', ...(style === 'exact' ? { second: '2-digit' } : {}), timeZone: knownZone(wanted) }
        : { dateStyle: 'medium', timeStyle: 'long', timeZone: knownZone(wanted) };
    const made = new Intl.DateTimeFormat(locale, options);
    formatters.set(key, made);
    return made;
  };
  return {
    number: (value) => numbers.format(value),
    signed: (value) => (value > 0 ? `+${numbers.format(value)}` : value < 0 ? `\u2212${numbers.format(-value)}` : '\u00b10'),
    percent: (share) => percents.format(share),
    relative(at, at0) {
      const { unit, amount } = largestUnit(at - at0);
      return relatives.format(amount === 0 ? -0 : amount, unit);
    },
    duration(ms) {
      const { unit, amount } = largestUnit(Math.abs(ms));
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
    },
    clock: (at, wanted = own) => formatter('clock', wanted).format(at),
    exactClock: (at, wanted = own) => formatter('exact', wanted).format(at),
    absolute: (at, wanted = own) => formatter('absolute', wanted).format(at),
    iso: (at) => new Date(at).toISOString(),
    compare: collator.compare,
    now,
    zone: own,
  };
}

export const FormatsContext = React.createContext<Formats>(createFormats({ locale: 'en', zone: 'UTC', now: () => 0 }));
export const useFormats = (): Formats => React.useContext(FormatsContext);

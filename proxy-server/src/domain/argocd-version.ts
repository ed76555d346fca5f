/**
 * What each version of Argo CD can do, in this one place. The lines come from reading and running argo-cd @ v2.10.20, v2.14.21, v3.0.23,
 * v3.2.12, v3.4.7, v3.5.1 and master (3.6). A version that is none of the known lines is served as the nearest known one, and said in words.
 * A capability is only ever a hint: a 404 "Not Found" from a route is the last word, and every field of every answer may be missing.
 */

/** The minor lines that are known, oldest first. */
export const KNOWN_LINES = ['2.10', '2.11', '2.12', '2.13', '2.14', '3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6'] as const;
export type KnownLine = (typeof KNOWN_LINES)[number];

export interface ArgocdCapabilities {
  /** The list projection has `spec.project`, `spec.destination` and `status.sync.revision` (server/application forwarder_overwrite.go). */
  readonly narrowList: boolean;
  /** `status.health.lastTransitionTime`. */
  readonly healthSince: boolean;
  /** Who started an operation is kept in history. */
  readonly historyInitiatedBy: boolean;
  /** Rollback and sync of one revision per source. */
  readonly multiSourceRollback: boolean;
  /** `POST …/resource/actions/v2`. */
  readonly actionsV2: boolean;
  /** A managed-resources answer without items means "unknown" instead of "no difference". */
  readonly emptyDiffIsUnknown: boolean;
}

export interface ArgocdVersion {
  /** As the edge writes it, bounded. */
  readonly raw: string;
  readonly line: KnownLine;
  /** False where the version is none of the known lines. */
  readonly known: boolean;
  readonly capabilities: ArgocdCapabilities;
}

const MAX_RAW_CHARS = 64;

const numberOf = (line: KnownLine): number => lineNumber(Number(line.split('.')[0]), Number(line.split('.')[1]));
const lineNumber = (major: number, minor: number): number => major * 1_000 + minor;

/** Total: an unreadable or absurd version (development builds say v99.99.99) is served as the newest line. */
export function toArgocdVersion(raw: string): ArgocdVersion {
  const short = raw.slice(0, MAX_RAW_CHARS);
  const found = /^v?(\d{1,4})\.(\d{1,4})(?:\.|-|\+|$)/.exec(short);
  const asked = found === null ? undefined : lineNumber(Number(found[1]), Number(found[2]));
  const line = nearestLine(asked);
  return { raw: short, line, known: asked === numberOf(line), capabilities: capabilitiesOf(line) };
}

/** The version as people name it: without the build metadata that most builds carry (`v3.4.7+unknown`). */
export const shortArgocdVersion = (raw: string): string => raw.replace(/\+.*$/s, '');

/** The newest known line that is not newer, or the oldest. */
function nearestLine(asked: number | undefined): KnownLine {
  if (asked === undefined) return '3.6';
  return KNOWN_LINES.findLast((line) => numberOf(line) <= asked) ?? '2.10';
}

function capabilitiesOf(line: KnownLine): ArgocdCapabilities {
  const since = (first: KnownLine): boolean => numberOf(line) >= numberOf(first);
  return {
    narrowList: since('3.5'),
    healthSince: since('2.14'),
    historyInitiatedBy: since('2.11'),
    multiSourceRollback: since('2.12'),
    actionsV2: since('3.1'),
    emptyDiffIsUnknown: line === '3.3',
  };
}

/** What an edge read this way cannot tell us, in plain words for the person who wonders. */
export function missingCapabilities(version: ArgocdVersion | undefined, mode: 'stream' | 'poll'): readonly string[] {
  const words: string[] = [];
  if (version !== undefined && !version.known) words.push(unknownVersionWords(version));
  if (version !== undefined && !version.capabilities.healthSince)
    words.push('Before Argo CD 2.14 it is not known since when a health status holds.');
  if (mode === 'stream') return words;
  words.push(
    'Applications are polled, because no stream comes through: conditions, operation messages and the time of the last comparison are not known.',
  );
  if (version !== undefined && !version.capabilities.narrowList) words.push('Before Argo CD 3.5 a polled list carries no revision.');
  else words.push('A polled list carries no revisions of Applications with several sources.');
  return words;
}

function unknownVersionWords({ raw, line }: ArgocdVersion): string {
  return /\d/.test(raw)
    ? `Argo CD ${raw} is not a version we know; it is served as ${line}.`
    : `This Argo CD does not say a version; it is served as ${line}.`;
}

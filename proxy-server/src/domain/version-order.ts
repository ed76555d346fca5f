/**
 * The order of versions as people write them: `4.11`, `v4.11.2`, `4.12.0-rc.1`, `2026.3.1`, `4.11.2+build7`. Numbers count as numbers and a
 * missing one as 0; a pre-release comes before its release; what follows `+` does not count. A text that is no version (a branch, a hash)
 * comes before every version, and such texts are ordered naturally among themselves.
 */
interface ParsedVersion {
  readonly numbers: readonly number[];
  readonly preRelease: readonly string[];
}

const VERSION = /^v?(\d{1,15}(?:\.\d{1,15}){0,7})(?:-([0-9a-z.-]+))?(?:\+.*)?$/i;

/** What stands for a version that a Product's rules could not find. */
export const UNKNOWN_VERSION = 'unknown';

function parseVersion(raw: string): ParsedVersion | undefined {
  const [, numbers, preRelease] = VERSION.exec(raw) ?? [];
  if (numbers === undefined) return undefined;
  return { numbers: numbers.split('.').map(Number), preRelease: preRelease === undefined ? [] : preRelease.split('.') };
}

/** True for what can be newer or older than something. */
export const isVersion = (raw: string): boolean => VERSION.test(raw);

const sign = (difference: number): number => Math.sign(difference);
const byText = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return sign(difference);
  }
  return 0;
}

/** Semantic Versioning 2.0.0, section 11: numbers below words, fewer identifiers below more, none above all. */
function comparePreRelease(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return sign(right.length - left.length);
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareIdentifiers(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return sign(left.length - right.length);
}

function compareIdentifiers(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftIsNumber && rightIsNumber) return sign(Number(left) - Number(right));
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return byText(left, right);
}

/** Runs of digits compare as numbers, everything else as text. */
function compareNaturally(left: string, right: string): number {
  const [leftRuns, rightRuns] = [left.match(/\d+|\D+/g) ?? [], right.match(/\d+|\D+/g) ?? []];
  for (let index = 0; index < Math.min(leftRuns.length, rightRuns.length); index += 1) {
    const [leftRun, rightRun] = [leftRuns[index] ?? '', rightRuns[index] ?? ''];
    const bothNumbers = /^\d/.test(leftRun) && /^\d/.test(rightRun);
    const order = bothNumbers ? sign(Number(leftRun) - Number(rightRun)) : byText(leftRun, rightRun);
    if (order !== 0) return order;
  }
  return sign(leftRuns.length - rightRuns.length);
}

/** -1, 0 or 1. A total preorder: `4.11` and `v4.11.0+a` are equal. */
export const compareVersions = (left: string, right: string): number =>
  compareParsed([left, parseVersion(left)], [right, parseVersion(right)]);

type Parsed = readonly [text: string, version: ParsedVersion | undefined];

function compareParsed([left, leftVersion]: Parsed, [right, rightVersion]: Parsed): number {
  if (leftVersion === undefined || rightVersion === undefined) {
    if (leftVersion !== rightVersion) return leftVersion === undefined ? -1 : 1;
    return compareNaturally(left, right);
  }
  const order = compareNumbers(leftVersion.numbers, rightVersion.numbers);
  return order === 0 ? comparePreRelease(leftVersion.preRelease, rightVersion.preRelease) : order;
}

/** {@link compareVersions} for many comparisons of few texts: each is read once. */
export function versionComparer(): (left: string, right: string) => number {
  const read = new Map<string, Parsed>();
  const parsed = (text: string): Parsed => {
    const known = read.get(text) ?? [text, parseVersion(text)];
    read.set(text, known);
    return known;
  };
  return (left, right) => compareParsed(parsed(left), parsed(right));
}

/** The newest of these; undefined where none of them is a version. */
export function newestVersion(versions: Iterable<string>): string | undefined {
  let newest: string | undefined;
  for (const version of versions) {
    if (isVersion(version) && (newest === undefined || compareVersions(version, newest) > 0)) newest = version;
  }
  return newest;
}

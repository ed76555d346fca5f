/**
 * Everything the world makes up comes from its seed and a name, never from the order of questions:
 * the same seed gives the same edge, Application and event, however often and in whatever order they are asked for.
 */

const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Comes after each part, so that "ab", "c" and "a", "bc" differ. */
const PART_END = 0x2f;

/** The hash so far with one more part in it (FNV-1a). */
function mixedWith(hash: number, part: string | number): number {
  const text = typeof part === 'string' ? part : String(part);
  let mixed = hash;
  for (let index = 0; index < text.length; index += 1) mixed = Math.imul(mixed ^ text.charCodeAt(index), FNV_PRIME);
  return Math.imul(mixed ^ PART_END, FNV_PRIME);
}

/** Spreads what is alike in the low bits over all of them. */
function stirred(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A 32 bit hash of the parts; equal parts give equal numbers in every process. */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = FNV_START;
  for (const part of parts) hash = mixedWith(hash, part);
  return stirred(hash);
}

const uuidStart = (block: number): number => mixedWith(mixedWith(FNV_START, block), 'uuid');
const UUID_STARTS: readonly [number, number, number, number] = [uuidStart(0), uuidStart(1), uuidStart(2), uuidStart(3)];

/** A number in [0, 1) that belongs to the parts. */
export function shareOf(...parts: readonly (string | number)[]): number {
  return hashOf(...parts) / 0x1_0000_0000;
}

/** One of the items, chosen by the parts. Throws on an empty list. */
export function pickOf<T>(items: readonly T[], ...parts: readonly (string | number)[]): T {
  const item = items[hashOf(...parts) % items.length];
  if (item === undefined) throw new Error('pickOf needs at least one item');
  return item;
}

/** `length` hexadecimal digits that belong to the parts. */
export function hexOf(length: number, ...parts: readonly (string | number)[]): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1) {
    text += hashOf(block, ...parts)
      .toString(16)
      .padStart(8, '0');
  }
  return text.slice(0, length);
}

const HEX_DIGITS: readonly number[] = [...Buffer.from('0123456789abcdef')];
const UUID_LENGTH = 36;
/** Where a UUID is put together: made digit by digit and read out once, it is one flat string, and a world keeps hundreds of thousands. */
const UUID_TEXT = Buffer.alloc(UUID_LENGTH, '-');

function putHex(at: number, digits: number, value: number): void {
  for (let index = at + digits - 1, left = value; index >= at; index -= 1, left >>>= 4) {
    UUID_TEXT[index] = HEX_DIGITS[left & 0xf] ?? 0;
  }
}

/** A UUID of version 4 in form, made of the parts: the first digits of `hexOf(32, 'uuid', ...)`, whose four hashes are made side by side. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  let [first, second, third, fourth] = UUID_STARTS;
  for (const part of parts) {
    const text = typeof part === 'string' ? part : String(part);
    for (let index = 0; index <= text.length; index += 1) {
      const code = index === text.length ? PART_END : text.charCodeAt(index);
      first = Math.imul(first ^ code, FNV_PRIME);
      second = Math.imul(second ^ code, FNV_PRIME);
      third = Math.imul(third ^ code, FNV_PRIME);
      fourth = Math.imul(fourth ^ code, FNV_PRIME);
    }
  }
  const [high, low] = [stirred(second), stirred(third)];
  putHex(0, 8, stirred(first));
  putHex(9, 4, high >>> 16);
  putHex(14, 4, 0x4000 | (high & 0xfff));
  putHex(19, 4, 0xa000 | ((low >>> 16) & 0xfff));
  putHex(24, 4, low & 0xffff);
  putHex(28, 8, stirred(fourth));
  return UUID_TEXT.toString('latin1');
}

/** A source of numbers in [0, 1) for what happens by itself: a sequence fixed by its seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

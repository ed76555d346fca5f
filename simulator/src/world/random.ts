/**
 * Everything the world makes up comes from its seed and a name, never from the order of questions:
 * the same seed gives the same edge, Application and event, however often and in whatever order they are asked for.
 */

/** A 32 bit hash of the parts; equal parts give equal numbers in every process. */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = typeof part === 'string' ? part : String(part);
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x2f, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

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

/** A UUID of version 4 in form, made of the parts. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = hexOf(32, 'uuid', ...parts);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
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

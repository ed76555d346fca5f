/**
 * Whether the Argo CD behind an edge's name is still the one it was (row 39). An Argo CD has no id of its own that a read token may see; the
 * uids of its Applications are made by its own cluster, so a set that shares nothing with what was known is another one.
 */

export interface IdentityFacts {
  /** Uids known of this edge; empty: none yet. */
  readonly knownUids: ReadonlySet<string>;
  readonly seenUids: ReadonlySet<string>;
  /** `spec.identity`, and the generation it was read at. */
  readonly setting: 'Pinned' | 'AcceptNext';
  readonly generation: number;
  /** The generation for which another Argo CD was accepted before; AcceptNext holds once per generation. */
  readonly acceptedGeneration: number | undefined;
}

/** `first`: nothing to compare with. `changed`: keep its data apart until a person accepts. `accepted`: take it as the known one from now on. */
export type IdentityVerdict = 'first' | 'same' | 'changed' | 'accepted';

/** An answer without Applications proves nothing, either way: it is `same`. */
export function identityVerdict(facts: IdentityFacts): IdentityVerdict {
  const { knownUids, seenUids, setting, generation, acceptedGeneration } = facts;
  if (knownUids.size === 0) return 'first';
  if (seenUids.size === 0 || sharesAny(seenUids, knownUids)) return 'same';
  return setting === 'AcceptNext' && acceptedGeneration !== generation ? 'accepted' : 'changed';
}

function sharesAny(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const uid of left) if (right.has(uid)) return true;
  return false;
}

/** More uids than this add nothing to telling two Argo CDs apart. */
const DIGEST_UIDS = 64;
const FNV_PRIME = 0x01000193;

/**
 * A short name for the Argo CD first seen with these Applications: the same set gives the same digest, in any order. Two 32-bit FNV-1a sums
 * with different beginnings: this is a name and no proof, and it is made for every edge of a start.
 */
export function identityDigest(uids: Iterable<string>): string {
  const text = [...uids].sort().slice(0, DIGEST_UIDS).join('\n');
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x9dc5811c);
}

function fnv1a(text: string, offset: number): string {
  let sum = offset;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), FNV_PRIME);
  return (sum >>> 0).toString(16).padStart(8, '0');
}

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

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
/** More uids than this add nothing to telling two Argo CDs apart. */
const DIGEST_UIDS = 64;

/** A short name for the Argo CD first seen with these Applications: the same set gives the same digest, in any order. */
export function identityDigest(uids: Iterable<string>): string {
  const first = [...uids].sort().slice(0, DIGEST_UIDS);
  let hash = FNV_OFFSET;
  for (const char of first.join('\n')) hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0) ?? 0)) * FNV_PRIME);
  return hash.toString(16).padStart(16, '0');
}

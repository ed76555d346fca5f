/** What becomes of a verdict on which Argo CD this is: what both ways of reading an edge do alike. */
import { identityDigest, identityVerdict, type IdentityVerdict } from '../domain/edge-identity.ts';
import { keyOfText } from './application-marks.ts';
import { putFacts, type WatchContext } from './watch-context.ts';

/** The verdict over the uids that are known of this edge and those that it shows. */
export const identityOf = (
  { edge, memory }: WatchContext,
  knownUids: ReadonlySet<string>,
  seenUids: ReadonlySet<string>,
): IdentityVerdict =>
  identityVerdict({
    knownUids,
    seenUids,
    setting: edge.identity,
    generation: edge.generation,
    acceptedGeneration: memory.acceptedGeneration ?? edge.acceptedIdentity?.acceptedGeneration,
  });

/** What belonged to the Argo CD that was here before goes, without asking the new one about it. */
export function acceptAnother(context: WatchContext, gone: readonly string[]): void {
  const { edge, sink, memory } = context;
  memory.acceptedGeneration = edge.generation;
  putFacts(context, { acceptedGeneration: edge.generation });
  for (const keyText of gone) memory.marks.forget(keyText);
  if (gone.length > 0) sink.dropApplications(edge.id, gone.map(keyOfText));
}

/** Tells readers the name of this Argo CD; one that is the same as before keeps the name it had. */
export function tellIdentity(
  context: WatchContext,
  verdict: IdentityVerdict,
  known: string | undefined,
  seenUids: ReadonlySet<string>,
): void {
  if (seenUids.size === 0) return;
  const kept = verdict === 'same' ? (context.memory.facts.identity ?? known) : undefined;
  putFacts(context, { identity: kept ?? identityDigest(seenUids) });
}

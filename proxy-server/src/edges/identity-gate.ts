import { makeFailure } from '../domain/classify.ts';
import { identityDigest, identityVerdict, type IdentityVerdict } from '../domain/edge-identity.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import { keyOfText } from './application-marks.ts';
import type { ApplicationWriter } from './application-writer.ts';
import type { ApplicationEvent } from './to-application.ts';
import { putFacts, type WatchContext } from './watch-context.ts';

/**
 * Holds a snapshot back until it is clear that it comes from the Argo CD that is known here: as soon as one known Application is among it, or,
 * where none is, when all of it is there. Data of another Argo CD is flagged and never merged.
 */
export interface IdentityGate {
  offer(event: ApplicationEvent): void;
  /** The snapshot is whole. A failure (row 39) means that nothing was merged. */
  complete(): EdgeFailure | undefined;
}

export function createIdentityGate(context: WatchContext, writer: ApplicationWriter): IdentityGate {
  const { edge, sink, memory, limits } = context;
  const known = sink.known(edge.id);
  const knownUids = new Set(known.applications.map(({ uid }) => uid).filter((uid) => uid !== ''));
  let held: ApplicationEvent[] | undefined = knownUids.size === 0 ? undefined : [];
  let seenUids: Set<string> | undefined = new Set();
  let verdict: IdentityVerdict = knownUids.size === 0 ? 'first' : 'same';

  const release = (): void => {
    const events = held ?? [];
    held = undefined;
    for (const event of events) writer.apply(event);
  };
  const judge = (seen: ReadonlySet<string>): IdentityVerdict =>
    identityVerdict({
      knownUids,
      seenUids: seen,
      setting: edge.identity,
      generation: edge.generation,
      acceptedGeneration: memory.acceptedGeneration ?? edge.acceptedIdentity?.acceptedGeneration,
    });
  /** What belonged to the Argo CD that was here before goes, without asking the new one about it. */
  const accept = (): void => {
    memory.acceptedGeneration = edge.generation;
    putFacts(context, { acceptedGeneration: edge.generation });
    const gone = memory.marks.unseen();
    for (const keyText of gone) memory.marks.forget(keyText);
    if (gone.length > 0) sink.dropApplications(edge.id, gone.map(keyOfText));
  };
  const sayIdentity = (uids: ReadonlySet<string>): void => {
    if (uids.size === 0) return;
    const keeps = verdict === 'same' ? (memory.facts.identity ?? known.identity) : undefined;
    putFacts(context, { identity: keeps ?? identityDigest(uids) });
  };

  return {
    offer(event) {
      const { uid } = event.application;
      if (uid !== '' && seenUids !== undefined && seenUids.size < limits.maxApplicationsPerEdge) seenUids.add(uid);
      if (held === undefined) return writer.apply(event);
      if (held.length < limits.maxApplicationsPerEdge) held.push(event);
      if (knownUids.has(uid)) release();
    },
    complete() {
      const seen: ReadonlySet<string> = seenUids ?? new Set();
      seenUids = undefined;
      if (held !== undefined) {
        verdict = judge(seen);
        if (verdict === 'changed') {
          held = [];
          return makeFailure(39, { sign: 'none of the known Applications is there' });
        }
        release();
        if (verdict === 'accepted') accept();
      }
      sayIdentity(seen);
      return undefined;
    },
  };
}

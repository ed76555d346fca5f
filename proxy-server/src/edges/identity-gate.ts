import { makeFailure } from '../domain/classify.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { ApplicationWriter } from './application-writer.ts';
import { acceptAnother, identityOf, tellIdentity } from './identity-facts.ts';
import type { ApplicationEvent } from './to-application.ts';
import type { WatchContext } from './watch-context.ts';

/**
 * Holds a snapshot back until it is clear that it comes from the Argo CD that is known here: as soon as one known Application is among it, or,
 * where none is, when all of it is there. Data of another Argo CD is flagged and never merged.
 */
export interface IdentityGate {
  /** Lets it through, or holds it. */
  offer(event: ApplicationEvent): void;
  /** The snapshot is whole. A failure (row 39) means that nothing was merged. */
  complete(): EdgeFailure | undefined;
}

/** Lets the Applications of the known Argo CD through and holds back those of another one. */
export function createIdentityGate(context: WatchContext, writer: ApplicationWriter): IdentityGate {
  return new Gate(context, writer);
}

class Gate implements IdentityGate {
  readonly #context: WatchContext;
  readonly #writer: ApplicationWriter;
  readonly #knownUids: ReadonlySet<string>;
  readonly #knownIdentity: string | undefined;
  readonly #seenUids = new Set<string>();
  /** Undefined once it was let through. */
  #held: ApplicationEvent[] | undefined;

  constructor(context: WatchContext, writer: ApplicationWriter) {
    const known = context.sink.known(context.edge.id);
    this.#context = context;
    this.#writer = writer;
    this.#knownUids = new Set(known.applications.map(({ uid }) => uid).filter((uid) => uid !== ''));
    this.#knownIdentity = known.identity;
    this.#held = this.#knownUids.size === 0 ? undefined : [];
  }

  offer(event: ApplicationEvent): void {
    const { uid } = event.application;
    const most = this.#context.limits.maxApplicationsPerEdge;
    if (uid !== '' && this.#seenUids.size < most) this.#seenUids.add(uid);
    if (this.#held === undefined) {
      this.#writer.apply(event);
      return;
    }
    if (this.#held.length < most) this.#held.push(event);
    if (this.#knownUids.has(uid)) this.#release();
  }

  complete(): EdgeFailure | undefined {
    const verdict = identityOf(this.#context, this.#knownUids, this.#seenUids);
    if (verdict === 'changed') return makeFailure(39, { sign: 'none of the known Applications is there' });
    this.#release();
    if (verdict === 'accepted') acceptAnother(this.#context, this.#context.memory.marks.unseen());
    tellIdentity(this.#context, verdict, this.#knownIdentity, this.#seenUids);
    return undefined;
  }

  #release(): void {
    const events = this.#held ?? [];
    this.#held = undefined;
    for (const event of events) this.#writer.apply(event);
  }
}

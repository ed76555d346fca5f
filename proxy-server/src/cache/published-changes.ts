/** What the latest publications changed. */
interface Publication {
  readonly revision: number;
  readonly slots: readonly number[];
}

/** Slots that are remembered; with more changes than this a look at every edge is not much slower. */
const MAX_SLOTS = 8_192;
const MAX_PUBLICATIONS = 256;

/** Which edges the latest publications changed, so that whoever follows them looks at those and not at the whole fleet. */
export class PublishedChanges {
  #publications: Publication[] = [];
  #size = 0;
  #forgotten: number;

  /** Nothing is known of revisions up to `revision`. */
  constructor(revision: number) {
    this.#forgotten = revision;
  }

  note(revision: number, slots: readonly number[]): void {
    this.#publications.push({ revision, slots });
    this.#size += slots.length;
    if (this.#size > MAX_SLOTS || this.#publications.length > MAX_PUBLICATIONS) this.#forget();
  }

  /**
   * Slots that changed after `revision`, each once: at the last of its changes, which `changedAt` names by slot. Undefined where that is no
   * longer known.
   */
  since(revision: number, changedAt: Float64Array): readonly number[] | undefined {
    if (revision < this.#forgotten) return undefined;
    const slots: number[] = [];
    for (let nth = this.#publications.length - 1; nth >= 0; nth -= 1) {
      const publication = this.#publications[nth];
      if (publication === undefined || publication.revision <= revision) break;
      for (const slot of publication.slots) if (changedAt[slot] === publication.revision) slots.push(slot);
    }
    return slots;
  }

  /** The older half, so that forgetting is seldom. */
  #forget(): void {
    const kept = this.#publications.slice(Math.ceil(this.#publications.length / 2));
    this.#forgotten = this.#publications.at(-1 - kept.length)?.revision ?? this.#forgotten;
    this.#publications = kept;
    this.#size = kept.reduce((sum, { slots }) => sum + slots.length, 0);
  }
}

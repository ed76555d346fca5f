/**
 * The rows of all Applications that a view lists, in the order of its edges. They change only where an Application comes or goes, which is
 * seldom beside changes of what is known of it: so most questions begin with a plain array and not with 10,000 edges.
 */
export class ListedRows {
  #version = '';
  #rows: Uint32Array | undefined;

  /** What `gather` found for this version. */
  take(version: string, gather: () => Uint32Array): Uint32Array {
    if (this.#rows === undefined || this.#version !== version) this.#rows = gather().slice();
    this.#version = version;
    return this.#rows;
  }

  forget(): void {
    this.#rows = undefined;
  }
}

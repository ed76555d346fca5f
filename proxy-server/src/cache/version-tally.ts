import { compareVersions, isVersion, newestVersion } from '../domain/version-order.ts';
import { toEdgeVersions, type EdgeVersions } from './edge-figures.ts';

/**
 * How many edges run which combination of versions, and from that how many are behind the newest that runs anywhere. Combinations are few
 * where edges are many, so that a new version costs a look at each combination and none at any edge.
 */
export class VersionTally {
  readonly #edges = new Map<string, { readonly versions: EdgeVersions; edges: number; behind?: boolean }>();
  #newest: ReadonlyMap<string, string> | undefined;
  #behind: number | undefined;

  clear(): void {
    this.#edges.clear();
    this.#newest = undefined;
    this.#behind = undefined;
  }

  /** An edge more or less with that combination, as `EdgeFigures` writes it; empty is none. */
  add(combination: string, by: 1 | -1): void {
    if (combination === '') return;
    this.#behind = undefined;
    const known = this.#edges.get(combination);
    if (known === undefined) {
      this.#edges.set(combination, { versions: toEdgeVersions(combination), edges: by });
      this.#newest = undefined;
      return;
    }
    known.edges += by;
    if (known.edges > 0) return;
    this.#edges.delete(combination);
    this.#newest = undefined;
  }

  /** The newest version of each Product that any of these edges runs. */
  newest(): ReadonlyMap<string, string> {
    this.#newest ??= this.#findNewest();
    return this.#newest;
  }

  /** Edges with a version older than the newest of its Product. */
  behind(): number {
    this.#behind ??= this.#countBehind();
    return this.#behind;
  }

  /** True for a combination whose edges are counted as behind. */
  isBehind(combination: string): boolean {
    return this.behind() > 0 && this.#edges.get(combination)?.behind === true;
  }

  #findNewest(): ReadonlyMap<string, string> {
    const newest = new Map<string, string>();
    for (const { versions } of this.#edges.values()) {
      for (const [product, running] of versions) {
        const found = newestVersion([...running, ...[newest.get(product) ?? []].flat()]);
        if (found !== undefined) newest.set(product, found);
      }
    }
    return newest;
  }

  #countBehind(): number {
    const newest = this.newest();
    let behind = 0;
    for (const combination of this.#edges.values()) {
      combination.behind = isBehind(combination.versions, newest);
      if (combination.behind) behind += combination.edges;
    }
    return behind;
  }
}

const isBehind = (versions: EdgeVersions, newest: ReadonlyMap<string, string>): boolean =>
  versions.some(([product, running]) =>
    running.some((version) => isVersion(version) && compareVersions(version, newest.get(product) ?? version) < 0),
  );

import { NOT_HEARD_STATES } from '../../../../proxy-server/src/domain/edge-state.ts';
import type { Facet } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { compareVersions, isVersion } from '../../../../proxy-server/src/domain/version-order.ts';

export interface VersionLine {
  /** '' where it could not be found. */
  readonly version: string;
  readonly edges: number;
  readonly behind: boolean;
}

/** What the fleet's facets say of one Product, or of everything. */
export interface FleetFigures {
  readonly versions: readonly VersionLine[];
  readonly newest: string | undefined;
  readonly behind: number;
  readonly notHeard: number;
  /** Versions that the facet left out. */
  readonly cut: number;
}

/** Values of states are lower case in queries; facets may come in either. */
const isNotHeardState = (state: string): boolean => NOT_HEARD_STATES.some((other) => other.toLowerCase() === state.toLowerCase());

/** Newest first; an edge that runs two versions at once counts by the older, and a hash beside a version says nothing. */
export function fleetFigures(facets: readonly Facet[], product: string | undefined): FleetFigures {
  const states = facets.find(({ field }) => field === 'state')?.values ?? [];
  const facet = facets.find(({ field }) => product !== undefined && field === `version:${product}`);
  const running = facet?.values ?? [];
  const oldest = (value: string): string => value.split(' + ').filter(isVersion).sort(compareVersions)[0] ?? value;
  const newest = running
    .flatMap(({ value }) => value.split(' + '))
    .filter(isVersion)
    .sort(compareVersions)
    .at(-1);
  const versions = running
    .map(({ value, edges }): VersionLine => ({
      version: value,
      edges,
      behind: newest !== undefined && isVersion(oldest(value)) && compareVersions(oldest(value), newest) < 0,
    }))
    .sort((left, right) => compareVersions(oldest(right.version), oldest(left.version)));
  const sum = (lines: readonly { readonly edges: number }[]): number => lines.reduce((total, { edges }) => total + edges, 0);
  return {
    versions,
    newest,
    behind: sum(versions.filter(({ behind }) => behind)),
    notHeard: sum(states.filter(({ value }) => isNotHeardState(value))),
    cut: facet?.more ?? 0,
  };
}

/** Where each figure leads: the query that selects what it counts. */
export function figureQueries(product: string | undefined): {
  readonly all: string;
  readonly failing: string;
  readonly notHeard: string;
  readonly behind: (version: string) => string;
  readonly version: (version: string) => string;
} {
  const all = product === undefined ? '' : `product:${product}`;
  const with_ = (term: string): string => `${all} ${term}`.trim();
  return {
    all,
    failing: with_('look:degraded,failing,missing'),
    notHeard: with_(`state:${NOT_HEARD_STATES.map((state) => state.toLowerCase()).join(',')}`),
    behind: (version) => with_(`version:${product ?? ''}<${version}`),
    version: (version) => with_(`version:${product ?? ''}:"${version}"`),
  };
}

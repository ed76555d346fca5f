import { NOT_HEARD_STATES } from '../../../../proxy-server/src/domain/edge-state.ts';
import type { CountFigure } from '../../../../proxy-server/src/domain/fleet-counts.ts';
import type { Facet, FleetCounts } from '../../../../proxy-server/src/domain/fleet-view.ts';
import type { Tone } from '../../ui/StatusBadge.tsx';

/** One figure of the first row: what it counts, how it changed, and the values that filter for it. */
export interface FleetTile {
  readonly id: 'edges' | 'healthy' | 'degraded' | 'outOfSync' | 'behind' | 'notHeard';
  readonly tone: Tone;
  readonly icon?: string;
  readonly value: number;
  /** Against 24 h ago; undefined until that is known. */
  readonly change?: number;
  /** More of it is good, bad, or neither. */
  readonly moreIs: 'better' | 'worse' | 'plain';
  readonly field?: string;
  readonly values: readonly string[];
}

/** The Product with the most edges before its newest version, as the query that finds them. */
export interface BehindMost {
  readonly product: string;
  readonly newest: string;
  readonly edges: number;
}

/** A version that can be ordered: not a SHA that happens to begin with a digit, and not two versions at once. */
const VERSION = /^v?\d+(\.\d+)+([-+][\w.-]+)?$/;
const VERSION_FIELD = /^version:(.+)$/;

export function mostBehind(facets: readonly Facet[], compare: (left: string, right: string) => number): BehindMost | undefined {
  const lines = facets.flatMap((facet): BehindMost[] => {
    const product = VERSION_FIELD.exec(facet.field)?.[1];
    const known = facet.values.filter(({ value }) => VERSION.test(value));
    const newest = known
      .map(({ value }) => value)
      .sort(compare)
      .at(-1);
    if (product === undefined || newest === undefined) return [];
    return [{ product, newest, edges: known.reduce((sum, { value, edges }) => sum + (value === newest ? 0 : edges), 0) }];
  });
  return lines.filter(({ edges }) => edges > 0).sort((left, right) => right.edges - left.edges)[0];
}

const changeOf = (deltas: Readonly<Record<string, number>> | undefined, keys: readonly CountFigure[]): number | undefined => {
  const found = keys.map((key) => deltas?.[key]).filter((change) => change !== undefined);
  return found.length === 0 ? undefined : found.reduce((sum, change) => sum + change, 0);
};

export interface TileFacts {
  readonly counts: FleetCounts;
  readonly deltas24h: Readonly<Record<string, number>> | undefined;
}

/** Six figures in a fixed order. */
export function fleetTiles({ counts, deltas24h }: TileFacts): readonly FleetTile[] {
  const tile = (base: Omit<FleetTile, 'change'>, keys: readonly CountFigure[]): FleetTile => {
    const change = changeOf(deltas24h, keys);
    return change === undefined ? base : { ...base, change };
  };
  const { byState } = counts;
  return [
    tile({ id: 'edges', tone: 'quiet', value: counts.edges, moreIs: 'plain', values: [] }, ['edges']),
    tile(
      { id: 'healthy', tone: 'healthy', icon: 'fa-heart', value: byState.Healthy, moreIs: 'better', field: 'state', values: ['Healthy'] },
      ['Healthy'],
    ),
    tile(
      {
        id: 'degraded',
        tone: 'degraded',
        icon: 'fa-heart-broken',
        value: byState.Degraded + byState.Failing + byState.Missing,
        moreIs: 'worse',
        field: 'state',
        values: ['Degraded', 'Failing', 'Missing'],
      },
      ['Degraded', 'Failing', 'Missing'],
    ),
    tile(
      {
        id: 'outOfSync',
        tone: 'attention',
        icon: 'fa-arrow-alt-circle-up',
        value: counts.outOfSync,
        moreIs: 'worse',
        field: 'out-of-sync',
        values: ['true'],
      },
      ['outOfSync'],
    ),
    tile(
      {
        id: 'behind',
        tone: 'progressing',
        icon: 'fa-arrow-up',
        value: counts.behind,
        moreIs: 'plain',
        field: 'behind',
        values: ['true'],
      },
      ['behind'],
    ),
    tile({ id: 'notHeard', tone: 'stale', value: counts.notHeard, moreIs: 'worse', field: 'state', values: NOT_HEARD_STATES }, [
      'notHeard',
    ]),
  ];
}

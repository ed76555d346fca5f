import type {
  ApplicationDetail, ApplicationGroup, ApplicationRow, DictionaryColumn, EdgeDetail, EdgeRow, Facet, FleetDelta, FleetMembers, FleetOverview, Page,
} from '../domain/fleet-view.ts'; // prettier-ignore
import type { QueryError } from '../domain/query.ts';
import type { Result } from '../domain/result.ts';
import type { Visibility } from '../domain/visibility.ts';

export interface ListRequest {
  /** Typed query; '' selects all. */
  readonly query: string;
  /** Field names, `-` in front for descending; ties are broken by name. */
  readonly sort: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

export const GROUP_FIELDS = ['name', 'product', 'version', 'message'] as const;
export type GroupField = (typeof GROUP_FIELDS)[number];

/**
 * Everything that is shown of the fleet. Only committed state is ever visible here, so what a reader returns survives a crash.
 * Every question is asked on behalf of a {@link Visibility}. A query that cannot be read is a value with the place of the error.
 */
export interface FleetReader {
  readonly revision: number;
  overview(who: Visibility): FleetOverview;
  members(who: Visibility): FleetMembers;
  /** A column for grouping or colouring that is not in `members` or the overview: `version:<product>`, `argocd-version`, a label. */
  column(who: Visibility, field: string): DictionaryColumn | undefined;
  edges(who: Visibility, request: ListRequest): Result<Page<EdgeRow>, QueryError>;
  edge(who: Visibility, name: string): EdgeDetail | undefined;
  applications(who: Visibility, request: ListRequest): Result<Page<ApplicationRow>, QueryError>;
  application(who: Visibility, edge: string, namespace: string, name: string): ApplicationDetail | undefined;
  groups(who: Visibility, by: GroupField, query: string): Result<readonly ApplicationGroup[], QueryError>;
  facets(who: Visibility, query: string): Result<readonly Facet[], QueryError>;
  /** Row numbers of the edges that match, ascending: the map's filter. */
  matchingRows(who: Visibility, query: string): Result<readonly number[], QueryError>;
  /** The deltas after `revision`, or undefined where they are no longer kept or membership changed: then ask for the overview. */
  deltasSince(who: Visibility, revision: number): readonly FleetDelta[] | undefined;
  /** Told once per published revision. */
  subscribe(onPublished: (published: Published) => void): () => void;
}

export interface Published {
  readonly revision: number;
  readonly membershipChanged: boolean;
  /** Names of edges of which anything changed, Applications included; bounded by the fleet. */
  readonly edges: readonly string[];
}

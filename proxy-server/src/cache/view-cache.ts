import type { FleetTotals } from '../domain/fleet-cause.ts';
import type { Cause, Facet, FleetMembers } from '../domain/fleet-view.ts';
import type { Visibility } from '../domain/visibility.ts';
import { causesOf, totalsOf } from './causes.ts';
import type { EdgeSurroundings } from './edge-rows.ts';
import { facetsOf, membersOf } from './facets.ts';
import type { FieldSource } from './fields.ts';
import type { FleetTable } from './fleet-table.ts';
import { VisibleFleet } from './visible-fleet.ts';

/** Sets of rights whose view is kept; beyond it the one that was asked for longest ago is made anew when it comes back. */
const MAX_VIEWS = 64;
/** How long causes and facets stand while the fleet changes. */
const STANDING_MS = 1_000;
/** A view nobody asked for in this time owes nobody anything. */
const IDLE_MS = 60_000;

/** When something was last worked out, and from which revision. */
interface Standing {
  readonly revision: number;
  readonly at: number;
}

const NEVER: Standing = { revision: -1, at: Number.NEGATIVE_INFINITY };

/** A view with what is worked out from it now and then. */
class ViewEntry {
  readonly view: VisibleFleet;
  members: FleetMembers | undefined;
  membersRevision = -1;
  causes: readonly Cause[] = [];
  causesText = '';
  causesChangedAt = 0;
  causesStand = NEVER;
  facets: readonly Facet[] = [];
  facetsStand = NEVER;
  totals: FleetTotals | undefined;
  totalsVersion = -1;
  askedAt = 0;

  constructor(view: VisibleFleet) {
    this.view = view;
  }
}

type WithCauses = Readonly<Pick<ViewEntry, 'view' | 'causes' | 'causesChangedAt'>>;
type WithFacets = Readonly<Pick<ViewEntry, 'view' | 'facets'>>;

/** The views that are in use, by the key of their rights. */
export class ViewCache {
  readonly #table: FleetTable;
  readonly #around: Pick<EdgeSurroundings, 'connectorKind'>;
  readonly #entries = new Map<string, ViewEntry>();

  constructor(table: FleetTable, around: Pick<EdgeSurroundings, 'connectorKind'>) {
    this.#table = table;
    this.#around = around;
  }

  /** Up to date with what was published. */
  source(who: Visibility, now: number): FieldSource {
    return this.#sourceOf(this.#entry(who, now), now);
  }

  /** With causes that are at most a second old, as long as anything changes. Apart from facets, so that neither takes long. */
  withCauses(who: Visibility, now: number): WithCauses {
    const entry = this.#entry(who, now);
    if (this.#isOld(entry, entry.causesStand, now)) this.#workOutCauses(entry, now);
    return entry;
  }

  /** The same with facets. */
  withFacets(who: Visibility, now: number): WithFacets {
    const entry = this.#entry(who, now);
    if (this.#isOld(entry, entry.facetsStand, now)) {
      entry.facets = facetsOf(entry.view.slots, this.#sourceOf(entry, now));
      entry.facetsStand = { revision: this.#table.revision, at: now };
    }
    return entry;
  }

  /** With the members of its present membership. */
  withMembers(who: Visibility, now: number): FleetMembers {
    const entry = this.#entry(who, now);
    if (entry.members === undefined || entry.membersRevision !== entry.view.membershipRevision) {
      entry.members = membersOf(this.#sourceOf(entry, now));
      entry.membersRevision = entry.view.membershipRevision;
    }
    return entry.members;
  }

  /** True where somebody was sent causes that the latest change may have outdated. */
  owesCauses(now: number): boolean {
    return [...this.#entries.values()].some(
      ({ causesStand: { revision }, askedAt }) => revision >= 0 && revision !== this.#table.revision && now - askedAt < IDLE_MS,
    );
  }

  #entry(who: Visibility, now: number): ViewEntry {
    const entry = this.#entries.get(who.key) ?? new ViewEntry(new VisibleFleet(this.#table, who));
    this.#entries.delete(who.key);
    this.#entries.set(who.key, entry);
    const [longestAgo] = this.#entries.keys();
    if (this.#entries.size > MAX_VIEWS && longestAgo !== undefined) this.#entries.delete(longestAgo);
    entry.view.refresh();
    entry.askedAt = now;
    return entry;
  }

  #totals(entry: ViewEntry, source: FieldSource): FleetTotals {
    const { configVersion } = this.#table.edges;
    if (entry.totals === undefined || entry.totalsVersion !== configVersion) entry.totals = totalsOf(source);
    entry.totalsVersion = configVersion;
    return entry.totals;
  }

  #isOld({ view }: ViewEntry, { revision, at }: Standing, now: number): boolean {
    return revision < view.membershipRevision || (revision !== this.#table.revision && Math.abs(now - at) >= STANDING_MS);
  }

  #sourceOf({ view }: ViewEntry, now: number): FieldSource {
    return { table: this.#table, view, now };
  }

  #workOutCauses(entry: ViewEntry, now: number): void {
    const source = this.#sourceOf(entry, now);
    entry.causes = causesOf(source, this.#around, () => this.#totals(entry, source));
    const text = JSON.stringify(entry.causes);
    if (text !== entry.causesText) entry.causesChangedAt = this.#table.revision;
    entry.causesText = text;
    entry.causesStand = { revision: this.#table.revision, at: now };
  }
}

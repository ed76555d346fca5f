import type { Freshness } from './freshness.ts';
import { EDGE_LOOKS, type EdgeLook } from './look.ts';

export const LIFECYCLES = ['Enrolling', 'Active', 'Parked', 'Quarantined', 'Retired'] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

export const CONNECTIONS = ['Reachable', 'OutOfReach', 'Refused', 'NeverReached'] as const;
export type Connection = (typeof CONNECTIONS)[number];

/**
 * The one count an edge is in. The order is the rule: the first that applies wins, so the counts add up to the fleet.
 * "Not heard" is NeverReached, Overdue, Silent, Stale, Refused and OutOfReach: there the look is the last known one.
 */
export const EDGE_STATES = [
  'Enrolling', 'Parked', 'Quarantined', 'Retired',
  'NeverReached', 'Overdue', 'Silent', 'Stale', 'Refused', 'OutOfReach',
  ...EDGE_LOOKS,
] as const; // prettier-ignore
export type EdgeState = (typeof EDGE_STATES)[number];

export const NOT_HEARD_STATES = [
  'NeverReached',
  'Overdue',
  'Silent',
  'Stale',
  'Refused',
  'OutOfReach',
] as const satisfies readonly EdgeState[];

export interface EdgeStateFacts {
  readonly lifecycle: Lifecycle;
  readonly connection: Connection;
  readonly freshness: Freshness | undefined;
  readonly look: EdgeLook;
}

/** Which count an edge belongs to: (1) lifecycle, unless Active; (2) never reached; (3) old; (4) fresh but no longer answering; (5) its look. */
export function edgeState(facts: EdgeStateFacts): EdgeState {
  if (facts.lifecycle !== 'Active') return facts.lifecycle;
  if (facts.connection === 'NeverReached') return 'NeverReached';
  if (facts.freshness !== undefined && facts.freshness !== 'Fresh') return facts.freshness;
  if (facts.connection !== 'Reachable') return facts.connection;
  return facts.freshness === undefined ? 'NeverReached' : facts.look;
}

/** True where the look is only the last known one. */
export const isNotHeard = (state: EdgeState): boolean => NOT_HEARD_STATES.some((other) => other === state);

const FIRST_NOT_HEARD_CODE = EDGE_STATES.indexOf('NeverReached');
/** Place of the first look among the states: from here on an edge is heard, and the state says how it is. */
export const FIRST_LOOK_CODE = EDGE_STATES.indexOf('Degraded');
/** {@link isNotHeard} for the place of a state in EDGE_STATES, as columns hold it. */
export const isNotHeardCode = (code: number): boolean => code >= FIRST_NOT_HEARD_CODE && code < FIRST_LOOK_CODE;

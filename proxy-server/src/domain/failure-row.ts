import type { EdgeFailure, FailureKind, FailureRow } from './failure.ts';

/**
 * When an idempotent GET may be asked again after this failure. `probe`: only by the background probe, 15 s doubling to 5 min. `twice`,
 * `once`: that often, backed off. `once` on a `newSocket`: at once. `never`: the answer stays the same until a person acts; the slow
 * background probe still looks. `afterReauth`: with another token. `afterRetryAfter`: not before the time the answer names.
 */
export type RetryRule =
  | {
      readonly rule:
        'probe' | 'never' | 'afterReauth' | 'afterRetryAfter' | 'fleetBackOff' | 'slowProbe' | 'newSocket' | 'reconnect' | 'narrower';
    }
  | { readonly rule: 'tries'; readonly tries: number };

/** Who has to do something. `wait`: nobody, it mends itself. `us`: whoever runs or writes proxy-server. */
export type WhoActs = 'site' | 'network team' | 'platform team' | 'us' | 'wait';

/**
 * What the row says of the edge's connection (docs/architecture.md, "Connection"). `outOfReachAfterTwo`: when a second sign confirms it.
 * `refusedAtOnce`: a person is needed. `reachable`: Argo CD spoke, the kind is shown beside Reachable. `silent`: says nothing.
 */
export type ConnectionEffect = 'outOfReachAfterTwo' | 'refusedAtOnce' | 'reachable' | 'silent';

/** What a sentence may name. `since` is a time already written for the reader. */
export interface FailureAbout {
  readonly edge: string;
  readonly since?: string;
  readonly count?: number;
  readonly connectorName?: string;
  readonly failure?: EdgeFailure;
}

/** The part of a row that reads differently where no Cloudflare is in between. */
export interface DirectReading {
  readonly words?: (about: FailureAbout) => string;
  readonly meaning?: string;
  readonly remedy?: string;
  readonly acts?: WhoActs;
}

export interface FailureTableRow {
  readonly row: FailureRow;
  readonly kind: FailureKind;
  /** A second class that the row's signs split into. */
  readonly otherKind?: FailureKind;
  readonly name: string;
  readonly arrives: string;
  readonly meaning: string;
  readonly retry: RetryRule;
  readonly words: (about: FailureAbout) => string;
  readonly danger: string;
  readonly remedy: string;
  readonly acts: WhoActs;
  readonly effect: ConnectionEffect;
  /** Suspected from one answer, confirmed when many edges fail alike within a minute: one cause, one banner. */
  readonly fleetWide: boolean;
  readonly direct?: DirectReading;
}

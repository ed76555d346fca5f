import type { Exchange } from './answer.ts';
import type { StreamSettings } from './event-writer.ts';
import type { Fragments } from './fragments.ts';
import type { VersionProfile } from './profiles.ts';
import { authenticate, type Session } from './session.ts';
import type { Views } from './views.ts';

/** A request with all that its route needs. */
export interface Call extends Exchange {
  readonly profile: VersionProfile;
  readonly fragments: Fragments;
  readonly views: Views;
  readonly streams: StreamSettings;
  /** What stood for the `:names` of the route's path, unescaped. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Proves who asks. */
export function sessionOf(call: Call): Session {
  return authenticate(call.world, call.edge, call.profile, call.request);
}

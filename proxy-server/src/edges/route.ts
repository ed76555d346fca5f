import type { EdgeId } from '../domain/ids.ts';
import type { EdgeFailure } from '../domain/failure.ts';
import type { EdgeTarget } from '../ports/edge-api.ts';
import type { EdgeSockets } from './edge-sockets.ts';

/** Which credential of the edge's Argo CD goes along. */
export type TokenKind = 'read' | 'operate' | 'none';

/**
 * How one edge is reached with the configuration of one moment: where to dial, what to say, whom to trust. A changed Edge, Connector or
 * Secret makes a new route; whoever holds the old one finishes with it. Holds secrets: never log, never send.
 */
export interface EdgeRoute {
  readonly edge: EdgeId;
  readonly kind: 'cloudflare' | 'direct';
  /** Host, with port, of the edge's URL: the Host header and what certificates must name. */
  readonly host: string;
  readonly origin: string;
  readonly pathPrefix: string;
  readonly beaconPath?: string;
  readonly sockets: EdgeSockets;
  /** Undefined where the edge has no such token. */
  headers(token: TokenKind): Readonly<Record<string, string>> | undefined;
  /** Changes to the other service token, if there is one that was not tried instead of `refused` yet. False: there is none. */
  tryOtherCredential(refused: number): boolean;
  /** Which service token `headers` uses at present. */
  credential(): number;
  target(token: 'read' | 'operate'): EdgeTarget | undefined;
  /** Cuts whatever is under way and forgets the sockets. */
  close(): void;
}

/** The edge cannot even be asked, because configuration is missing or unreadable; the failure says what a person has to mend. */
export interface NoRoute {
  readonly missing: EdgeFailure;
}

export const isRoute = (route: EdgeRoute | NoRoute): route is EdgeRoute => !('missing' in route);

/**
 * One reader of the stream. It is never waited for: one that is too far behind misses deltas and gets a snapshot when it has caught up, and
 * one that does not catch up is cut.
 */
import type { ServerResponse } from 'node:http';
import type { Identity } from '../domain/identity.ts';
import type { Visibility } from '../domain/visibility.ts';

export interface StreamTopics {
  readonly fleet: boolean;
  readonly edges: ReadonlySet<string>;
}

export interface StreamClient {
  readonly identity: Identity;
  readonly topics: StreamTopics;
  readonly res: ServerResponse;
  readonly openedAt: number;
  visibility: Visibility;
  /** Revision up to which this reader is current. */
  revision: number;
  /** Set while the reader is too far behind: nothing is written to it until it has caught up. */
  behindSince: number | undefined;
}

/** Events of more edges than one page can show are not asked for one by one. */
const MAX_EDGE_TOPICS = 32;

/** `fleet,edge:store-0417`; undefined where a topic is unknown. Without topics: the fleet. */
export function parseTopics(text: string): StreamTopics | undefined {
  const names = text.split(',').filter((name) => name !== '');
  const edges = names.filter((name) => name.startsWith('edge:')).map((name) => name.slice('edge:'.length));
  const known = names.every((name) => name === 'fleet' || /^edge:[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
  if (!known || edges.length > MAX_EDGE_TOPICS) return undefined;
  return { fleet: names.length === 0 || names.includes('fleet'), edges: new Set(edges) };
}

/** True where the frame went out; false where the reader is too far behind and gets nothing until it has caught up. */
export function offer(client: StreamClient, frame: Buffer, maxBacklogBytes: number): boolean {
  if (client.res.destroyed || client.behindSince !== undefined) return false;
  if (client.res.writableLength > maxBacklogBytes) return false;
  client.res.write(frame);
  return true;
}

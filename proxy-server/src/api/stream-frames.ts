/** Events of the stream as bytes. Encoded once, the same buffer goes to every browser that may see it. */
import type { FleetDelta } from '../domain/fleet-view.ts';

export type StreamEvent = 'hello' | 'snapshot' | 'delta' | 'members' | 'edge';

/** `id` is the revision up to which a reader that has this event is current. */
export const encodeFrame = (event: StreamEvent, id: number, data: unknown): Buffer =>
  Buffer.from(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);

export const HEARTBEAT_FRAME = Buffer.from(':\n\n');

/** Several deltas as one: the last state of each row, the last counts and causes. Undefined where there are none. */
export function mergeDeltas(deltas: readonly FleetDelta[]): FleetDelta | undefined {
  const last = deltas.at(-1);
  if (last === undefined || deltas.length === 1) return last;
  const rows = new Map<number, string>();
  for (const delta of deltas) for (const [row, chars] of delta.rows) rows.set(row, chars);
  const counts = deltas.findLast((delta) => delta.counts !== undefined)?.counts;
  const causes = deltas.findLast((delta) => delta.causes !== undefined)?.causes;
  return {
    revision: last.revision,
    now: last.now,
    rows: [...rows],
    ...(counts === undefined ? {} : { counts }),
    ...(causes === undefined ? {} : { causes }),
  };
}

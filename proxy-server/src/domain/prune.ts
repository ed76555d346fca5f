/**
 * When Applications that are no longer told of may be taken away. An account that lost its rights sees fewer Applications and no error at all
 * (server/application/application.go List @ v3.5.1), so a big loss is believed only after the edge was asked about one of them.
 */
export type PruneVerdict = 'nothing' | 'take' | 'askFirst';

/** More than half at once has to be asked about. */
export function pruneVerdict(known: number, gone: number): PruneVerdict {
  if (gone === 0) return 'nothing';
  return gone * 2 > known ? 'askFirst' : 'take';
}

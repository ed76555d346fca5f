import * as React from 'react';
import type { SyncResource } from '../../../proxy-server/src/domain/action.ts';
import { actionWords } from '../messages/actions.ts';
import { useActing } from './acting-context.ts';

type Markable = SyncResource & { readonly key: string };

/** Of one resource of the tree: marks it for a sync of only what is marked. */
export function MarkButton({ resource }: { readonly resource: Markable }): React.ReactElement {
  const { marked, mark } = useActing();
  const on = marked.has(resource.key);
  return (
    <button type="button" className="ef-button" aria-pressed={on} onClick={() => mark([resource], !on)}>
      {on ? actionWords.mark.remove : actionWords.mark.add}
    </button>
  );
}

/** Above the tree: marks what is out of sync, and syncs what is marked. */
export function MarkedSync({ outOfSync }: { readonly outOfSync: readonly Markable[] }): React.ReactElement | null {
  const { marked, mark, ask, refusal } = useActing();
  const refused = refusal('sync');
  const unmarked = outOfSync.filter(({ key }) => !marked.has(key));
  return (
    <>
      {unmarked.length === 0 ? null : (
        <button type="button" className="ef-link" onClick={() => mark(unmarked, true)}>
          {actionWords.mark.outOfSync(unmarked.length)}
        </button>
      )}
      {marked.size === 0 ? null : (
        <button
          type="button"
          className="ef-button"
          disabled={refused !== undefined}
          title={refused?.reason}
          onClick={() => ask('sync', { resources: [...marked.values()] })}
        >
          {actionWords.mark.sync(marked.size)}
        </button>
      )}
    </>
  );
}

/** Of one entry of the history. */
export function RollBackButton({ id }: { readonly id: number }): React.ReactElement {
  const { ask, refusal } = useActing();
  const refused = refusal('rollback');
  return (
    <button
      type="button"
      className="ef-button"
      disabled={refused !== undefined}
      title={refused?.reason}
      onClick={() => ask('rollback', { to: id })}
    >
      {actionWords.dots(actionWords.roll.to(String(id)))}
    </button>
  );
}

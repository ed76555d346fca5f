import * as React from 'react';
import type { ActionKind } from '../../../proxy-server/src/domain/action.ts';
import { actionWords, kindWords } from '../messages/actions.ts';
import { useServices } from '../services.ts';
import { Menu } from '../ui/Menu.tsx';
import { useAbilities } from './abilities.ts';
import { newDraft, type ActionSubject } from './action-draft.ts';
import { ActionSheet } from './ActionSheet.tsx';
import { RefusalNote } from './RefusalNote.tsx';

export interface ActMenuProps {
  readonly subject: ActionSubject;
  /** What is acted on, in words: "3 Applications selected". */
  readonly what: string;
}

const KINDS: readonly ActionKind[] = ['refresh', 'hardRefresh', 'sync', 'rollback', 'terminate', 'autoSyncOn'];

/** What can be done with a selection. Where the hub does not let this user act, the menu stays, disabled, and says why and what is missing. */
export function ActMenu({ subject, what }: ActMenuProps): React.ReactElement {
  const { router } = useServices();
  const { of } = useAbilities();
  const [kind, setKind] = React.useState<ActionKind | undefined>(undefined);
  const refusal = of('sync');
  if (refusal?.reason === actionWords.asking)
    return (
      <button type="button" className="ef-button" disabled title={refusal.reason}>
        {actionWords.dots(actionWords.act)}
      </button>
    );
  if (refusal !== undefined)
    return (
      <details className="ef-why">
        <summary className="ef-button" aria-disabled="true">
          {actionWords.act}: {actionWords.whyNot}
        </summary>
        <div className="ef-why__text ef-card">
          <RefusalNote refusal={refusal} />
        </div>
      </details>
    );
  return (
    <>
      <Menu
        label={actionWords.menu(what)}
        alignEnd
        items={KINDS.map((one) => ({ key: one, label: actionWords.dots(kindWords[one]), onPick: () => setKind(one) }))}
      >
        {actionWords.dots(actionWords.act)}
      </Menu>
      {kind === undefined ? null : (
        <ActionSheet
          asking={{ draft: newDraft(kind, { dryRun: true }), subject, what }}
          onClose={() => setKind(undefined)}
          onStarted={(run) => router.navigate(`/actions/${run}`)}
        />
      )}
    </>
  );
}

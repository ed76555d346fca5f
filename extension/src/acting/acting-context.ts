import * as React from 'react';
import type { CanAct } from '../../../proxy-server/src/contract/actions.ts';
import type { ActionKind, SyncResource } from '../../../proxy-server/src/domain/action.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import type { Refusal } from './abilities.ts';
import type { ActionDraft } from './action-draft.ts';

/** What the parts of the page of one Application can ask for. */
export interface Acting {
  /** Undefined: it may be asked for. */
  readonly refusal: (kind: ActionKind) => Refusal | undefined;
  /** Opens the sheet. */
  readonly ask: (kind: ActionKind, over?: Partial<ActionDraft>) => void;
  /** Asks for it without a sheet: what changes nothing needs no questions. */
  readonly atOnce: (kind: ActionKind) => void;
  /** Why the latest one that was asked for at once was not taken. */
  readonly problem: HubProblem | undefined;
  /** The rollback since which auto-sync is off. */
  readonly autoSyncOff: CanAct['autoSyncOff'];
  /** Resources marked for a sync of only those, by the key of the tree. */
  readonly marked: ReadonlyMap<string, SyncResource>;
  readonly mark: (resources: readonly (SyncResource & { readonly key: string })[], on: boolean) => void;
}

export const ActingContext = React.createContext<Acting | undefined>(undefined);

export function useActing(): Acting {
  const acting = React.useContext(ActingContext);
  if (acting === undefined) throw new Error('An action was rendered outside its page');
  return acting;
}

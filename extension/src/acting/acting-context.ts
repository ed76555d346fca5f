import * as React from 'react';
import type { ActionKind, SyncResource } from '../../../proxy-server/src/domain/action.ts';
import type { Refusal } from './abilities.ts';
import type { ActionDraft } from './action-draft.ts';

/** What the parts of the page of one Application can ask for. */
export interface Acting {
  /** Undefined: it may be asked for. */
  readonly refusal: (kind: ActionKind) => Refusal | undefined;
  /** Opens the sheet. */
  readonly ask: (kind: ActionKind, over?: Partial<ActionDraft>) => void;
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

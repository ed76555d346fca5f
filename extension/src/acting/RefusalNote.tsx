import * as React from 'react';
import { problemLabels } from '../messages/problems.ts';
import { shellWords } from '../messages/shell.ts';
import { CopyLine } from '../ui/CopyLine.tsx';
import type { Refusal } from './abilities.ts';

/** Why something may not be done, in words, with the line of policy to paste. */
export function RefusalNote({ refusal }: { readonly refusal: Refusal }): React.ReactElement {
  return (
    <div className="ef-refusal">
      <p>{refusal.reason}</p>
      {refusal.line === undefined ? null : <CopyLine text={refusal.line} copyLabel={shellWords.copy} copiedLabel={shellWords.copied} />}
      {refusal.into === undefined ? null : <p className="ef-muted">{problemLabels.pasteInto(refusal.into)}</p>}
    </div>
  );
}

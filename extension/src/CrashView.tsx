import * as React from 'react';
import { shellWords } from './messages/shell.ts';
import { CopyLine } from './ui/CopyLine.tsx';
import { EmptyState } from './ui/EmptyState.tsx';

/** What is left of a page that threw: words, details for whoever repairs it, and a way to go on. */
export function CrashView({ details, again }: { readonly details: string; readonly again: () => void }): React.ReactElement {
  return (
    <div className="ef-root ef-crash" role="alert">
      <EmptyState icon="fa-bug" title={shellWords.crashTitle} text={shellWords.crashText}>
        <CopyLine text={`edge-fleet ${EDGE_FLEET_VERSION}\n${details}`} copyLabel={shellWords.copy} copiedLabel={shellWords.copied} />
        <button type="button" className="ef-button ef-button--main" onClick={again}>
          {shellWords.again}
        </button>
      </EmptyState>
    </div>
  );
}

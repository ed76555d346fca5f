import * as React from 'react';
import { useValue } from './hooks/use-store.ts';
import { shellWords } from './messages/shell.ts';
import { CopyLine } from './ui/CopyLine.tsx';
import { EmptyState } from './ui/EmptyState.tsx';
import { useServices } from './services.ts';
import { Notice } from './ui/Notice.tsx';

/** What is left of a page that threw: words, details for whoever repairs it, and a way to go on. */
export function CrashView({ details, again }: { readonly details: string; readonly again: () => void }): React.ReactElement {
  return (
    <div className="ef-root ef-crash" role="alert">
      <EmptyState icon="fa-bug" title={shellWords.crashTitle} text={shellWords.crashText}>
        <Details text={details} />
        <button type="button" className="ef-button ef-button--main" onClick={again}>
          {shellWords.again}
        </button>
      </EmptyState>
    </div>
  );
}

function Details({ text }: { readonly text: string }): React.ReactElement {
  return <CopyLine text={`edge-fleet ${EDGE_FLEET_VERSION}\n${text}`} copyLabel={shellWords.copy} copiedLabel={shellWords.copied} />;
}

/** Above a page that still stands, when something of it failed in a handler or a timer. */
export function FaultNotice({ onAgain }: { readonly onAgain: () => void }): React.ReactElement | null {
  const { fault } = useServices();
  const details = useValue(fault);
  if (details === '') return null;
  const close = (): void => fault.set('');
  const again = (): void => {
    close();
    onAgain();
  };
  return (
    <div className="ef-problem" role="alert">
      <Notice tone="degraded" icon="fa-bug" title={shellWords.faultTitle}>
        <p className="ef-notice__text">{shellWords.crashText}</p>
        <Details text={details} />
        <div className="ef-actions">
          <button type="button" className="ef-button" onClick={again}>
            {shellWords.again}
          </button>
          <button type="button" className="ef-button" onClick={close}>
            {shellWords.close}
          </button>
        </div>
      </Notice>
    </div>
  );
}

import * as React from 'react';
import { anchorOf } from './api/anchor.ts';
import { isPassing, type HubProblem } from './api/hub-problem.ts';
import { problemLabels, problemWords, type ProblemWords } from './messages/problems.ts';
import { shellWords } from './messages/shell.ts';
import { basePath } from './router.ts';
import { CopyLine } from './ui/CopyLine.tsx';
import { Notice } from './ui/Notice.tsx';

export interface ProblemViewProps {
  readonly problem: HubProblem;
  readonly compact?: boolean;
  readonly onRetry?: () => void;
}

/** Back to this very page after the login, as the host's own login does. */
const loginHref = (): string => `${basePath(document)}/login?return_url=${encodeURIComponent(window.location.href)}`;

/** The one thing to do next. */
function NextStep({ problem, onRetry }: Pick<ProblemViewProps, 'problem' | 'onRetry'>): React.ReactElement | null {
  if (problem.kind === 'session')
    return (
      <a className="ef-button ef-button--main" href={loginHref()}>
        {problemLabels.logIn}
      </a>
    );
  if (problem.kind === 'version')
    return (
      <button type="button" className="ef-button ef-button--main" onClick={() => window.location.reload()}>
        {problemLabels.reload}
      </button>
    );
  if (onRetry === undefined) return null;
  return (
    <button type="button" className="ef-button" onClick={onRetry}>
      {shellWords.retry}
    </button>
  );
}

function Details({ words, problem }: { readonly words: ProblemWords; readonly problem: HubProblem }): React.ReactElement {
  return (
    <>
      <p className="ef-notice__text">{words.text}</p>
      {words.paste === undefined ? null : <CopyLine text={words.paste} copyLabel={shellWords.copy} copiedLabel={shellWords.copied} />}
      {words.pasteInto === undefined ? null : <p className="ef-muted">{problemLabels.pasteInto(words.pasteInto)}</p>}
      {problem.requestId === undefined ? null : (
        <p className="ef-muted">
          {problemLabels.requestId} <code>{problem.requestId}</code>
        </p>
      )}
    </>
  );
}

/** A problem in words, with the next step and, where one helps, the line to paste. */
export function ProblemView({ problem, compact = false, onRetry }: ProblemViewProps): React.ReactElement {
  const words = problemWords(problem, anchorOf(window.EDGE_FLEET_VARS));
  return (
    <div className={compact ? 'ef-problem ef-problem--compact' : 'ef-problem'}>
      <Notice tone={isPassing(problem) ? 'stale' : 'attention'} icon="fa-exclamation-triangle" title={words.title}>
        <Details words={words} problem={problem} />
        <p className="ef-actions">
          <NextStep problem={problem} {...(onRetry === undefined ? {} : { onRetry })} />
        </p>
      </Notice>
    </div>
  );
}

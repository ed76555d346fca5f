import * as React from 'react';
import type { FailureView } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { edgeWords } from '../../messages/edge.ts';
import { whoActsWords } from '../../messages/states.ts';
import { Notice } from '../../ui/Notice.tsx';

/** First the sentence, beside it the codes; whether the site is in danger, what to do, who acts. */
export function FailureNotice({ failure, lastKnown }: { readonly failure: FailureView; readonly lastKnown: boolean }): React.ReactElement {
  const shared = failure.sharedBy === undefined || failure.sharedBy < 1 ? '' : ` ${edgeWords.sharedBy(failure.sharedBy)}`;
  return (
    <Notice
      tone={lastKnown ? 'stale' : 'attention'}
      title={failure.title}
      aside={
        <>
          <code className="ef-notice__codes">{[failure.reason, ...failure.codes].join(' \u00b7 ')}</code>
          <span>{whoActsWords[failure.whoActs]}</span>
        </>
      }
    >
      <p className="ef-notice__text" dir="auto">
        {failure.sentence} {failure.danger}
        {shared}
      </p>
      <p className="ef-notice__text">{failure.remedy}</p>
    </Notice>
  );
}

import * as React from 'react';
import type { ActionPreview } from '../../../proxy-server/src/contract/actions.ts';
import { actionWords } from '../messages/actions.ts';
import { RefusalNote } from './RefusalNote.tsx';

const words = actionWords.sheet;
/** Reasons that are shown, each with the first it holds for; the rest is counted. */
const SHOWN = 3;

/** How many it touches, which edges would be waited for, and what would be left out and why. */
export function PreviewNote({ preview }: { readonly preview: ActionPreview }): React.ReactElement {
  const { applications, edges, notHeard, away, refused, refusals } = preview;
  const reasons = [...new Map(refusals.map((one) => [one.reason + one.missingLine, one])).values()].slice(0, SHOWN);
  return (
    <>
      <p className="ef-impact">{words.touches(applications, edges)}</p>
      {notHeard === 0 ? null : (
        <p>
          {words.away(notHeard)}
          <span className="ef-muted" dir="auto">
            {away.join(', ')}
          </span>
        </p>
      )}
      {refused === 0 ? null : (
        <div>
          <p>{words.refused(refused)}</p>
          {reasons.map(({ edge, namespace, name, reason, missingLine }) => (
            <div key={`${edge}/${namespace}/${name}`}>
              <b dir="auto">
                {name}, {edge}
              </b>
              <RefusalNote refusal={{ reason, ...(missingLine === '' ? {} : { line: missingLine }) }} />
            </div>
          ))}
          {refused > reasons.length ? <p className="ef-muted">{words.others(refused - reasons.length)}</p> : null}
        </div>
      )}
    </>
  );
}

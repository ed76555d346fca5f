import * as React from 'react';
import type { ActionPreview } from '../../../proxy-server/src/contract/actions.ts';
import { actionWords } from '../messages/actions.ts';
import { RefusalNote } from './RefusalNote.tsx';

const words = actionWords.sheet;
/** Refusals that are shown with their line; the rest is counted. */
const SHOWN = 3;

/** How many it touches, which edges would be waited for, and what would be left out and why. */
export function PreviewNote({ preview }: { readonly preview: ActionPreview }): React.ReactElement {
  const { applications, edges, notHeard, away, refused, refusals } = preview;
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
          {refusals.slice(0, SHOWN).map(({ edge, namespace, name, reason, missingLine }) => (
            <div key={`${edge}/${namespace}/${name}`}>
              <b dir="auto">
                {name}, {edge}
              </b>
              <RefusalNote refusal={{ reason, ...(missingLine === '' ? {} : { line: missingLine }) }} />
            </div>
          ))}
          {refused > SHOWN ? <p className="ef-muted">{words.others(refused - SHOWN)}</p> : null}
        </div>
      )}
    </>
  );
}

import * as React from 'react';
import type { Cause } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { whoActsWords } from '../../messages/states.ts';
import { Age } from '../../ui/Age.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { Icon } from '../../ui/Icon.tsx';

export interface CausesPanelProps {
  readonly causes: readonly Cause[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

const FIRST = 8;
const ICONS: Readonly<Record<Cause['kind'], { readonly icon: string; readonly tone: string }>> = {
  connection: { icon: 'fa-unlink', tone: 'stale' },
  silence: { icon: 'fa-moon', tone: 'stale' },
  look: { icon: 'fa-heart-broken', tone: 'degraded' },
  message: { icon: 'fa-times-circle', tone: 'degraded' },
  identity: { icon: 'fa-fingerprint', tone: 'attention' },
  clock: { icon: 'fa-clock', tone: 'attention' },
  config: { icon: 'fa-key', tone: 'attention' },
};

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_.-]+/gu) ?? [];

/** A sentence that adds no more to the title than how many edges there are, which stands beside it, would only say it twice. */
const repeatsTitle = ({ title, sentence }: Cause): boolean => {
  const said = new Set([...wordsOf(title), 'on', 'edges', 'one', 'connector']);
  return wordsOf(sentence).every((word) => said.has(word) || /^\d+$/.test(word)) || sentence.includes(title.replace(/\u2026$/, ''));
};

/** Causes before cases, worst first as the server orders them: what happened, who acts, and the edges behind it. */
export const CausesPanel = React.memo(function CausesPanel({ causes, query, onQuery }: CausesPanelProps): React.ReactElement {
  const [all, setAll] = React.useState(false);
  const shown = all ? causes : causes.slice(0, FIRST);
  return (
    <section className="ef-causes" aria-label={fleetWords.causes.title}>
      <div className="ef-causes__head">
        <h2 className="ef-heading">{fleetWords.causes.title}</h2>
        {causes.length === 0 ? null : <span className="ef-muted">{fleetWords.causes.summary(causes.length)}</span>}
      </div>
      {causes.length === 0 ? <p className="ef-muted">{fleetWords.causes.none}</p> : null}
      <ul className="ef-causes__list">
        {shown.map((cause) => (
          <li key={cause.id} className="ef-cause">
            <Icon name={ICONS[cause.kind].icon} className={`ef-cause__icon ef-tone--${ICONS[cause.kind].tone}`} />
            <h3 className="ef-cause__title" dir="auto" title={repeatsTitle(cause) ? cause.sentence : cause.title}>
              {cause.title}
            </h3>
            <span className="ef-cause__count">
              <Figure value={cause.edges} />
            </span>
            {repeatsTitle(cause) ? null : (
              <p className="ef-cause__text" dir="auto" title={cause.sentence}>
                {cause.sentence}
              </p>
            )}
            <p className="ef-cause__text ef-cause__remedy">{cause.remedy}</p>
            <p className="ef-cause__foot">
              <span>{whoActsWords[cause.whoActs]}</span>
              {cause.since === undefined ? null : (
                <span>
                  <Age at={cause.since} never="" />
                </span>
              )}
              <button
                type="button"
                className="ef-link"
                aria-pressed={query === cause.query}
                onClick={() => onQuery(query === cause.query ? '' : cause.query)}
              >
                {fleetWords.causes.show}
              </button>
            </p>
          </li>
        ))}
      </ul>
      {causes.length > FIRST ? (
        <button type="button" className="ef-link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? fleetWords.causes.fewer : fleetWords.causes.more(causes.length - FIRST)}
        </button>
      ) : null}
    </section>
  );
});

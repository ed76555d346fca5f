import * as React from 'react';
import type { ActionRunAnswer } from '../../../../proxy-server/src/contract/actions.ts';
import { isFinal, TARGET_STATES, type TargetState } from '../../../../proxy-server/src/domain/action.ts';
import { draftOf, type ActionDraft, type ActionSubject } from '../../acting/action-draft.ts';
import { ActionSheet, type Asking } from '../../acting/ActionSheet.tsx';
import { specWords } from '../../acting/RunLine.tsx';
import { countOf } from '../../acting/use-run.ts';
import { OPS, type HubClient } from '../../api/hub-client.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { actionWords } from '../../messages/actions.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { RouteLink } from '../../RouteLink.tsx';
import { useServices } from '../../services.ts';
import { Age } from '../../ui/Age.tsx';

const words = actionWords.page;
const PAGE = 1_000;
const LEFT: readonly TargetState[] = ['Failed', 'Stopped', 'Expired'];

/** All targets in these states: what a run is asked for again with. */
async function targetsIn(client: HubClient, run: string, states: readonly TargetState[]): Promise<ActionSubject | HubProblem> {
  const targets: { edge: string; namespace: string; name: string }[] = [];
  for (const state of states) {
    let after = -1;
    for (let full = true; full;) {
      const answer = await client.get<ActionRunAnswer>(`actions/${run}?state=${state}&limit=${PAGE}&after=${after}`);
      if (!answer.ok) return answer.error;
      const page = answer.value.targets;
      targets.push(...page.map(({ edge, namespace, name }) => ({ edge, namespace, name })));
      after = page.at(-1)?.index ?? after;
      full = page.length === PAGE;
    }
  }
  return { targets };
}

/** What was asked for by whom and why, how far it is, and what can be done about it now. */
export function RunHeader({ answer: { run, counts } }: { readonly answer: ActionRunAnswer }): React.ReactElement {
  const all = countOf(counts);
  const ended = countOf(counts, isFinal);
  return (
    <section className="ef-card ef-app__head">
      <div className="ef-edge__who">
        <h1 className="ef-edge__title">{words.of(specWords(run.spec), all)}</h1>
        <span className="ef-app__spring" />
        <RunButtons run={run} counts={counts} />
      </div>
      <p className="ef-edge__line" dir="auto">
        {words.by(run.by.username)}
        <Age at={run.createdAt} never="" />
        {`: ${run.reason}`}
      </p>
      <div
        className="ef-bar-of"
        role="progressbar"
        aria-label={words.done(ended, all)}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={ended}
      >
        {TARGET_STATES.filter((state) => isFinal(state) && (counts[state] ?? 0) > 0).map((state) => (
          <span
            key={state}
            className={`ef-bar-of__part ef-bar-of__part--${state}`}
            style={{ width: `${((counts[state] ?? 0) / all) * 100}%` }}
          />
        ))}
      </div>
      <p className="ef-edge__line">
        {words.done(ended, all)}
        {run.stoppedBy === undefined ? '' : `. ${words.stopped(run.stoppedBy)}. ${words.stopNote}`}
        {counts.Deferred === undefined ? null : (
          <>
            {'. '}
            {words.expires}
            <Age at={run.expiresAt} never="" />
          </>
        )}
        {' \u00b7 '}
        <RouteLink to="/actions">{words.all}</RouteLink>
        {' \u00b7 '}
        <RouteLink to={`/audit?run=${run.id}`}>{words.audit}</RouteLink>
      </p>
    </section>
  );
}

function RunButtons({ run, counts }: Pick<ActionRunAnswer, 'run' | 'counts'>): React.ReactElement {
  const { client, router } = useServices();
  const [problem, setProblem] = React.useState<HubProblem | undefined>(undefined);
  const [asking, setAsking] = React.useState<Asking | undefined>(undefined);
  const ask = (states: readonly TargetState[], over: Partial<ActionDraft>): void => {
    void targetsIn(client, run.id, states).then((subject) => {
      if ('kind' in subject) return setProblem(subject);
      const what = actionWords.selected(countOf(counts, (state) => states.includes(state)));
      setAsking({ draft: { ...draftOf(run.spec), ...over }, subject, what });
    });
  };
  return (
    <div className="ef-actions">
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <StopButton run={run} counts={counts} onProblem={setProblem} />
      {countOf(counts, (state) => !isFinal(state)) > 0 ? null : <NextButtons run={run} counts={counts} onAsk={ask} />}
      {asking === undefined ? null : (
        <ActionSheet asking={asking} onClose={() => setAsking(undefined)} onStarted={(id) => router.navigate(`/actions/${id}`)} />
      )}
    </div>
  );
}

interface StopButtonProps extends Pick<ActionRunAnswer, 'run' | 'counts'> {
  readonly onProblem: (problem: HubProblem | undefined) => void;
}

/** Stops what has not begun; where only deferred edges are left, that gives them up. */
function StopButton({ run, counts, onProblem }: StopButtonProps): React.ReactElement | null {
  const { client, queries, announcement } = useServices();
  const open = countOf(counts, (state) => !isFinal(state));
  if (open === 0 || run.stoppedAt !== undefined) return null;
  const stop = (): void => {
    void client.post<{ readonly stopped: boolean }>(`${OPS}actions/${run.id}/stop`).then((answer) => {
      onProblem(answer.ok ? undefined : answer.error);
      if (answer.ok) announcement.set(answer.value.stopped ? words.stopNote : words.ended);
      queries.invalidate(`actions/${run.id}`);
    });
  };
  return (
    <button type="button" className="ef-button" title={words.stopNote} onClick={stop}>
      {open === counts.Deferred ? words.cancelDeferred(open) : words.stop}
    </button>
  );
}

interface NextButtonsProps extends Pick<ActionRunAnswer, 'run' | 'counts'> {
  readonly onAsk: (states: readonly TargetState[], over: Partial<ActionDraft>) => void;
}

/** After its end: what did not work again, and after a dry run the real one. */
function NextButtons({ run: { spec }, counts, onAsk }: NextButtonsProps): React.ReactElement {
  const left = countOf(counts, (state) => LEFT.includes(state));
  const good = counts.Succeeded ?? 0;
  return (
    <>
      {left === 0 ? null : (
        <button type="button" className="ef-button" onClick={() => onAsk(LEFT, {})}>
          {words.again(left)}
        </button>
      )}
      {spec.kind !== 'sync' || !spec.dryRun || good === 0 ? null : (
        <button type="button" className="ef-button ef-button--main" onClick={() => onAsk(['Succeeded'], { dryRun: false })}>
          {words.forReal(good)}
        </button>
      )}
    </>
  );
}

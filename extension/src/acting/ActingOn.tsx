import * as React from 'react';
import type { ApplicationDetail } from '../../../proxy-server/src/domain/fleet-view.ts';
import type { ActionKind, SyncResource } from '../../../proxy-server/src/domain/action.ts';
import type { HubProblem } from '../api/hub-problem.ts';
import { useUrlState } from '../hooks/use-url-state.ts';
import { actionWords, kindWords } from '../messages/actions.ts';
import { ProblemView } from '../ProblemView.tsx';
import { useServices } from '../services.ts';
import { Age } from '../ui/Age.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useAbilities, type Refusal } from './abilities.ts';
import { newDraft, type ActionDraft } from './action-draft.ts';
import { NEW_TERMS, startAction } from './action-form.ts';
import { ActionSheet } from './ActionSheet.tsx';
import { ActingContext, useActing, type Acting } from './acting-context.ts';
import { RefusalNote } from './RefusalNote.tsx';
import { RunLine } from './RunLine.tsx';

const UNDER_WAY: readonly string[] = ['Queued', 'Running', 'Retrying', 'Terminating'];

/** What stands in the way on the side of the Application, before rights are asked about. */
function notNow(kind: ActionKind, { operation, autoSync }: ApplicationDetail, away: boolean): Refusal | undefined {
  const passing = kind === 'refresh' || kind === 'hardRefresh' || kind === 'terminate';
  if (kind === 'autoSyncOn' && autoSync) return { reason: actionWords.autoSyncIsOn };
  if (passing && away) return { reason: actionWords.away };
  return kind === 'terminate' && !UNDER_WAY.includes(operation.state) ? { reason: actionWords.noOperation } : undefined;
}

export interface ActingOnProps {
  readonly application: ApplicationDetail;
  /** What is known is only the last known: the edge cannot be asked now. */
  readonly away: boolean;
  readonly children: React.ReactNode;
}

/** Around the page of one Application: its parts ask for actions, and what was asked for is followed here and in the address. */
export function ActingOn({ application, away, children }: ActingOnProps): React.ReactElement {
  const { edge, namespace, name } = application;
  const services = useServices();
  const { change } = useUrlState();
  const abilities = useAbilities(application);
  const [draft, setDraft] = React.useState<ActionDraft | undefined>(undefined);
  const [marked, setMarked] = React.useState<ReadonlyMap<string, SyncResource>>(new Map());
  const [problem, setProblem] = React.useState<HubProblem | undefined>(undefined);
  const subject = { targets: [{ edge, namespace, name }] };
  const atOnce = (kind: ActionKind): void => {
    void startAction(services, subject, newDraft(kind), { ...NEW_TERMS, reason: actionWords.onPage }).then((answer) => {
      setProblem(answer.ok ? undefined : answer.error);
      if (answer.ok) change({ run: answer.value.id }, 'replace');
    });
  };
  const acting: Acting = {
    atOnce,
    problem,
    autoSyncOff: application.autoSync ? undefined : abilities.answer?.autoSyncOff,
    refusal: (kind) => abilities.of(kind) ?? notNow(kind, application, away),
    ask: (kind, over = {}) => setDraft(newDraft(kind, over)),
    marked,
    mark: (resources, on) => {
      const next = new Map(marked);
      for (const { key, group, kind, namespace: space, name: called } of resources) {
        if (on) next.set(key, { group, kind, namespace: space, name: called });
        else next.delete(key);
      }
      setMarked(next);
    },
  };
  return (
    <ActingContext.Provider value={acting}>
      {children}
      {draft === undefined ? null : (
        <ActionSheet
          asking={{ draft, subject, what: name, autoSync: application.autoSync }}
          onClose={() => setDraft(undefined)}
          onStarted={(run) => change({ run }, 'replace')}
        />
      )}
    </ActingContext.Provider>
  );
}

/** In the header: what can be done with the Application, and why the rest cannot. */
export function ActionBar(): React.ReactElement {
  const { change } = useUrlState();
  const { ask, atOnce, refusal } = useActing();
  const button = (kind: 'refresh' | 'sync', press: () => void): React.ReactElement => (
    <button type="button" className="ef-button" disabled={refusal(kind) !== undefined} title={refusal(kind)?.reason} onClick={press}>
      {kind === 'sync' ? actionWords.dots(kindWords.sync) : kindWords[kind]}
    </button>
  );
  const item = (kind: ActionKind, label: string, onPick: () => void): React.ComponentProps<typeof Menu>['items'][number] => {
    const refused = refusal(kind);
    return { key: kind, label, onPick, ...(refused === undefined ? {} : { disabledBecause: refused.reason }) };
  };
  return (
    <div className="ef-actions" role="group" aria-label={actionWords.bar}>
      {button('refresh', () => atOnce('refresh'))}
      {button('sync', () => ask('sync'))}
      <Menu
        label={actionWords.more}
        alignEnd
        items={[
          item('hardRefresh', kindWords.hardRefresh, () => atOnce('hardRefresh')),
          item('terminate', actionWords.dots(kindWords.terminate), () => ask('terminate')),
          item('rollback', actionWords.dots(kindWords.rollback), () => change({ tab: 'history' })),
          item('autoSyncOn', actionWords.dots(kindWords.autoSyncOn), () => ask('autoSyncOn')),
        ]}
      >
        {'\u22ef'}
      </Menu>
      <WhyNot />
    </div>
  );
}

const REFUSABLE: readonly ActionKind[] = ['refresh', 'sync', 'rollback'];

/** The reasons of everything that may not be done, each once, with the lines to paste. */
function WhyNot(): React.ReactElement | null {
  const { refusal } = useActing();
  const refusals = new Map(
    REFUSABLE.flatMap((kind) => refusal(kind) ?? [])
      .filter(({ reason }) => reason !== actionWords.asking)
      .map((one) => [one.reason + (one.line ?? ''), one]),
  );
  if (refusals.size === 0) return null;
  return (
    <details className="ef-why">
      <summary className="ef-link">{actionWords.whyNot}</summary>
      <div className="ef-why__text ef-card">
        {[...refusals].map(([key, one]) => (
          <RefusalNote key={key} refusal={one} />
        ))}
      </div>
    </details>
  );
}

/** What became of what was asked for here; and, where somebody rolled back, that auto-sync is off since, and the way to turn it on. */
export function ActionNews(): React.ReactElement {
  const { change, search } = useUrlState();
  const { ask, refusal, autoSyncOff, problem } = useActing();
  const run = search.get('run');
  return (
    <>
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      {run === null ? null : <RunLine key={run} id={run} onHide={() => change({ run: undefined }, 'replace')} />}
      {autoSyncOff === undefined ? null : (
        <Notice tone="attention" icon="fa-undo" title={actionWords.off.title}>
          <p className="ef-notice__text" dir="auto">
            {actionWords.off.by(autoSyncOff.username, autoSyncOff.reason)}
            <Age at={autoSyncOff.at} never="" />
          </p>
          <button type="button" className="ef-button" disabled={refusal('autoSyncOn') !== undefined} onClick={() => ask('autoSyncOn')}>
            {actionWords.dots(kindWords.autoSyncOn)}
          </button>
        </Notice>
      )}
    </>
  );
}

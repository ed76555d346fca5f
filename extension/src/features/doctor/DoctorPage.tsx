import * as React from 'react';
import type { DoctorAnswer, DoctorResultAnswer } from '../../../../proxy-server/src/contract/doctor.ts';
import type { DoctorCheck } from '../../../../proxy-server/src/domain/doctor.ts';
import { byEdge } from '../../../../proxy-server/src/domain/doctor-order.ts';
import { OPS } from '../../api/hub-client.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useAbilities } from '../../acting/abilities.ts';
import { RefusalNote } from '../../acting/RefusalNote.tsx';
import { useQuery } from '../../hooks/use-query.ts';
import { actionWords } from '../../messages/actions.ts';
import { doctorWords as words } from '../../messages/doctor.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { RouteLink } from '../../RouteLink.tsx';
import { useServices } from '../../services.ts';
import { Age } from '../../ui/Age.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { CheckLines } from './CheckLines.tsx';
import { ThroughTheHub, useThroughTheHub } from './ThroughTheHub.tsx';

const PATH = `${OPS}doctor`;
const RUNNING_MS = 1_000;

/** What to mend on the hub and the edges: the same checks as on the command line, run by whoever may. */
export function DoctorPage(): React.ReactElement {
  const { of, answer } = useAbilities();
  const [turn, setTurn] = React.useState(0);
  const through = useThroughTheHub(turn);
  const refusal = of('doctor');
  if (refusal === undefined) return <AllowedDoctor through={through} onRun={() => setTurn(turn + 1)} />;
  if (answer === undefined && refusal.reason === actionWords.asking) return <Skeleton label={words.loading} />;
  return (
    <div className="ef-app">
      <section className="ef-card ef-app__head">
        <h1 className="ef-edge__title">{words.refused}</h1>
        <p>{words.text}</p>
        <RefusalNote refusal={refusal} />
      </section>
      <ThroughTheHub checks={through} />
    </div>
  );
}

interface Doctor {
  readonly data: DoctorAnswer | undefined;
  readonly problem: HubProblem | undefined;
  readonly run: () => void;
}

function useDoctor(): Doctor {
  const { client, queries } = useServices();
  const [running, setRunning] = React.useState(false);
  const [refused, setRefused] = React.useState<HubProblem | undefined>(undefined);
  const { data, problem } = useQuery<DoctorAnswer>(PATH, running ? { refreshMs: RUNNING_MS } : {});
  const isRunning = data?.running !== undefined;
  if (data !== undefined && isRunning !== running) setRunning(isRunning);
  const run = (): void => {
    void client.post<DoctorAnswer>(PATH).then((answer) => {
      setRefused(answer.ok ? undefined : answer.error);
      queries.refresh(PATH);
    });
  };
  return { data, problem: refused ?? problem, run };
}

interface AllowedDoctorProps {
  readonly through: readonly DoctorCheck[] | undefined;
  readonly onRun: () => void;
}

function AllowedDoctor({ through, onRun }: AllowedDoctorProps): React.ReactElement {
  const { data, problem, run } = useDoctor();
  const failed = problem === undefined ? null : <ProblemView problem={problem} compact />;
  if (data === undefined) return failed ?? <Skeleton label={words.loading} />;
  const { latest, running } = data;
  const runAll = (): void => {
    onRun();
    run();
  };
  const button = <RunButton data={data} onRun={runAll} />;
  if (latest === undefined && running === undefined)
    return (
      <div className="ef-app">
        <EmptyState icon="fa-stethoscope" title={words.never.title} text={words.never.text}>
          {failed}
          {button}
        </EmptyState>
        <ThroughTheHub checks={through} />
      </div>
    );
  return (
    <div className="ef-app">
      <section className="ef-card ef-app__head">
        <div className="ef-edge__who">
          <h1 className="ef-edge__title">{words.title}</h1>
          <span className="ef-app__spring" />
          {button}
        </div>
        <p className="ef-edge__line">{words.text}</p>
        {running === undefined ? null : <Progress running={running} />}
        {latest === undefined ? null : <Summary latest={latest} through={through ?? []} />}
        {failed}
      </section>
      <ThroughTheHub checks={through} />
      {latest === undefined ? null : <Findings latest={latest} />}
    </div>
  );
}

interface RunButtonProps {
  readonly data: DoctorAnswer;
  readonly onRun: () => void;
}

function RunButton({ data: { latest, running }, onRun }: RunButtonProps): React.ReactElement {
  return (
    <button type="button" className="ef-button ef-button--main" disabled={running !== undefined} onClick={onRun}>
      {latest === undefined ? words.run : words.again}
    </button>
  );
}

function Progress({
  running: { done, edges, startedAt, username },
}: {
  readonly running: NonNullable<DoctorAnswer['running']>;
}): React.ReactElement {
  const share = edges === 0 ? 0 : (done / edges) * 100;
  return (
    <>
      <div
        className="ef-bar-of"
        role="progressbar"
        aria-label={words.progress(done, edges)}
        aria-valuemin={0}
        aria-valuemax={Math.max(1, edges)}
        aria-valuenow={done}
      >
        <span className="ef-bar-of__part ef-bar-of__part--Running" style={{ width: `${share}%` }} />
      </div>
      <p className="ef-edge__line" role="status">
        {words.running(username)}
        <Age at={startedAt} never="" />
        {`: ${words.progress(done, edges)}`}
      </p>
    </>
  );
}

interface SummaryProps {
  readonly latest: DoctorResultAnswer;
  readonly through: readonly DoctorCheck[];
}

function Summary({ latest: { finishedAt, username, problem, checks }, through }: SummaryProps): React.ReactElement {
  const count = (result: string): number => [...checks, ...through].filter((check) => check.result === result).length;
  if (problem !== undefined)
    return (
      <Notice tone="degraded" icon="fa-times-circle" title={words.problem}>
        <p className="ef-notice__text">{problem}</p>
      </Notice>
    );
  return (
    <p className="ef-edge__line">
      {words.found}
      <Age at={finishedAt} never="" />
      {`${words.by(username)}: ${words.counts(count('failed'), count('warning'), count('notChecked'))}`}
    </p>
  );
}

function Findings({ latest }: { readonly latest: DoctorResultAnswer }): React.ReactElement {
  const { checks, edges, shownEdges, edgesBy } = latest;
  const groups = byEdge(checks);
  return (
    <>
      <section className="ef-card ef-part" aria-label={words.hub}>
        <h2 className="ef-heading">{words.hub}</h2>
        <CheckLines checks={checks.filter(({ edge }) => edge === undefined)} />
      </section>
      {edges === 0 ? null : (
        <section className="ef-card ef-part" aria-label={words.edges}>
          <h2 className="ef-heading">{words.edges}</h2>
          {edgesBy.ok === 0 ? null : <p className="ef-muted">{words.edgesWell(edgesBy.ok)}</p>}
          {groups
            .filter(({ worst }) => worst !== 'ok')
            .map((group) => (
              <div key={group.edge} className="ef-doctor__edge">
                <h3 className="ef-doctor__name">
                  <RouteLink to={`/edges/${encodeURIComponent(group.edge)}`}>{group.edge}</RouteLink>
                </h3>
                <CheckLines checks={group.checks} />
              </div>
            ))}
          {shownEdges < edges && edgesBy.ok < edges - shownEdges ? <p className="ef-muted">{words.cut(shownEdges, edges)}</p> : null}
        </section>
      )}
    </>
  );
}

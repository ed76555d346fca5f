import * as React from 'react';
import { isNotHeard } from '../../../../proxy-server/src/domain/edge-state.ts';
import type { EdgeDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { ActMenu } from '../../acting/ActMenu.tsx';
import { useIsAway } from '../../hooks/use-away.ts';
import { useServices } from '../../services.ts';
import { actionWords } from '../../messages/actions.ts';
import { edgeWords } from '../../messages/edge.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { Ticking } from '../../ui/Ticking.tsx';
import { stateBadge } from '../../words/status-badges.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { Strip } from './Strip.tsx';

const MAX_LABELS = 12;

/** Only what a browser may open: the address comes from a YAML file that somebody wrote. */
export const safeLink = (url = ''): string | undefined => (/^https?:\/\//i.test(url) ? url : undefined);

/** Who, where, how it is reached, and if it is not, why, in words. */
export function EdgeHeader({ edge }: { readonly edge: EdgeDetail }): React.ReactElement {
  const away = useIsAway();
  const formats = useFormats();
  const labels = Object.entries(edge.labels);
  const link = safeLink(edge.url);
  const line = [
    edgeWords.reachedThrough(edge.connector),
    ...(edge.argocdVersion === undefined ? [] : [edgeWords.argocd(edge.argocdVersion)]),
    edgeWords.access[edge.access],
    ...(edge.mode === 'poll' ? [edgeWords.poll] : []),
  ];
  return (
    <section className="ef-card ef-edge__head">
      <div className="ef-edge__row">
        <div className="ef-edge__who">
          <h1 className="ef-edge__title" dir="auto">
            {edge.displayName}
          </h1>
          <StatusBadge {...stateBadge(edge.state, away)} />
          {labels.slice(0, MAX_LABELS).map(([key, value]) => (
            <span key={key} className="ef-chip" title={`${key}: ${value}`} dir="auto">
              {value === '' ? key : value}
            </span>
          ))}
          {labels.length > MAX_LABELS ? <span className="ef-muted">+{labels.length - MAX_LABELS}</span> : null}
        </div>
        <div className="ef-actions">
          <ProbeButton edge={edge} />
          {edge.access === 'CountsOnly' ? null : <ActMenu subject={{ edges: [edge.name] }} what={actionWords.applicationsOf(1)} />}
          {link === undefined ? null : (
            <a className="ef-button" href={link} target="_blank" rel="noopener noreferrer">
              {edgeWords.openArgoCd} <Icon name="fa-external-link-alt" />
            </a>
          )}
        </div>
      </div>
      <p className="ef-edge__line">
        {line.join(' \u00b7 ')}
        {' \u00b7 '}
        <Ticking everyMs={10_000}>{() => edgeWords.here(formats.clock(formats.now(), edge.timeZone), edge.timeZone)}</Ticking>
      </p>
      {edge.failure === undefined ? null : <FailureNotice failure={edge.failure} lastKnown={isNotHeard(edge.state)} />}
      {edge.notices.map((notice) => (
        <Notice key={notice.kind + notice.sentence} tone="attention" icon="fa-exclamation-triangle" title={notice.sentence}>
          <p className="ef-notice__text">{notice.remedy}</p>
        </Notice>
      ))}
      <Strip title={edgeWords.day} strip={edge.day} zone={edge.timeZone} />
      <Strip title={edgeWords.month} strip={edge.month} zone={edge.timeZone} />
    </section>
  );
}

interface ProbeAnswer {
  readonly asked: boolean;
  readonly detail: string;
}

function ProbeButton({ edge }: { readonly edge: EdgeDetail }): React.ReactElement {
  const { client, queries, announcement } = useServices();
  const [answer, setAnswer] = React.useState<string | undefined>(undefined);
  const probe = (): void => {
    setAnswer(edgeWords.probing);
    void client.post<ProbeAnswer>(`edges/${encodeURIComponent(edge.name)}/probe`).then((result) => {
      const said = result.ok ? result.value.detail : (result.error.detail ?? result.error.title ?? '');
      setAnswer(said);
      announcement.set(said);
      queries.invalidate(`edges/${encodeURIComponent(edge.name)}`);
    });
  };
  return (
    <>
      {answer === undefined ? null : <span className="ef-muted">{answer}</span>}
      <button type="button" className="ef-button" onClick={probe}>
        {edgeWords.probe}
      </button>
    </>
  );
}

import * as React from 'react';
import { applicationWords } from '../../messages/application.ts';
import { lineDiff, type DiffLine, type LineDiff } from './line-diff.ts';
import { parseResourceManifests, type ManagedResource, type ResourceManifests } from './managed-resources.ts';
import { PartFrame } from './PartFrame.tsx';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.diff;
const VIEWS = ['diff', 'live', 'desired'] as const;
type View = (typeof VIEWS)[number];

export interface ResourceDiffProps {
  readonly resource: ManagedResource;
  readonly view: string;
  readonly onView: (view: string) => void;
}

/** One resource: what differs, or either side whole. */
export function ResourceDiff({ resource, view: asked, onView }: ResourceDiffProps): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const { group, kind, namespace, name } = resource;
  const parse = React.useCallback(
    (answer: unknown) => parseResourceManifests(answer, { group, kind, namespace, name }),
    [group, kind, namespace, name],
  );
  const part = usePart<ResourceManifests>(paths.managed({ group, kind, namespace, name }), parse);
  const view: View = VIEWS.find((one) => one === asked) ?? 'diff';
  const tools = (
    <div role="group" aria-label={words.views.label} className="ef-actions">
      {VIEWS.map((one) => (
        <button key={one} type="button" className="ef-link" aria-pressed={one === view} onClick={() => onView(one)}>
          {words.views[one]}
        </button>
      ))}
    </div>
  );
  return (
    <PartFrame title={`${kind} ${name}`} part={part} tools={tools} className="ef-part--fill">
      {(manifests) => (
        <>
          {kind === 'Secret' ? <p className="ef-part__line ef-muted">{words.secret}</p> : null}
          {view === 'diff' ? (
            <DiffView manifests={manifests} modified={resource.modified} />
          ) : (
            <pre className="ef-yaml ef-yaml--tall" tabIndex={0} aria-label={words.views[view]}>
              {manifests[view] === '' ? (view === 'live' ? words.notLive : words.notDesired) : manifests[view]}
            </pre>
          )}
        </>
      )}
    </PartFrame>
  );
}

function DiffView({ manifests, modified }: { readonly manifests: ResourceManifests; readonly modified: boolean }): React.ReactElement {
  const [whole, setWhole] = React.useState(false);
  const { live, desired } = manifests.compared;
  const diff = React.useMemo(() => lineDiff(live, desired, whole ? Number.MAX_SAFE_INTEGER : undefined), [live, desired, whole]);
  if (diff === undefined) return <p className="ef-part__none">{words.tooDifferent}</p>;
  if (diff.added + diff.removed === 0) return <p className="ef-part__none">{modified ? words.onlyOrder : words.equal}</p>;
  return (
    <>
      <p className="ef-part__line">
        <b className="ef-figure">{words.counts(diff.added, diff.removed)}</b>
        {live === '' ? <span>{words.notLive}</span> : null}
        {desired === '' ? <span>{words.notDesired}</span> : null}
        {whole ? null : (
          <button type="button" className="ef-link" onClick={() => setWhole(true)}>
            {words.whole}
          </button>
        )}
      </p>
      <DiffTable diff={diff} />
    </>
  );
}

const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { added: '+', removed: '\u2212', same: ' ' };

function DiffTable({ diff }: { readonly diff: LineDiff }): React.ReactElement {
  return (
    <div className="ef-diff" tabIndex={0} role="region" aria-label={words.views.diff}>
      {diff.hunks.map((hunk, index) => (
        <React.Fragment key={index}>
          {hunk.hidden === 0 ? null : <p className="ef-diff__hidden">{words.hidden(hunk.hidden)}</p>}
          {hunk.lines.map((line) => (
            <div key={`${line.live ?? ''}:${line.desired ?? ''}`} className={`ef-diff__line ef-diff__line--${line.kind}`}>
              <span className="ef-diff__number">{line.live}</span>
              <span className="ef-diff__number">{line.desired}</span>
              <span aria-hidden="true">{SIGNS[line.kind]}</span>
              <code dir="auto">
                {line.kind === 'same' ? null : <span className="ef-hidden">{words.line[line.kind]}: </span>}
                {line.text}
              </code>
            </div>
          ))}
        </React.Fragment>
      ))}
      {diff.hiddenAfter === 0 ? null : <p className="ef-diff__hidden">{words.hidden(diff.hiddenAfter)}</p>}
    </div>
  );
}

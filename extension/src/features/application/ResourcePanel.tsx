import * as React from 'react';
import { MarkButton } from '../../acting/ActingParts.tsx';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationWords } from '../../messages/application.ts';
import { Age } from '../../ui/Age.tsx';
import { textAt } from '../../api/json-fields.ts';
import { manifestText, parseLive } from './manifest-text.ts';
import { NodeBadges } from './NodeBadges.tsx';
import { PartFrame } from './PartFrame.tsx';
import type { ResourceNode } from './resource-nodes.ts';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.tree;

/** Of one resource: its state, what its kind says, and its live manifest when somebody wants it. */
export function ResourcePanel({ node, sync }: { readonly node: ResourceNode; readonly sync: string | undefined }): React.ReactElement {
  const { change } = useUrlState();
  const [shown, setShown] = React.useState<string | undefined>(undefined);
  const managed = sync !== undefined;
  return (
    <div className="ef-app__side">
      <section className="ef-card ef-part" aria-label={node.name}>
        <h2 className="ef-heading" dir="auto">
          {node.name}
        </h2>
        <p className="ef-muted" dir="auto">
          {[node.kind, node.group, node.version, node.namespace].filter((part) => part !== '').join(' \u00b7 ')}
        </p>
        <NodeBadges node={node} sync={sync} />
        {node.health === undefined ? <p className="ef-muted">{words.noHealth}</p> : null}
        {node.healthMessage === undefined ? null : (
          <p className="ef-app__message" dir="auto">
            {node.healthMessage}
          </p>
        )}
        <dl>
          {node.info.map(({ name, value }) => (
            <div key={name} className="ef-facts__row">
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
        {node.createdAt === undefined ? null : (
          <p className="ef-muted">
            {words.created}
            <Age at={node.createdAt} never="" />
          </p>
        )}
        {node.images.map((image) => (
          <p key={image}>
            <code dir="auto">{image}</code>
          </p>
        ))}
        <p className="ef-actions">
          {node.kind === 'Pod' && node.group === '' ? (
            <button type="button" className="ef-button" onClick={() => change({ tab: 'logs', pod: `${node.namespace}/${node.name}` })}>
              {words.logs}
            </button>
          ) : null}
          {managed ? <MarkButton resource={node} /> : null}
          {managed ? (
            <button type="button" className="ef-button" onClick={() => change({ tab: 'diff', resource: node.key })}>
              {words.diff}
            </button>
          ) : null}
          {shown === node.key ? null : (
            <button type="button" className="ef-button" onClick={() => setShown(node.key)}>
              {words.showLive}
            </button>
          )}
        </p>
      </section>
      {shown === node.key ? <LiveManifest key={node.key} node={node} /> : null}
    </div>
  );
}

const parseText = (answer: unknown): string | undefined =>
  textAt(answer, 'manifest') === undefined ? undefined : manifestText(parseLive(answer));

function LiveManifest({ node }: { readonly node: ResourceNode }): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const live = usePart<string>(paths.live(node, node.version), parseText);
  return (
    <PartFrame title={words.live} part={live}>
      {(text) => (
        <>
          {node.kind === 'Secret' ? <p className="ef-muted">{applicationWords.diff.secret}</p> : null}
          <pre className="ef-yaml" tabIndex={0} aria-label={words.live}>
            {text === '' ? words.noLive : text}
          </pre>
        </>
      )}
    </PartFrame>
  );
}

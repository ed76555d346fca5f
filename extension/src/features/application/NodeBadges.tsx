import * as React from 'react';
import { toHealthStatus, toSyncStatus } from '../../../../proxy-server/src/domain/health.ts';
import { applicationWords } from '../../messages/application.ts';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { lookBadge, syncBadge } from '../../words/status-badges.ts';
import type { ResourceNode } from './resource-nodes.ts';
import { isRollout } from './rollout-progress.ts';
import { RolloutLine } from './RolloutLine.tsx';
import { usePartsOfEdge } from './use-part.ts';

/** What people read of a Pod first; the rest is in the panel. */
const SHOWN_INFO = new Set(['Status Reason', 'Containers', 'Restart Count', 'Revision']);

/** State of one resource in words: health, sync where it is managed, and what its kind has to say. */
export function NodeBadges({ node, sync }: { readonly node: ResourceNode; readonly sync: string | undefined }): React.ReactElement {
  const { away } = usePartsOfEdge();
  const health = node.health === undefined ? undefined : toHealthStatus(node.health);
  return (
    <span className="ef-tree__badges">
      {health === undefined ? null : (
        <StatusBadge {...lookBadge(health === 'Unknown' ? 'Unjudged' : health, away)} title={node.healthMessage ?? ''} />
      )}
      {sync === undefined ? null : <StatusBadge {...syncBadge(toSyncStatus(sync), away)} />}
      {node.orphaned ? <span className="ef-chip">{applicationWords.tree.orphaned}</span> : null}
      {isRollout(node) ? <RolloutLine node={node} /> : null}
      {node.info
        .filter(({ name }) => SHOWN_INFO.has(name))
        .map(({ name, value }) => (
          <span key={name} className="ef-muted" title={name}>
            {name === 'Restart Count' ? applicationWords.tree.restarts(value) : value}
          </span>
        ))}
    </span>
  );
}

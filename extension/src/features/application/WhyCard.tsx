import * as React from 'react';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationWords } from '../../messages/application.ts';
import { NodeBadges } from './NodeBadges.tsx';
import { PartFrame } from './PartFrame.tsx';
import { parseTree, type ResourceNode, type ResourceTree } from './resource-nodes.ts';
import { unwellNodes } from './unwell-nodes.ts';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.summary;
const MAX_SHOWN = 8;

/** Which resources keep the Application from healthy and what they say: the end of the way from the fleet to the reason. */
export function WhyCard(): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const { change } = useUrlState();
  const tree = usePart<ResourceTree>(paths.tree, parseTree);
  return (
    <PartFrame title={words.why} part={tree}>
      {({ nodes }) => {
        const unwell = unwellNodes(nodes);
        return (
          <>
            {unwell.length === 0 ? <p className="ef-muted">{words.allWell}</p> : null}
            <ul className="ef-lines">
              {unwell.slice(0, MAX_SHOWN).map((node) => (
                <WhyLine key={node.key} node={node} onShow={() => change({ tab: 'resources', node: node.key })} />
              ))}
            </ul>
            {unwell.length > MAX_SHOWN ? <p className="ef-muted">{words.more(unwell.length - MAX_SHOWN)}</p> : null}
          </>
        );
      }}
    </PartFrame>
  );
}

function WhyLine({ node, onShow }: { readonly node: ResourceNode; readonly onShow: () => void }): React.ReactElement {
  return (
    <li className="ef-lines__line ef-why">
      <span className="ef-why__head">
        <button type="button" className="ef-link" dir="auto" onClick={onShow}>
          {node.kind} {node.name}
        </button>
        <NodeBadges node={node} sync={undefined} />
      </span>
      {node.healthMessage === undefined ? null : <span dir="auto">{node.healthMessage}</span>}
    </li>
  );
}

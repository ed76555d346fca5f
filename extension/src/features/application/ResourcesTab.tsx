import * as React from 'react';
import { MarkedSync } from '../../acting/ActingParts.tsx';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationWords } from '../../messages/application.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { parseApplicationObject, type ApplicationObject } from './application-object.ts';
import { PartFrame } from './PartFrame.tsx';
import { ResourcePanel } from './ResourcePanel.tsx';
import { parseTree, type ResourceTree } from './resource-nodes.ts';
import { ResourceTreeView } from './ResourceTreeView.tsx';
import { treeRows } from './tree-rows.ts';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.tree;

/** The resources as a tree, and beside it what is known of the chosen one. */
export function ResourcesTab(): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const { search, change, changeSoon } = useUrlState();
  const tree = usePart<ResourceTree>(paths.tree, parseTree);
  const whole = usePart<ApplicationObject>(paths.whole, parseApplicationObject);
  const [filter, setFilter] = React.useState(search.get('find') ?? '');
  const chosen = search.get('node') ?? undefined;
  const node = tree.data?.nodes.find(({ key }) => key === chosen);
  const onFilter = (text: string): void => {
    setFilter(text);
    changeSoon({ find: text });
  };
  const tools = (
    <input
      className="ef-input ef-part__filter"
      type="search"
      aria-label={words.filter}
      placeholder={words.filter}
      value={filter}
      onChange={(event) => onFilter(event.target.value)}
    />
  );
  return (
    <div className="ef-app__split">
      <PartFrame title={words.title} part={tree} tools={tools} className="ef-part--fill">
        {(data) => (
          <LoadedTree
            tree={data}
            syncOf={whole.data?.syncOf}
            filter={filter}
            chosen={chosen}
            onChoose={(key) => change({ node: key }, 'replace')}
          />
        )}
      </PartFrame>
      {node === undefined ? (
        <p className="ef-card ef-part__none">{words.pick}</p>
      ) : (
        <ResourcePanel node={node} sync={whole.data?.syncOf.get(node.key)} />
      )}
    </div>
  );
}

interface LoadedTreeProps {
  readonly tree: ResourceTree;
  readonly syncOf: ReadonlyMap<string, string> | undefined;
  readonly filter: string;
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
}

function LoadedTree({ tree, syncOf, filter, chosen, onChoose }: LoadedTreeProps): React.ReactElement {
  const { compare } = useFormats();
  const [collapsed, setCollapsed] = React.useState<ReadonlySet<string>>(new Set());
  const rows = React.useMemo(() => treeRows(tree.nodes, { collapsed, filter }, compare), [tree, collapsed, filter, compare]);
  const toggle = (key: string): void => {
    const next = new Set(collapsed);
    if (!next.delete(key)) next.add(key);
    setCollapsed(next);
  };
  return (
    <>
      <p className="ef-part__line">
        <span className="ef-muted" role="status">
          {words.count(rows.length, tree.nodes.length)}
        </span>
        <button type="button" className="ef-link" onClick={() => setCollapsed(new Set(tree.nodes.map(({ key }) => key)))}>
          {words.collapse}
        </button>
        <button type="button" className="ef-link" onClick={() => setCollapsed(new Set())}>
          {words.expand}
        </button>
        <MarkedSync outOfSync={tree.nodes.filter(({ key }) => syncOf?.get(key) === 'OutOfSync')} />
        {tree.total > tree.nodes.length ? <span>{words.cut(tree.nodes.length, tree.total)}</span> : null}
      </p>
      {rows.length === 0 ? (
        <p className="ef-part__none">{tree.nodes.length === 0 ? words.empty : words.noMatch}</p>
      ) : (
        <ResourceTreeView rows={rows} syncOf={syncOf} chosen={chosen} onChoose={onChoose} onToggle={toggle} />
      )}
    </>
  );
}

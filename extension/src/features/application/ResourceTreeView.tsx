import * as React from 'react';
import { applicationWords } from '../../messages/application.ts';
import { Icon } from '../../ui/Icon.tsx';
import { useWindow } from '../../ui/use-window.ts';
import { NodeBadges } from './NodeBadges.tsx';
import { treeMove, type TreeRow } from './tree-rows.ts';

const ROW_HEIGHT = 30;
const OVERSCAN = 12;
const INDENT_PX = 20;
const rowId = (key: string): string => `ef-node-${key.replace(/[^A-Za-z0-9-]/g, '_')}`;

export interface ResourceTreeViewProps {
  readonly rows: readonly TreeRow[];
  readonly syncOf: ReadonlyMap<string, string> | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
  readonly onToggle: (key: string) => void;
}

/** A virtual tree by the WAI-ARIA pattern: focus stays on the tree, which names the active line. */
export function ResourceTreeView({ rows, syncOf, chosen, onChoose, onToggle }: ResourceTreeViewProps): React.ReactElement {
  const scroller = React.useRef<HTMLDivElement>(null);
  const current = rows.some(({ node }) => node.key === chosen) ? chosen : undefined;
  const at = rows.findIndex(({ node }) => node.key === current);
  const view = useWindow(scroller, {
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
    keyOf: (index) => rows[index]?.node.key ?? index,
  });
  const reveal = React.useRef(view.reveal);
  reveal.current = view.reveal;
  // Talks to the scroller: the line of the keyboard stays in sight.
  React.useEffect(() => {
    if (at >= 0) reveal.current(at);
  }, [at]);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const move = treeMove(rows, current, event.key);
    if (move === undefined) return;
    event.preventDefault();
    if (move.kind === 'toggle') onToggle(move.key);
    else onChoose(move.key);
  };
  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label={applicationWords.tree.label}
      aria-activedescendant={current === undefined ? undefined : rowId(current)}
      className="ef-tree"
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ paddingBlock: `${view.before}px ${view.after}px` }}>
        {rows.slice(view.first, view.end).map((row, offset) => (
          <TreeLine
            key={row.node.key}
            row={row}
            index={view.first + offset}
            current={row.node.key === current}
            sync={syncOf?.get(row.node.key)}
            onChoose={onChoose}
            onToggle={onToggle}
          />
        ))}
      </div>
    </div>
  );
}

interface TreeLineProps {
  readonly row: TreeRow;
  readonly index: number;
  readonly current: boolean;
  readonly sync: string | undefined;
  readonly onChoose: (key: string) => void;
  readonly onToggle: (key: string) => void;
}

/** One line. The keyboard is the tree's; the pointer's ways in are here. */
function TreeLine({ row, index, current, sync, onChoose, onToggle }: TreeLineProps): React.ReactElement {
  const { node, level, position, siblings, children, expanded } = row;
  return (
    <div
      role="treeitem"
      id={rowId(node.key)}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={children === 0 ? undefined : expanded}
      aria-selected={current}
      className={`ef-tree__line${current ? ' ef-tree__line--current' : ''}`}
      style={{ height: ROW_HEIGHT, paddingInlineStart: 8 + (level - 1) * INDENT_PX }}
      data-index={index}
      onClick={() => onChoose(node.key)}
    >
      <span
        className="ef-tree__toggle"
        aria-hidden="true"
        onClick={(event) => {
          if (children === 0) return;
          event.stopPropagation();
          onToggle(node.key);
        }}
      >
        {children === 0 ? null : <Icon name={expanded ? 'fa-chevron-down' : 'fa-chevron-right'} />}
      </span>
      <span className="ef-tree__kind">{node.kind}</span>
      <span className="ef-tree__name" dir="auto" title={node.name}>
        {node.name}
      </span>
      <NodeBadges node={node} sync={sync} />
    </div>
  );
}

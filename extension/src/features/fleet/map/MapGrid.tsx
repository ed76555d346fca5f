import * as React from 'react';
import { fleetWords } from '../../../messages/fleet.ts';
import { toScreen, type Camera } from './map-camera.ts';
import type { GroupLine } from './map-groups.ts';
import { moveCursor, rowOfCursor, type MapCursor } from './map-keys.ts';
import { cellAt, type MapLayout } from './map-layout.ts';

export interface MapGridProps {
  readonly label: string;
  readonly layout: MapLayout;
  readonly camera: Camera;
  readonly room: { readonly width: number; readonly height: number };
  readonly titles: readonly string[];
  readonly lines: readonly GroupLine[];
  readonly cellLabel: (row: number) => string;
  readonly isSelected: (row: number) => boolean;
  readonly onOpen: (row: number) => void;
  readonly onSelect: (rows: readonly number[], on: boolean | undefined) => void;
  readonly onReveal: (row: number) => void;
  readonly onPressGroup: (box: number) => void;
  readonly onZoom: (key: string) => void;
}

const MIN_CELL = 8;
const ZOOM_KEYS = ['+', '=', '-', '0'];

/**
 * The map for the keyboard and for screen readers: a grid with a row per group. Focus roves over the headings, and inside a group over its
 * cells; only the cell with the focus is in the page, and it is made anew for each edge, so that its words are read out.
 */
export function MapGrid(props: MapGridProps): React.ReactElement {
  const { layout } = props;
  const [wanted, setCursor] = React.useState<MapCursor>({ box: 0 });
  const root = React.useRef<HTMLDivElement>(null);
  const moved = React.useRef(false);
  const box = Math.min(wanted.box, Math.max(0, layout.boxes.length - 1));
  const cursor: MapCursor = wanted.place === undefined ? { box } : { box, place: wanted.place };
  const row = rowOfCursor(layout, cursor);

  // Talks to the browser's focus: it follows the cursor, and only when a key moved it.
  React.useLayoutEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    root.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });

  const onMove = (event: React.KeyboardEvent, next: MapCursor): void => {
    const to = rowOfCursor(layout, next);
    if (event.shiftKey && row !== undefined && to !== undefined) props.onSelect([row, to], true);
    moved.current = true;
    if (to !== undefined) props.onReveal(to);
    setCursor(next);
  };
  /** True where the key does something to the cell it is on, or to the map. */
  const act = (key: string): boolean => {
    const actions: Readonly<Record<string, (on: number) => void>> = { Enter: props.onOpen, x: (on) => props.onSelect([on], undefined) };
    const action = actions[key];
    if (row !== undefined && action !== undefined) action(row);
    else if (ZOOM_KEYS.includes(key)) props.onZoom(key);
    else return false;
    return true;
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = act(event.key) ? 'done' : moveCursor(layout, cursor, event.key);
    if (next === undefined) return;
    if (next !== 'done') onMove(event, next);
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={root}
      role="grid"
      aria-label={props.label}
      aria-rowcount={layout.boxes.length}
      aria-multiselectable="true"
      className="ef-grid"
      onKeyDown={onKeyDown}
    >
      {layout.boxes.map((one, index) => (
        <GroupRow
          key={one.group.key}
          {...props}
          index={index}
          here={index === box}
          row={index === box ? row : undefined}
          onFocusHead={() => setCursor((now) => (now.box === index ? now : { box: index }))}
        />
      ))}
    </div>
  );
}

interface GroupRowProps extends MapGridProps {
  readonly index: number;
  /** The cursor is in this group. */
  readonly here: boolean;
  readonly row: number | undefined;
  readonly onFocusHead: () => void;
}

const NO_LINE: GroupLine = { edges: 0, wrong: 0, notHeard: 0 };

/** A group's heading, and the one cell of it that has the focus. A heading out of sight is left out, unless the keyboard is on it. */
function GroupRow(props: GroupRowProps): React.ReactElement | null {
  const { layout, camera, room, index, here, row } = props;
  const box = layout.boxes[index];
  if (box === undefined) return null;
  const at = toScreen(camera, box);
  const inSight = layout.header > 0 && at.y >= -layout.header && at.y <= room.height;
  if (!inSight && !here) return null;
  return (
    <div role="row" aria-rowindex={index + 1}>
      <GroupHead {...props} style={inSight ? { left: at.x, top: at.y, maxWidth: box.width * camera.zoom } : undefined} />
      {row === undefined ? null : <GridCell key={row} {...props} row={row} />}
    </div>
  );
}

/** Without a style it is there for the keyboard only. */
function GroupHead(props: GroupRowProps & { readonly style: React.CSSProperties | undefined }): React.ReactElement {
  const { index, here, row, style } = props;
  const line = props.lines[index] ?? NO_LINE;
  const words = fleetWords.map.line(line.edges, line.wrong, line.notHeard);
  const title = props.titles[index] ?? '';
  return (
    <div
      role="rowheader"
      tabIndex={here && row === undefined ? 0 : -1}
      className={style === undefined ? 'ef-grid__head ef-hidden' : 'ef-grid__head'}
      style={style}
      aria-label={fleetWords.map.group(title, words)}
      onClick={() => props.onPressGroup(index)}
      onFocus={props.onFocusHead}
    >
      <span className="ef-grid__title" dir="auto">
        {title}
      </span>
      <span className="ef-grid__line">{words}</span>
    </div>
  );
}

function GridCell({ row, layout, camera, cellLabel, isSelected }: MapGridProps & { readonly row: number }): React.ReactElement {
  const corner = cellAt(layout, row) ?? { x: 0, y: 0 };
  const at = toScreen(camera, corner);
  const side = Math.max(MIN_CELL, layout.cell * camera.zoom);
  return (
    <div
      role="gridcell"
      tabIndex={0}
      aria-label={cellLabel(row)}
      aria-selected={isSelected(row)}
      className="ef-grid__cell"
      style={{ left: at.x, top: at.y, width: side, height: side }}
    />
  );
}

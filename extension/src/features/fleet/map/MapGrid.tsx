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

/**
 * The map for the keyboard and for screen readers: a grid with a row per group. Focus roves over the headings, and inside a group over its
 * cells; only the cell with the focus is in the page, and it is made anew for each edge, so that its words are read out.
 */
export function MapGrid(props: MapGridProps): React.ReactElement {
  const { layout, camera, room, titles, lines } = props;
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
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const next = row !== undefined && key === 'Enter' ? undefined : moveCursor(layout, cursor, key);
    if (next !== undefined) onMove(event, next);
    else if (row !== undefined && key === 'Enter') props.onOpen(row);
    else if (row !== undefined && key === 'x') props.onSelect([row], undefined);
    else if (['+', '=', '-', '0'].includes(key)) props.onZoom(key);
    else return;
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
      {layout.boxes.map((one, index) => {
        const at = toScreen(camera, one);
        const isHere = index === cursor.box;
        const hidden = layout.header === 0 || at.y < -layout.header || at.y > room.height;
        if (hidden && !isHere) return null;
        const line = lines[index] ?? { edges: 0, wrong: 0, notHeard: 0 };
        const words = fleetWords.map.line(line.edges, line.wrong, line.notHeard);
        const title = titles[index] ?? '';
        return (
          <div key={one.group.key} role="row" aria-rowindex={index + 1}>
            <div
              role="rowheader"
              tabIndex={isHere && row === undefined ? 0 : -1}
              className={`ef-grid__head${hidden ? ' ef-hidden' : ''}`}
              style={hidden ? undefined : { left: at.x, top: at.y, maxWidth: one.width * camera.zoom }}
              aria-label={fleetWords.map.group(title, words)}
              onClick={() => props.onPressGroup(index)}
              onFocus={() => setCursor((now) => (now.box === index ? now : { box: index }))}
            >
              <span className="ef-grid__title" dir="auto">
                {title}
              </span>
              <span className="ef-grid__line">{words}</span>
            </div>
            {isHere && row !== undefined ? <GridCell key={row} {...props} row={row} /> : null}
          </div>
        );
      })}
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

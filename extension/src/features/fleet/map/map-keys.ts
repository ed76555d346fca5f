import type { MapLayout } from './map-layout.ts';

/** Where the keyboard is: on a group's heading, or on a cell. */
export interface MapCursor {
  readonly box: number;
  readonly place?: number;
}

const sizeOf = (layout: MapLayout, box: number): number => layout.boxes[box]?.group.rows.length ?? 0;
const columnsOf = (layout: MapLayout, box: number): number => layout.boxes[box]?.columns ?? 1;
const within = (value: number, count: number): number => Math.min(Math.max(0, value), Math.max(0, count - 1));

/** Between headings; Enter or the right arrow goes in. */
function onHeading(layout: MapLayout, cursor: MapCursor, key: string): MapCursor | undefined {
  const last = layout.boxes.length - 1;
  switch (key) {
    case 'ArrowDown':
      return { box: Math.min(last, cursor.box + 1) };
    case 'ArrowUp':
      return { box: Math.max(0, cursor.box - 1) };
    case 'Home':
      return { box: 0 };
    case 'End':
      return { box: last };
    case 'Enter':
    case 'ArrowRight':
      return sizeOf(layout, cursor.box) > 0 ? { box: cursor.box, place: 0 } : undefined;
    default:
      return undefined;
  }
}

/** Down from the last line goes into the next group at the same column, up from the first into the one before. */
function vertically(layout: MapLayout, box: number, place: number, direction: 1 | -1): MapCursor {
  const columns = columnsOf(layout, box);
  const to = place + direction * columns;
  if (to >= 0 && to < sizeOf(layout, box)) return { box, place: to };
  const onLastLine = Math.floor(place / columns) === Math.floor((sizeOf(layout, box) - 1) / columns);
  if (direction === 1 && !onLastLine) return { box, place: sizeOf(layout, box) - 1 };
  const next = box + direction;
  if (next < 0 || next >= layout.boxes.length) return { box, place };
  const column = Math.min(place % columns, columnsOf(layout, next) - 1);
  if (direction === 1) return { box: next, place: within(column, sizeOf(layout, next)) };
  const lines = Math.ceil(sizeOf(layout, next) / columnsOf(layout, next));
  return { box: next, place: within((lines - 1) * columnsOf(layout, next) + column, sizeOf(layout, next)) };
}

type Move = (layout: MapLayout, box: number, place: number) => MapCursor;

const CELL_MOVES: Readonly<Record<string, Move>> = {
  ArrowRight: (layout, box, place) => ({ box, place: within(place + 1, sizeOf(layout, box)) }),
  ArrowLeft: (_layout, box, place) => (place === 0 ? { box } : { box, place: place - 1 }),
  ArrowDown: (layout, box, place) => vertically(layout, box, place, 1),
  ArrowUp: (layout, box, place) => vertically(layout, box, place, -1),
  Home: (layout, box, place) => ({ box, place: place - (place % columnsOf(layout, box)) }),
  End: (layout, box, place) => {
    const columns = columnsOf(layout, box);
    return { box, place: within(place - (place % columns) + columns - 1, sizeOf(layout, box)) };
  },
  PageUp: (_layout, box) => ({ box, place: 0 }),
  PageDown: (layout, box) => ({ box, place: sizeOf(layout, box) - 1 }),
  Escape: (_layout, box) => ({ box }),
};

/** Where a key moves the cursor; undefined for keys that do not move it. */
export function moveCursor(layout: MapLayout, cursor: MapCursor, key: string): MapCursor | undefined {
  return cursor.place === undefined ? onHeading(layout, cursor, key) : CELL_MOVES[key]?.(layout, cursor.box, cursor.place);
}

export const rowOfCursor = (layout: MapLayout, cursor: MapCursor): number | undefined =>
  cursor.place === undefined ? undefined : layout.boxes[cursor.box]?.group.rows[cursor.place];

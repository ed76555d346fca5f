import type { MapGroup } from './map-groups.ts';

/** Where a group's cells stand, in CSS pixels of the unzoomed map. */
export interface GroupBox {
  readonly group: MapGroup;
  /** Of the heading; the cells begin `header` below. */
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The whole fleet in the room there is: the cell size follows from the number of edges and the room. Three ways, the first that is large
 * enough: every group over the full width; groups side by side; no headings at all. Pure arithmetic, so a hit test needs no search over cells.
 */
export interface MapLayout {
  readonly boxes: readonly GroupBox[];
  /** Distance from cell to cell, and the side of a cell. */
  readonly pitch: number;
  readonly cell: number;
  readonly header: number;
  readonly width: number;
  readonly height: number;
  /** By row: the number of its box, and its place in it; -1 for rows that are not on the map. */
  readonly boxOfRow: Int32Array;
  readonly placeOfRow: Int32Array;
}

export interface LayoutRoom {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  /** Device pixels per CSS pixel: cells stand on whole ones, or their gaps would differ. */
  readonly ratio: number;
}

const HEADER = 20;
const GROUP_GAP = 4;
const LARGEST_PITCH = 34;
/** Below this, groups side by side are worth losing the one left edge. */
const STACKED_FROM = 6;
const SIDE_BY_SIDE_FROM = 4;

type Boxes = readonly GroupBox[];

function stack(groups: readonly MapGroup[], width: number, pitch: number): Boxes {
  const columns = Math.max(1, Math.floor(width / pitch));
  let y = 0;
  return groups.map((group) => {
    const height = HEADER + Math.ceil(group.rows.length / columns) * pitch;
    const box = { group, x: 0, y, columns, width, height };
    y += height + GROUP_GAP;
    return box;
  });
}

/** How groups stand side by side: with headings, or, when there are too many for that, without. */
interface Shelves {
  readonly header: number;
  readonly narrowest: number;
  readonly gap: number;
}
const HEADED: Shelves = { header: HEADER, narrowest: 150, gap: 18 };
const BARE: Shelves = { header: 0, narrowest: 0, gap: 3 };

/** From left to right, then the next shelf: each group about twice as wide as high, and wide enough for its heading. */
function shelve(groups: readonly MapGroup[], width: number, pitch: number, { header, narrowest, gap }: Shelves): Boxes {
  const boxes: GroupBox[] = [];
  let x = 0;
  let y = 0;
  let shelf = 0;
  for (const group of groups) {
    const wanted = Math.max(narrowest, Math.ceil(Math.sqrt(group.rows.length * 2)) * pitch);
    const columns = Math.max(1, Math.floor(Math.min(width, wanted) / pitch));
    const boxWidth = Math.min(width, Math.max(narrowest, columns * pitch));
    if (x > 0 && x + boxWidth > width) {
      y += shelf + Math.min(gap, GROUP_GAP);
      x = 0;
      shelf = 0;
    }
    const height = header + Math.ceil(group.rows.length / columns) * pitch;
    boxes.push({ group, x, y, columns, width: boxWidth, height });
    x += boxWidth + gap;
    shelf = Math.max(shelf, height);
  }
  return boxes;
}

const bottom = (boxes: Boxes): number => boxes.reduce((lowest, box) => Math.max(lowest, box.y + box.height), 0);

interface Attempt {
  readonly boxes: Boxes;
  readonly pitch: number;
  readonly header: number;
}

/** The largest pitch of whole device pixels with which `place` stays within the height. */
function largest(place: (pitch: number) => Boxes, room: LayoutRoom, from: number, to: number): Omit<Attempt, 'header'> | undefined {
  for (let pixels = Math.floor(from * room.ratio); pixels >= Math.max(1, to * room.ratio); pixels -= 1) {
    const pitch = pixels / room.ratio;
    const boxes = place(pitch);
    if (bottom(boxes) <= room.height) return { boxes, pitch };
  }
  return undefined;
}

function choose(groups: readonly MapGroup[], room: LayoutRoom): Attempt {
  const { width } = room;
  const stacked = largest((pitch) => stack(groups, width, pitch), room, LARGEST_PITCH, STACKED_FROM - 2);
  if (stacked !== undefined && stacked.pitch >= STACKED_FROM) return { ...stacked, header: HEADER };
  const shelved = largest((pitch) => shelve(groups, width, pitch, HEADED), room, LARGEST_PITCH, SIDE_BY_SIDE_FROM);
  const better = shelved !== undefined && shelved.pitch >= (stacked?.pitch ?? 0) + 1 ? shelved : (stacked ?? shelved);
  if (better !== undefined) return { ...better, header: HEADER };
  const bare = largest((pitch) => shelve(groups, width, pitch, BARE), room, SIDE_BY_SIDE_FROM, 1);
  return { ...(bare ?? { boxes: shelve(groups, width, 1, BARE), pitch: 1 }), header: 0 };
}

const gapFor = (pitch: number, ratio: number): number => (pitch >= 16 ? 2 : pitch >= 3 ? 1 : pitch * ratio >= 3 ? 1 / ratio : 0);

/** Groups are easier told apart the more room there is between them; more than this and they fall apart. */
const MAX_SPREAD = 14;

/** The room that is left below goes between groups that stand over the full width. */
function spread(boxes: Boxes, height: number): Boxes {
  const more = boxes.length < 2 || boxes.some(({ x }) => x > 0) ? 0 : Math.floor((height - bottom(boxes)) / (boxes.length - 1));
  const each = Math.max(0, Math.min(MAX_SPREAD, more));
  return each === 0 ? boxes : boxes.map((box, index) => ({ ...box, y: box.y + index * each }));
}

export function layoutMap(groups: readonly MapGroup[], room: LayoutRoom): MapLayout {
  const chosen = choose(groups, { ...room, width: Math.max(1, room.width), height: Math.max(1, room.height) });
  const { pitch, header } = chosen;
  const boxes = spread(chosen.boxes, room.height);
  const boxOfRow = new Int32Array(room.rows).fill(-1);
  const placeOfRow = new Int32Array(room.rows).fill(-1);
  boxes.forEach((box, boxIndex) =>
    box.group.rows.forEach((row, place) => {
      boxOfRow[row] = boxIndex;
      placeOfRow[row] = place;
    }),
  );
  return { boxes, pitch, cell: pitch - gapFor(pitch, room.ratio), header, width: room.width, height: bottom(boxes), boxOfRow, placeOfRow };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Upper left corner of a row's cell; undefined for a row that is not on the map. */
export function cellAt(layout: MapLayout, row: number): Point | undefined {
  const box = layout.boxes[layout.boxOfRow[row] ?? -1];
  const place = layout.placeOfRow[row] ?? -1;
  if (box === undefined || place < 0) return undefined;
  return {
    x: box.x + (place % box.columns) * layout.pitch,
    y: box.y + layout.header + Math.floor(place / box.columns) * layout.pitch,
  };
}

/** The row under a point, by arithmetic. */
export function rowAt(layout: MapLayout, { x, y }: Point): number | undefined {
  const box = layout.boxes.find((one) => x >= one.x && x < one.x + one.width && y >= one.y + layout.header && y < one.y + one.height);
  if (box === undefined) return undefined;
  const column = Math.floor((x - box.x) / layout.pitch);
  if (column >= box.columns) return undefined;
  return box.group.rows[Math.floor((y - box.y - layout.header) / layout.pitch) * box.columns + column];
}

interface Span {
  readonly first: number;
  readonly last: number;
}

const spanOf = (from: number, to: number, pitch: number, last: number): Span => ({
  first: Math.max(0, Math.floor(Math.min(from, to) / pitch)),
  last: Math.min(last, Math.floor(Math.max(from, to) / pitch)),
});

function rowsOfBox(box: GroupBox, lines: Span, columns: Span): readonly number[] {
  const rows: number[] = [];
  for (let line = lines.first; line <= lines.last; line += 1) {
    rows.push(
      ...box.group.rows.subarray(
        line * box.columns + columns.first,
        Math.min((line + 1) * box.columns, line * box.columns + columns.last + 1),
      ),
    );
  }
  return rows;
}

/** The rows whose cells touch a rectangle: what a lasso catches. */
export function rowsIn(layout: MapLayout, from: Point, to: Point): readonly number[] {
  return layout.boxes.flatMap((box) => {
    const top = box.y + layout.header;
    const lastLine = Math.ceil(box.group.rows.length / box.columns) - 1;
    const lines = spanOf(from.y - top, to.y - top, layout.pitch, lastLine);
    const columns = spanOf(from.x - box.x, to.x - box.x, layout.pitch, box.columns - 1);
    return columns.first > columns.last ? [] : rowsOfBox(box, lines, columns);
  });
}

import { CELL_PAINTS, HATCHED, type CellPaint } from './cell-kinds.ts';
import { toScreen, type Camera } from './map-camera.ts';
import { cellAt, type MapLayout } from './map-layout.ts';

/** Colours of the theme, read once per theme from the custom properties. */
export interface MapPalette {
  readonly paper: string;
  readonly ink: string;
  readonly ring: string;
  readonly hatch: string;
  readonly hatchPaper: string;
  /** In the order of CELL_PAINTS. */
  readonly colours: readonly string[];
}

/** All that is drawn. `paints` holds a CELL_PAINTS code per row. */
export interface MapScene {
  readonly layout: MapLayout;
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly paints: Uint8Array;
  /** 1: matches the query. Undefined: everything does. */
  readonly matches: Uint8Array | undefined;
  readonly selected: ReadonlySet<number>;
  readonly names: readonly string[];
  /** The hub is away: everything is drawn as last known. */
  readonly old: boolean;
}

const DIMMED = 0.16;
const GLYPH_FROM = 20;
const NAME_FROM = 84;
const GLYPHS: Readonly<Partial<Record<CellPaint, string>>> = {
  degraded: '\u2715', failing: '!', missing: '\u2212', unjudged: '?', progressing: '\u203a', suspended: '=', 'last-known': '', never: '\u00b7',
}; // prettier-ignore

/** A diagonal hatch that continues from cell to cell. */
function hatchPattern(
  context: CanvasRenderingContext2D,
  ratio: number,
  colours: { readonly line: string; readonly paper: string },
): CanvasPattern | string {
  const size = Math.max(4, Math.round(4 * ratio));
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d');
  if (pen === null) return colours.line;
  pen.fillStyle = colours.paper;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = colours.line;
  pen.lineWidth = size * 0.36;
  pen.beginPath();
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset - 1, size + 1);
    pen.lineTo(offset + size + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? colours.line;
}

export type Brushes = readonly (string | CanvasPattern)[];

/** One brush per paint, then the same once more for when everything is old: hatched, in the colour it had. */
export function makeBrushes(context: CanvasRenderingContext2D, palette: MapPalette, ratio: number): Brushes {
  const hatched = (line: string): string | CanvasPattern => hatchPattern(context, ratio, { line, paper: palette.hatchPaper });
  const colourOf = (code: number): string => palette.colours[code] ?? palette.ink;
  const now = CELL_PAINTS.map((paint, code) => (HATCHED.has(paint) ? hatched(colourOf(code)) : colourOf(code)));
  const old = CELL_PAINTS.map((paint, code) => hatched(paint === 'healthy' || paint === 'empty' ? palette.hatch : colourOf(code)));
  return [...now, ...old];
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** In device pixels, whole ones, so that edges are sharp. Undefined outside of what is seen. */
function deviceCell(scene: MapScene, row: number): Cell | undefined {
  const corner = cellAt(scene.layout, row);
  if (corner === undefined) return undefined;
  const at = toScreen(scene.camera, corner);
  const side = Math.max(1, Math.round(scene.layout.cell * scene.camera.zoom * scene.ratio));
  if (at.x > scene.width || at.y > scene.height || at.x * scene.ratio + side < 0 || at.y * scene.ratio + side < 0) return undefined;
  return { x: Math.round(at.x * scene.ratio), y: Math.round(at.y * scene.ratio), side };
}

function drawRing(context: CanvasRenderingContext2D, scene: MapScene, palette: MapPalette, cell: Cell): void {
  const line = Math.max(1, Math.round(1.5 * scene.ratio));
  context.strokeStyle = palette.ring;
  context.lineWidth = line;
  context.strokeRect(cell.x + line / 2, cell.y + line / 2, cell.side - line, cell.side - line);
}

const isPale = (paint: CellPaint): boolean => HATCHED.has(paint) || paint === 'healthy' || paint === 'empty';

/** What a cell says when it is large enough: a glyph, then its name. */
function drawWords(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  palette: MapPalette,
  { row, cell }: { readonly row: number; readonly cell: Cell },
): void {
  const side = cell.side / scene.ratio;
  if (side < GLYPH_FROM) return;
  const paint = CELL_PAINTS[scene.paints[row] ?? 0] ?? 'empty';
  const glyph = GLYPHS[paint] ?? '';
  context.fillStyle = isPale(paint) ? palette.ink : palette.paper;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  if (glyph !== '') {
    context.font = `700 ${Math.round(Math.min(cell.side * 0.5, 28 * scene.ratio))}px sans-serif`;
    context.fillText(glyph, cell.x + cell.side / 2, cell.y + cell.side * (side >= NAME_FROM ? 0.38 : 0.54));
  }
  if (side < NAME_FROM) return;
  context.font = `${Math.round(12 * scene.ratio)}px sans-serif`;
  context.fillText(scene.names[row] ?? '', cell.x + cell.side / 2, cell.y + cell.side * 0.7, cell.side * 0.92);
}

/** Fills cells brush by brush: changing the brush is what costs, not the rectangle. */
function fill(context: CanvasRenderingContext2D, scene: MapScene, brushes: Brushes, rows: ArrayLike<number>): void {
  const buckets: number[][] = CELL_PAINTS.map(() => []);
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    buckets[scene.paints[row] ?? 0]?.push(row);
  }
  const offset = scene.old ? CELL_PAINTS.length : 0;
  buckets.forEach((bucket, code) => {
    if (bucket.length === 0) return;
    context.fillStyle = brushes[code + offset] ?? 'transparent';
    for (const row of bucket) {
      const cell = deviceCell(scene, row);
      if (cell === undefined) continue;
      context.globalAlpha = scene.matches === undefined || scene.matches[row] === 1 ? 1 : DIMMED;
      context.fillRect(cell.x, cell.y, cell.side, cell.side);
    }
  });
  context.globalAlpha = 1;
}

const hasDecoration = (scene: MapScene): boolean => scene.selected.size > 0 || scene.layout.cell * scene.camera.zoom >= GLYPH_FROM;

export interface PaintTools {
  readonly brushes: Brushes;
  readonly palette: MapPalette;
}

function drawRows(context: CanvasRenderingContext2D, scene: MapScene, { brushes, palette }: PaintTools, rows: ArrayLike<number>): void {
  fill(context, scene, brushes, rows);
  if (!hasDecoration(scene)) return;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    const cell = deviceCell(scene, row);
    if (cell === undefined) continue;
    if (scene.selected.has(row)) drawRing(context, scene, palette, cell);
    drawWords(context, scene, palette, { row, cell });
  }
}

/** The whole picture. */
export function paintAll(context: CanvasRenderingContext2D, scene: MapScene, tools: PaintTools): void {
  context.fillStyle = tools.palette.paper;
  context.fillRect(0, 0, Math.ceil(scene.width * scene.ratio), Math.ceil(scene.height * scene.ratio));
  for (const box of scene.layout.boxes) drawRows(context, scene, tools, box.group.rows);
}

/** Only the cells that changed; everything else stays as it is on the canvas. */
export function paintRows(context: CanvasRenderingContext2D, scene: MapScene, tools: PaintTools, rows: readonly number[]): void {
  context.fillStyle = tools.palette.paper;
  for (const row of rows) {
    const cell = deviceCell(scene, row);
    if (cell !== undefined) context.fillRect(cell.x, cell.y, cell.side, cell.side);
  }
  drawRows(context, scene, tools, rows);
}

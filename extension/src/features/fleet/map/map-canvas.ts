import type { ChangedRows } from '../../../stores/fleet-store.ts';
import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import { CELL_PAINTS, paintCode, type Colouring } from './cell-kinds.ts';
import { makeBrushes, paintAll, paintRows, type Brushes, type MapPalette, type MapScene, type PaintTools } from './map-painter.ts';

/** What the map is asked to show; the paints per row are worked out here. */
export interface MapModel extends Omit<MapScene, 'paints'> {
  readonly columns: FleetColumns;
  readonly colouring: Colouring;
}

/** The browser's animation frames. */
export interface Frames {
  readonly next: (run: () => void) => number;
  readonly cancel: (frame: number) => void;
}

/**
 * The canvas and what is on it. A new model repaints everything once, in the next animation frame; a change of the fleet repaints the
 * cells that changed, in the frame in which the store tells of it. React never sees either.
 */
export class MapCanvas {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly frames: Frames;
  private model: MapModel | undefined;
  private paints = new Uint8Array(0);
  private paintOfKind: readonly number[] = [];
  private palette: MapPalette | undefined;
  private brushes: Brushes | undefined;
  private brushRatio = 0;
  private frame: number | undefined;

  constructor(canvas: HTMLCanvasElement, frames: Frames) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.frames = frames;
  }

  show(model: MapModel): void {
    this.model = model;
    this.repaintSoon();
  }

  setPalette(palette: MapPalette): void {
    this.palette = palette;
    this.brushes = undefined;
    this.repaintSoon();
  }

  onFrame({ all, rows }: ChangedRows): void {
    const { model, context } = this;
    if (all) return this.repaintSoon();
    if (model === undefined || context === null || this.frame !== undefined || this.paints.length !== model.columns.count) return;
    const changed = rows.filter((row) => this.recolourRow(row));
    const tools = this.tools();
    if (tools !== undefined && changed.length > 0) paintRows(context, { ...model, paints: this.paints }, tools, changed);
  }

  close(): void {
    if (this.frame !== undefined) this.frames.cancel(this.frame);
  }

  /** True where the row is painted otherwise than before. */
  private recolourRow(row: number): boolean {
    const code = this.paintOf(row);
    if (this.paints[row] === code) return false;
    this.paints[row] = code;
    return true;
  }

  private paintOf(row: number): number {
    return this.model === undefined ? 0 : (this.paintOfKind[this.model.colouring.kindOf(this.model.columns, row)] ?? 0);
  }

  private recolour({ columns, colouring }: MapModel): void {
    if (this.paints.length !== columns.count) this.paints = new Uint8Array(columns.count);
    this.paintOfKind = colouring.kinds.map(({ paint }) => paintCode(paint));
    for (let row = 0; row < this.paints.length; row += 1) this.paints[row] = this.paintOf(row);
  }

  private fit({ width, height, ratio }: MapModel): void {
    const wide = Math.ceil(width * ratio);
    const high = Math.ceil(height * ratio);
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
  }

  private tools(): PaintTools | undefined {
    const { context, palette, model } = this;
    if (context === null || palette === undefined || model === undefined) return undefined;
    if (this.brushes === undefined || this.brushRatio !== model.ratio) this.brushes = makeBrushes(context, palette, model.ratio);
    this.brushRatio = model.ratio;
    return { brushes: this.brushes, palette };
  }

  private repaintSoon(): void {
    this.frame ??= this.frames.next(() => this.repaint());
  }

  private repaint(): void {
    this.frame = undefined;
    const { model, context } = this;
    if (model === undefined || context === null) return;
    this.fit(model);
    this.recolour(model);
    const tools = this.tools();
    if (tools !== undefined) paintAll(context, { ...model, paints: this.paints }, tools);
  }
}

/** The theme's colours as they are now on an element. */
export function readPalette(element: HTMLElement): MapPalette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(`--ef-${name}`).trim() || 'gray';
  return {
    paper: read('card'),
    ink: read('text'),
    ring: read('focus'),
    hatch: read('cell-last-known'),
    hatchPaper: read('hatch-paper'),
    colours: CELL_PAINTS.map((paint) => read(`cell-${paint}`)),
  };
}

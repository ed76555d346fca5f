import type { ChangedRows } from '../../../stores/fleet-store.ts';
import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import { CELL_PAINTS, paintCode, type Colouring } from './cell-kinds.ts';
import { makeBrushes, paintAll, paintRows, type Brushes, type MapPalette, type MapScene, type PaintTools } from './map-painter.ts';

/** What the map is asked to show; the paints per row are worked out here. */
export interface MapModel {
  /** The same object while nothing but colours changes. */
  readonly scene: Omit<MapScene, 'paints'>;
  readonly columns: FleetColumns;
  readonly colouring: Colouring;
}

/** The browser's animation frames. */
export interface Frames {
  readonly next: (run: () => void) => number;
  readonly cancel: (frame: number) => void;
}

/**
 * The canvas and what is on it. A new model is painted once, in the next animation frame: everything, or where only the colouring is new the
 * cells that come out otherwise, since most edges are well whatever is coloured by. A change of the fleet repaints the cells that changed, in
 * the frame in which the store tells of it. React never sees either.
 */
export class MapCanvas {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly frames: Frames;
  private model: MapModel | undefined;
  private paints: Uint8Array = new Uint8Array(0);
  private paintOfKind: readonly number[] = [];
  private palette: MapPalette | undefined;
  private brushes: Brushes | undefined;
  private brushRatio = 0;
  private frame: number | undefined;
  /** What the canvas shows, but for the colours. */
  private shown: { readonly scene: MapModel['scene']; readonly brushes: Brushes } | undefined;

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
    if (all) this.shown = undefined;
    if (all) return this.repaintSoon();
    if (model === undefined || context === null || this.frame !== undefined || this.paints.length !== model.columns.count) return;
    const changed = rows.filter((row) => this.recolourRow(row));
    const tools = this.tools();
    if (tools !== undefined && changed.length > 0) paintRows(context, { ...model.scene, paints: this.paints }, tools, changed);
  }

  close(): void {
    if (this.frame !== undefined) this.frames.cancel(this.frame);
  }

  /** Rows that come out otherwise, where nothing but their colours is other than what the canvas shows; undefined: everything does. */
  private changedRows(before: Uint8Array, { scene }: MapModel): readonly number[] | undefined {
    const { shown, paints, brushes } = this;
    if (shown?.scene !== scene || shown.brushes !== brushes || before.length !== paints.length) return undefined;
    const rows: number[] = [];
    paints.forEach((paint, row) => paint !== before[row] && rows.push(row));
    return rows.length > paints.length / 2 ? undefined : rows;
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

  private recoloured({ columns, colouring }: MapModel): Uint8Array {
    const paints = new Uint8Array(columns.count);
    this.paintOfKind = colouring.kinds.map(({ paint }) => paintCode(paint));
    for (let row = 0; row < paints.length; row += 1) paints[row] = this.paintOf(row);
    return paints;
  }

  private fit({ width, height, ratio }: MapModel['scene']): void {
    const wide = Math.ceil(width * ratio);
    const high = Math.ceil(height * ratio);
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
  }

  private tools(): PaintTools | undefined {
    const { context, palette, model } = this;
    if (context === null || palette === undefined || model === undefined) return undefined;
    const { ratio } = model.scene;
    if (this.brushes === undefined || this.brushRatio !== ratio) this.brushes = makeBrushes(context, palette, ratio);
    this.brushRatio = ratio;
    return { brushes: this.brushes, palette };
  }

  private repaintSoon(): void {
    this.frame ??= this.frames.next(() => this.repaint());
  }

  private repaint(): void {
    this.frame = undefined;
    const { model, context } = this;
    if (model === undefined || context === null) return;
    this.fit(model.scene);
    const before = this.paints;
    this.paints = this.recoloured(model);
    const tools = this.tools();
    if (tools === undefined) return;
    const rows = this.changedRows(before, model);
    const scene = { ...model.scene, paints: this.paints };
    if (rows === undefined) paintAll(context, scene, tools);
    else paintRows(context, scene, tools, rows);
    this.shown = { scene: model.scene, brushes: tools.brushes };
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

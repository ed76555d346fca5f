import type { ChangedRows } from '../../../stores/fleet-store.ts';
import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import { CELL_PAINTS, paintCode, type Colouring } from './cell-kinds.ts';
import { makeBrushes, paintAll, paintRows, type Brushes, type MapPalette, type MapScene } from './map-painter.ts';

/** What the map is asked to show; the paints per row are worked out here. */
export interface MapModel extends Omit<MapScene, 'paints'> {
  readonly columns: FleetColumns;
  readonly colouring: Colouring;
}

/**
 * The canvas and what is on it. A new model repaints everything once, in the next animation frame; a change of the fleet repaints the
 * cells that changed, in the frame in which the store tells of it. React never sees either.
 */
export interface MapCanvas {
  show(model: MapModel): void;
  setPalette(palette: MapPalette): void;
  onFrame(changed: ChangedRows): void;
  close(): void;
}

export function createMapCanvas(
  canvas: HTMLCanvasElement,
  onNextFrame: (run: () => void) => number,
  cancelFrame: (frame: number) => void,
): MapCanvas {
  const context = canvas.getContext('2d', { alpha: false });
  let model: MapModel | undefined;
  let paints = new Uint8Array(0);
  let paintOfKind: readonly number[] = [];
  let palette: MapPalette | undefined;
  let brushes: Brushes | undefined;
  let brushRatio = 0;
  let frame: number | undefined;

  const paintOf = (row: number): number => (model === undefined ? 0 : (paintOfKind[model.colouring.kindOf(model.columns, row)] ?? 0));
  const recolour = (): void => {
    if (model === undefined) return;
    if (paints.length !== model.columns.count) paints = new Uint8Array(model.columns.count);
    paintOfKind = model.colouring.kinds.map(({ paint }) => paintCode(paint));
    for (let row = 0; row < paints.length; row += 1) paints[row] = paintOf(row);
  };
  const fit = ({ width, height, ratio }: MapModel): void => {
    const wide = Math.ceil(width * ratio);
    const high = Math.ceil(height * ratio);
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
  };
  const tools = (): { readonly brushes: Brushes; readonly palette: MapPalette } | undefined => {
    if (context === null || palette === undefined || model === undefined) return undefined;
    if (brushes === undefined || brushRatio !== model.ratio) brushes = makeBrushes(context, palette, model.ratio);
    brushRatio = model.ratio;
    return { brushes, palette };
  };
  const repaint = (): void => {
    frame = undefined;
    if (model === undefined || context === null) return;
    fit(model);
    recolour();
    const ready = tools();
    if (ready !== undefined) paintAll(context, { ...model, paints }, ready);
  };
  const repaintSoon = (): void => {
    frame ??= onNextFrame(repaint);
  };
  return {
    show(next) {
      model = next;
      repaintSoon();
    },
    setPalette(next) {
      palette = next;
      brushes = undefined;
      repaintSoon();
    },
    onFrame({ all, rows }) {
      if (all) return repaintSoon();
      if (model === undefined || context === null || frame !== undefined || paints.length !== model.columns.count) return undefined;
      const changed = rows.filter((row) => {
        const code = paintOf(row);
        if (paints[row] === code) return false;
        paints[row] = code;
        return true;
      });
      const ready = tools();
      if (ready !== undefined && changed.length > 0) paintRows(context, { ...model, paints }, ready, changed);
      return undefined;
    },
    close() {
      if (frame !== undefined) cancelFrame(frame);
    },
  };
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

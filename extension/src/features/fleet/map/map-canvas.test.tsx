import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anEdgeRow, overviewOf } from '../../../../../test/fakes/fleet-answers.ts';
import { toColumns } from '../../../stores/fleet-columns.ts';
import { CELL_PAINTS, colouringOf } from './cell-kinds.ts';
import { WHOLE } from './map-camera.ts';
import { MapCanvas, type MapModel } from './map-canvas.ts';
import { groupRows } from './map-groups.ts';
import { layoutMap } from './map-layout.ts';
import type { MapPalette } from './map-painter.ts';

const COUNT = 60;
const COLOURS = ['health', 'sync', 'connection', 'contact'] as const;
const PALETTE: MapPalette = {
  paper: 'paper', ink: 'ink', ring: 'ring', hatch: 'hatch', hatchPaper: 'hatch-paper', colours: CELL_PAINTS.map((paint) => `cell-${paint}`),
}; // prettier-ignore

/** Remembers what stands at the corner of each rectangle; a canvas that is resized is empty. */
function fakeCanvas() {
  const filled = new Map<string, string>();
  const rings = new Set<string>();
  const pen = { fillStyle: '', globalAlpha: 1, calls: 0 };
  const context = Object.assign(pen, {
    createPattern: () => null,
    fillRect(x: number, y: number, width: number, height: number) {
      pen.calls += 1;
      if (x === 0 && y === 0 && width * height > 10_000) filled.clear();
      filled.set(`${x},${y}`, `${pen.fillStyle} ${pen.globalAlpha}`);
      rings.delete(`${x},${y}`);
    },
    strokeRect: (x: number, y: number) => void rings.add(`${Math.floor(x - 1)},${Math.floor(y - 1)}`),
    fillText: () => undefined,
  });
  const canvas = { width: 0, height: 0, getContext: () => context } as unknown as HTMLCanvasElement;
  return { canvas, pen, picture: () => ({ filled: new Map(filled), rings: new Set(rings) }) };
}

/** Frames that are drawn by hand. */
function stepped() {
  let waiting: (() => void) | undefined;
  const next = (run: () => void): number => ((waiting = run), 1);
  const draw = (): void => {
    const run = waiting;
    waiting = undefined;
    run?.();
  };
  return { frames: { next, cancel: () => (waiting = undefined) }, draw };
}

const columnsOf = (seed: number) =>
  toColumns(overviewOf(Array.from({ length: COUNT }, (_unused, row) => anEdgeRow(row * 7 + seed))).status);
const layout = layoutMap(groupRows({ count: COUNT, column: undefined, compare: () => 0 }), {
  width: 400,
  height: 300,
  rows: COUNT,
  ratio: 2,
});
const sceneOf = (dimmed: boolean, selected: boolean, old: boolean): MapModel['scene'] => ({
  layout, camera: WHOLE, width: 400, height: 300, ratio: 2,
  matches: dimmed ? Uint8Array.from({ length: COUNT }, (_unused, row) => row % 2) : undefined,
  selected: new Set(selected ? [3, 17] : []), names: [], old,
}); // prettier-ignore
const SCENES = [sceneOf(false, false, false), sceneOf(true, false, false), sceneOf(false, true, false), sceneOf(true, true, true)];

function paintedAnew(model: MapModel) {
  const { canvas, picture } = fakeCanvas();
  const { frames, draw } = stepped();
  const painter = new MapCanvas(canvas, frames);
  painter.setPalette(PALETTE);
  painter.show(model);
  draw();
  return picture();
}

beforeAll(() => {
  HTMLCanvasElement.prototype.getContext = () => null; // there are no patterns here: hatches are their line's colour
});

describe('the canvas', () => {
  const aStep = fc.oneof(
    fc.constantFrom(...COLOURS).map((colour) => ({ colour })),
    fc.constantFrom(...SCENES).map((scene) => ({ scene })),
    fc.array(fc.nat(COUNT - 1), { maxLength: 5 }).map((rows) => ({ rows })),
    fc.constant({ overview: true }),
  );

  test('shows after any number of changes what it would show if it were painted anew', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 15 }), (steps) => {
        const { canvas, picture } = fakeCanvas();
        const { frames, draw } = stepped();
        const painter = new MapCanvas(canvas, frames);
        let model: MapModel = { scene: SCENES[0]!, columns: columnsOf(0), colouring: colouringOf('health') };
        painter.setPalette(PALETTE);
        painter.show(model);
        for (const [nth, step] of steps.entries()) {
          draw();
          if ('colour' in step) model = { ...model, colouring: colouringOf(step.colour) };
          else if ('scene' in step) model = { ...model, scene: step.scene };
          else if ('overview' in step) model = { ...model, columns: columnsOf(nth + 1) };
          else for (const row of step.rows) model.columns.state[row] = (model.columns.state[row]! + 5) % 13;
          if ('rows' in step) painter.onFrame({ all: false, rows: step.rows });
          else painter.show(model);
        }
        draw();
        expect(picture()).toEqual(paintedAnew(model));
      }),
    );
  });

  test('paints no cell again that looks the same in another colouring', () => {
    const { canvas, pen } = fakeCanvas();
    const { frames, draw } = stepped();
    const painter = new MapCanvas(canvas, frames);
    const columns = columnsOf(0);
    painter.setPalette(PALETTE);
    painter.show({ scene: SCENES[0]!, columns, colouring: colouringOf('health') });
    draw();
    pen.calls = 0;
    painter.show({ scene: SCENES[0]!, columns, colouring: colouringOf('health') });
    draw();
    expect(pen.calls).toBe(0);
    painter.onFrame({ all: true, rows: [] });
    draw();
    expect(pen.calls).toBeGreaterThan(COUNT);
  });
});

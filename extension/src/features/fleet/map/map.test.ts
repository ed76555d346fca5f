import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { CONNECTIONS, EDGE_STATES, isNotHeard } from '../../../../../proxy-server/src/domain/edge-state.ts';
import { anEdgeRow, membersOf, overviewOf } from '../../../../../test/fakes/fleet-answers.ts';
import { toColumns, toValueColumn } from '../../../stores/fleet-columns.ts';
import { colouringOf, versions } from './cell-kinds.ts';
import { clampCamera, maxZoom, reveal, toMap, toScreen, WHOLE, zoomAt } from './map-camera.ts';
import { groupLine, groupRows } from './map-groups.ts';
import { moveCursor, rowOfCursor, type MapCursor } from './map-keys.ts';
import { cellAt, layoutMap, rowAt, rowsIn } from './map-layout.ts';
import { kindWord, legendLines, termOf } from './map-legend.ts';
import { rowSentence, rowWords } from './row-words.ts';

const compare = new Intl.Collator('en', { numeric: true }).compare;
const ROWS = Array.from({ length: 400 }, (_unused, row) => anEdgeRow(row));
const MEMBERS = membersOf(ROWS);
const COLUMNS = toColumns(overviewOf(ROWS).status);
const REGION = toValueColumn(MEMBERS.labels['region']!);
const ROOM = { width: 740, height: 560, rows: 400, ratio: 1 };
const layoutOf = (sizes: readonly number[], room = { width: 740, height: 560, ratio: 1 }) => {
  let from = 0;
  const groups = sizes.map((size, key) => {
    const rows = Uint32Array.from({ length: size }, () => from++);
    return { key: String(key), rows };
  });
  return layoutMap(groups, { ...room, rows: from });
};

describe('groups', () => {
  test('by name, without a value last, rows in the order of the fleet', () => {
    const column = { values: ['west', '', 'area-10', 'area-9'], codes: Uint16Array.from([0, 1, 2, 3, 0]) };
    const groups = groupRows({ count: 5, column, compare });
    expect(groups.map(({ key, rows }) => [key, [...rows]])).toEqual([['area-9', [3]], ['area-10', [2]], ['west', [0, 4]], ['', [1]]]); // prettier-ignore
  });

  test('positions do not depend on state', () => {
    const before = groupRows({ count: 400, column: REGION, compare }).map(({ rows }) => [...rows]);
    const line = groupLine({ key: '', rows: Uint32Array.from({ length: 400 }, (_unused, row) => row) }, COLUMNS);
    expect(groupRows({ count: 400, column: REGION, compare }).map(({ rows }) => [...rows])).toEqual(before);
    expect(line.edges).toBe(400);
    expect(line.notHeard).toBe(ROWS.filter(({ state }) => isNotHeard(state)).length);
  });
});

describe('the layout', () => {
  test.each([
    ['one edge', [1]],
    ['600 edges in 7 groups', [240, 120, 90, 60, 50, 30, 10]],
    ['10,000 edges in 7 groups', [3102, 2840, 2511, 1204, 230, 61, 52]],
    ['10,000 edges in 400 groups', Array.from({ length: 400 }, () => 25)],
    ['50,000 edges in 1,000 groups', Array.from({ length: 1000 }, () => 50)],
  ])('%s fits without scrolling', (_what, sizes) => {
    const layout = layoutOf(sizes);
    expect(layout.height).toBeLessThanOrEqual(560);
    expect(layout.cell).toBeGreaterThan(0);
  });

  test('cells stand on whole device pixels', () => {
    for (const ratio of [1, 1.25, 2]) {
      const { pitch } = layoutOf([3102, 2840, 2511, 1204], { width: 740, height: 560, ratio });
      expect(Math.abs(pitch * ratio - Math.round(pitch * ratio))).toBeLessThan(1e-9);
    }
  });

  test('the middle of every cell is hit as that cell, in any room', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 60, max: 1600 }), fc.integer({ min: 60, max: 900 }), (sizes, width, height) => {
        const layout = layoutOf(sizes, { width, height, ratio: 1 });
        const count = sizes.reduce((sum, size) => sum + size, 0);
        for (let row = 0; row < count; row += 7) {
          const corner = cellAt(layout, row)!;
          expect(rowAt(layout, { x: corner.x + layout.pitch / 2, y: corner.y + layout.pitch / 2 })).toBe(row);
        }
      }),
      { numRuns: 60 },
    ); // prettier-ignore
  });

  test('a heading, the room beside a short line and beyond the map hit nothing', () => {
    const layout = layoutOf([3, 5]);
    expect(rowAt(layout, { x: 5, y: 5 })).toBeUndefined();
    expect(rowAt(layout, { x: 700, y: layout.header + 2 })).toBeUndefined();
    expect(rowAt(layout, { x: -5, y: -5 })).toBeUndefined();
  });

  test('a lasso over everything catches everything once, over a cell that cell', () => {
    const layout = layoutOf([120, 77]);
    const all = rowsIn(layout, { x: 740, y: 560 }, { x: 0, y: 0 });
    expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: 197 }, (_unused, row) => row));
    const corner = cellAt(layout, 130)!;
    expect(rowsIn(layout, { x: corner.x + 1, y: corner.y + 1 }, { x: corner.x + 2, y: corner.y + 2 })).toEqual([130]);
  });
});

describe('the camera', () => {
  const layout = layoutOf([3102, 2840, 2511, 1204]);
  const room = { width: 740, height: 560 };

  test('what is under the pointer stays under it', () => {
    fc.assert(
      fc.property(fc.nat(739), fc.nat(559), fc.double({ min: 1.01, max: 8, noNaN: true }), (x, y, factor) => {
        const before = toMap(WHOLE, { x, y });
        const after = toMap(zoomAt(WHOLE, { x, y }, factor, layout), { x, y });
        expect(after.x).toBeCloseTo(before.x, 6);
        expect(after.y).toBeCloseTo(before.y, 6);
      }),
    );
  });

  test('goes from all to one and no further, and keeps the map in sight', () => {
    const far = clampCamera({ zoom: 1e9, x: 1e9, y: -5 }, layout, room);
    expect(far.zoom).toBe(maxZoom(layout));
    expect(layout.pitch * far.zoom).toBeGreaterThan(200);
    expect(far.x).toBeLessThanOrEqual(layout.width * far.zoom - room.width);
    expect(far.y).toBe(0);
    expect(clampCamera({ zoom: 0.1, x: 50, y: 50 }, layout, room)).toEqual(WHOLE);
  });

  test('reveals a cell that is out of sight, and leaves one in sight alone', () => {
    const zoomed = clampCamera({ zoom: 8, x: 0, y: 0 }, layout, room);
    const cell = cellAt(layout, 5000)!;
    const moved = reveal(zoomed, cell, layout.pitch, room);
    const at = toScreen(moved, cell);
    expect(at.x).toBeGreaterThanOrEqual(0);
    expect(at.y + layout.pitch * moved.zoom).toBeLessThanOrEqual(room.height + 0.001);
    expect(reveal(moved, cell, layout.pitch, room)).toEqual(moved);
  });
});

describe('the keyboard', () => {
  const layout = layoutOf([100, 30, 75], { width: 340, height: 560, ratio: 1 });
  const press = (from: MapCursor, ...keys: readonly string[]): MapCursor =>
    keys.reduce((cursor, key) => moveCursor(layout, cursor, key) ?? cursor, from);
  const columns = layout.boxes[0]!.columns;

  test('between groups, into one, along its line and out again', () => {
    expect(press({ box: 0 }, 'ArrowDown')).toEqual({ box: 1 });
    expect(press({ box: 0 }, 'End')).toEqual({ box: 2 });
    expect(press({ box: 1 }, 'Enter', 'ArrowRight')).toEqual({ box: 1, place: 1 });
    expect(press({ box: 1, place: 3 }, 'Escape')).toEqual({ box: 1 });
    expect(press({ box: 1, place: 0 }, 'ArrowLeft')).toEqual({ box: 1 });
    expect(press({ box: 0, place: 1 }, 'End', 'Home')).toEqual({ box: 0, place: 0 });
  });

  test('down leaves the last line for the next group at the same column, up comes back', () => {
    const last = Math.floor(99 / columns) * columns;
    expect(press({ box: 0, place: last }, 'ArrowDown')).toEqual({ box: 1, place: 0 });
    expect(press({ box: 1, place: 0 }, 'ArrowUp')).toEqual({ box: 0, place: last });
  });

  test('no sequence of keys leaves the map, and every edge is reached by arrows alone', () => {
    const keys = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter', 'Escape', 'PageUp', 'PageDown'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 60 }), (pressed) => {
        const at = press({ box: 0 }, ...pressed);
        expect(layout.boxes[at.box]).toBeDefined();
        if (at.place !== undefined) expect(rowOfCursor(layout, at)).toBeDefined();
      }),
    );
    const reached = new Set<number | undefined>();
    let at: MapCursor = { box: 0, place: 0 };
    for (const box of [0, 1, 2]) {
      at = { box, place: 0 };
      for (let step = 0; step < 100; step += 1) {
        reached.add(rowOfCursor(layout, at));
        at = press(at, 'ArrowRight');
      }
    }
    expect(reached.size).toBe(205);
  });

  test('other keys do not move it', () => {
    expect(moveCursor(layout, { box: 0 }, 'q')).toBeUndefined();
    expect(moveCursor(layout, { box: 0, place: 0 }, 'Enter')).toBeUndefined();
  });
});

describe('colours', () => {
  const colourings = ['health', 'sync', 'connection', 'contact'].map((name) => colouringOf(name));

  test('every row has a kind in every colouring', () => {
    for (const colouring of colourings) {
      for (let row = 0; row < COLUMNS.count; row += 1) expect(colouring.kinds[colouring.kindOf(COLUMNS, row)]).toBeDefined();
    }
  });

  test('an edge that is not heard is never painted as healthy, whatever is coloured by', () => {
    const byVersion = versions('version:pos', { values: ['4.12.0'], codes: new Uint16Array(400) }, compare);
    for (const colouring of [...colourings, byVersion]) {
      ROWS.forEach(({ state, connection }, row) => {
        if (!isNotHeard(state) || connection === CONNECTIONS[0]) return;
        if (colouring === colourings[3] && COLUMNS.readAge[row]! <= 1) return; // heard within minutes, and that is what this one shows
        expect(colouring.kinds[colouring.kindOf(COLUMNS, row)]?.paint).not.toBe('healthy');
      });
    }
  });

  test('versions: the newest is quiet, older ones stronger, absent ones empty', () => {
    const column = {
      values: ['', '4.9.0', '4.10.1', '4.12.0', '4.11.2', '4.8.0', '4.7.0'],
      codes: Uint16Array.from([0, 1, 2, 3, 4, 5, 6]),
    };
    const columns = { ...COLUMNS, state: new Uint8Array(7).fill(EDGE_STATES.indexOf('Healthy')), count: 7 };
    const colouring = versions('version:pos', column, compare);
    const paints = Array.from({ length: 7 }, (_unused, row) => colouring.kinds[colouring.kindOf(columns, row)]?.paint);
    expect(paints).toEqual(['empty', 'step-3', 'step-2', 'healthy', 'step-1', 'step-4', 'step-5']);
  });

  test('the legend counts add up to the fleet, and each line has a word and a query', () => {
    for (const colouring of colourings) {
      const lines = legendLines(colouring, COLUMNS, '');
      expect(lines.reduce((sum, { count }) => sum + count, 0)).toBe(400);
      for (const { kind, newest } of lines) expect(kindWord(kind, newest)).not.toBe('');
    }
    expect(termOf(colouringOf('contact').kinds[3]!)).toBe('read-age>1h');
    expect(legendLines(colourings[0]!, COLUMNS, 'state:degraded').find(({ kind }) => kind.word === 'Degraded')?.on).toBe(true);
  });
});

describe('the words of a cell', () => {
  test('say who, how, and how old', () => {
    const gone = ROWS.findIndex(({ state }) => state === 'OutOfReach');
    expect(rowSentence(rowWords(MEMBERS, COLUMNS, gone))).toMatch(/, Out of reach, was healthy, was synced, last heard: within 5 minutes$/);
  });

  test('an edge that is not heard is never said to be healthy now', () => {
    ROWS.forEach(({ state }, row) => {
      const { lines } = rowWords(MEMBERS, COLUMNS, row);
      if (isNotHeard(state)) expect(lines).not.toContain('Healthy');
      expect(lines.at(-1)).toMatch(/^last heard: /);
    });
  });

  test('a never reached edge has no past', () => {
    const never = ROWS.findIndex(({ state }) => state === 'NeverReached');
    expect(rowWords(MEMBERS, COLUMNS, never).lines).toEqual(['Never reached', 'last heard: never heard']);
  });
});

test('the room of the pictures holds 400 edges at a size that can be pressed', () => {
  const groups = groupRows({ count: 400, column: REGION, compare });
  expect(layoutMap(groups, ROOM).pitch).toBeGreaterThanOrEqual(24);
});

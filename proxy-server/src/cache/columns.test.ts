import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anApplication, anyApplication } from '../../../test/application-builder.ts';
import type { Application } from '../domain/application.ts';
import { ApplicationColumns } from './application-columns.ts';
import { toRecord } from '../domain/application-record.ts';
import { toApplication } from './application-record.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { StringTable } from './string-table.ts';
import { VersionTally } from './version-tally.ts';

const sorted = (labels: Readonly<Record<string, string>>): unknown =>
  Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));

test('an Application comes out of its row as it went in', () => {
  fc.assert(
    fc.property(anyApplication, (application) => {
      const columns = new ApplicationColumns();
      const row = columns.add(3, application);
      columns.write(row, toRecord(application));
      const back = toApplication(columns.read(row));
      expect({ ...back, labels: sorted(back.labels) }).toEqual({ ...application, labels: sorted(application.labels) });
      expect(columns.holds(row, toRecord(application))).toBe(true);
    }),
  );
});

test('a row holds an Application as long as nothing differs that would be shown; the order of labels is nothing', () => {
  const shown = (application: Application): string => JSON.stringify(toApplication(toRecord(application)));
  fc.assert(
    fc.property(anyApplication, anyApplication, (kept, told) => {
      const columns = new ApplicationColumns();
      const row = columns.add(0, kept);
      columns.write(row, toRecord(kept));
      expect(columns.holds(row, toRecord({ ...kept, labels: Object.fromEntries(Object.entries(kept.labels).reverse()) }))).toBe(true);
      expect(columns.holds(row, toRecord({ ...kept, ...told, namespace: kept.namespace, name: kept.name }))).toBe(
        shown(kept) === shown({ ...kept, ...told, namespace: kept.namespace, name: kept.name }),
      );
    }),
  );
});

test.each<Partial<Application>>([
  { health: 'Missing' },
  { sync: 'Unknown' },
  { autoSync: true },
  { healthSince: 9_000 },
  { images: ['x'] },
  { uid: 'other' },
  { project: 'p' },
])('%j makes the difference', (over) => {
  const columns = new ApplicationColumns();
  const row = columns.add(0, anApplication());
  columns.write(row, toRecord(anApplication()));
  expect(columns.holds(row, toRecord(anApplication(over)))).toBe(false);
});

test('rows of any number of edges are found, dropped and used again like entries of a map', () => {
  const move = fc.record({
    edge: fc.nat(4),
    namespace: fc.constantFrom('a', 'b'),
    name: fc.nat(30).map((n) => `app-${n}`),
    drop: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 400 }), (moves) => {
      const columns = new ApplicationColumns();
      const model = new Map<string, string>();
      for (const { edge, namespace, name, drop } of moves) {
        const key = { namespace, name };
        const row = columns.find(edge, key);
        expect(row >= 0).toBe(model.has(`${edge} ${namespace}/${name}`));
        if (drop && row >= 0) columns.drop(row);
        else if (!drop) columns.write(row < 0 ? columns.add(edge, key) : row, toRecord(anApplication({ ...key, project: `p-${edge}` })));
        if (drop) model.delete(`${edge} ${namespace}/${name}`);
        else model.set(`${edge} ${namespace}/${name}`, `p-${edge}`);
      }
      const found = new Map<string, string>();
      for (let edge = 0; edge <= 4; edge += 1) {
        for (const row of columns.rowsOf(edge))
          found.set(`${edge} ${columns.text('namespace', row)}/${columns.text('name', row)}`, columns.text('project', row));
      }
      expect(new Map([...found].sort())).toEqual(new Map([...model].sort()));
      expect(columns.size).toBe(model.size);
      expect(columns.limit).toBeLessThanOrEqual(Math.max(1, moves.length));
    }),
  );
});

describe('a table of texts', () => {
  test('keeps each text once, and only while it is used', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('', 'a', 'b', 'c', 'd'), fc.boolean()), { maxLength: 200 }), (moves) => {
        const table = new StringTable();
        const uses = new Map<string, number>();
        for (const [text, isUse] of moves) {
          const used = uses.get(text) ?? 0;
          if (isUse) {
            expect(table.text(table.use(text))).toBe(text);
            uses.set(text, used + 1);
          } else if (used > 0) {
            table.release(table.idOf(text)!);
            uses.set(text, used - 1);
          }
        }
        const alive = [...uses].filter(([text, used]) => used > 0 && text !== '').map(([text]) => text);
        expect(table.size).toBe(alive.length);
        for (const text of alive) expect(table.text(table.idOf(text)!)).toBe(text);
        expect(table.limit).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('a tally of versions', () => {
  const running = (...versions: readonly string[]): string => JSON.stringify([['pos', versions]]);
  test('counts edges behind the newest that runs, and again when the newest leaves', () => {
    const tally = new VersionTally();
    for (let edge = 0; edge < 3; edge += 1) tally.add(running('4.10'), 1);
    tally.add(running('4.9', '4.11'), 1);
    tally.add(running('unknown', 'main'), 1);
    tally.add('', 1);
    expect([tally.behind(), tally.newest().get('pos')]).toEqual([4, '4.11']);
    tally.add(running('4.9', '4.11'), -1);
    expect([tally.behind(), tally.newest().get('pos')]).toEqual([0, '4.10']);
  });
});

test('bytes come back from base64; what is none is nothing', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expect(fromBase64(toBase64(bytes))).toEqual(bytes)));
  expect([fromBase64('%%%%'), fromBase64('abc')]).toEqual([undefined, undefined]);
});

import { expect, test } from '@jest/globals';
import { anApplication } from '../../../test/application-builder.ts';
import { toRecord } from './application-record.ts';
import {
  createKnownApplicationsWriter,
  knownApplicationAt,
  toKnownRow,
  type KnownApplication,
  type KnownApplications,
} from './known-applications.ts';

const known = (edge: string, name: string, over: Partial<KnownApplication> = {}): KnownApplication => ({
  edge,
  record: toRecord(anApplication({ name, uid: `uid-${name}`, autoSync: name === 'pos', healthSince: 7_000 })),
  ...over,
});

const inParts = (rows: readonly KnownApplication[], limit: number): readonly KnownApplications[] => {
  const writer = createKnownApplicationsWriter(limit);
  const parts: KnownApplications[] = [];
  for (const row of rows) {
    writer.add(toKnownRow(row));
    if (writer.rows === limit) parts.push(writer.take());
  }
  return [...parts, writer.take()];
};

test.each([1, 2, 3, 100])('what is written in parts of %i is read as it was', (limit) => {
  const rows = [
    known('store-1', 'pos', { observedAt: 5, edgeClockAtReading: 9 }),
    known('store-1', 'kds'),
    known('store-2', 'pos', { observedAt: 0 }),
    known('', 'kds', { edgeClockAtReading: 1.5 }),
  ];
  const texts: string[] = [];
  const read = inParts(rows, limit).flatMap((part) => {
    texts.push(...part.texts);
    return part.uids.map((_uid, row) => knownApplicationAt(part, row, texts));
  });
  expect(read).toEqual(rows);
});

test('a text is named once for all parts', () => {
  const parts = inParts([known('store-1', 'pos'), known('store-1', 'pos'), known('store-2', 'pos')], 1);
  expect(parts.map((part) => part.texts).slice(1)).toEqual([[], ['store-2'], []]);
});

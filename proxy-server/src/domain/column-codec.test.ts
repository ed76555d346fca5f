import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeAt, decodeColumn, encodeColumn, MAX_COLUMN_VALUES } from './column-codec.ts';

const codes = fc.array(fc.oneof(fc.nat(100), fc.nat(MAX_COLUMN_VALUES - 1)), { maxLength: 300 });

test('a column is read back as it was, through JSON and UTF-8, one character for each row', () => {
  fc.assert(
    fc.property(codes, (list) => {
      const column = encodeColumn(list);
      expect(column).toHaveLength(list.length);
      const travelled: string = JSON.parse(Buffer.from(JSON.stringify(column), 'utf8').toString('utf8'));
      expect([...decodeColumn(travelled)]).toEqual(list);
      list.forEach((code, row) => expect(codeAt(travelled, row)).toBe(code));
    }),
  );
});

test('no code of a small column needs an escape in JSON', () => {
  const column = encodeColumn(Array.from({ length: 78 }, (_unused, code) => code));
  expect(JSON.stringify(column)).toBe(`"${column}"`);
});

test('beyond the end there is code 0', () => {
  expect(codeAt('5', 7)).toBe(0);
});

test('a column of the whole fleet is longer than one call can take, and whole', () => {
  const list = Uint8Array.from({ length: 100_000 }, (_unused, row) => row % 8);
  expect(decodeColumn(encodeColumn(list))).toEqual(Uint16Array.from(list));
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hexOf, uuidOf } from './random.ts';

describe('made-up identifiers', () => {
  test('are the digits of the hexadecimal of the same parts, in the form of a UUID', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer())), (parts) => {
        const hex = hexOf(32, 'uuid', ...parts);
        const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
        expect(uuidOf(...parts)).toBe(uuid);
      }),
    );
  });

  test('stay what they are: fixtures and recordings name them', () => {
    expect(uuidOf(1, 'token', 'store-0001', 'fleet')).toBe('23b9f5b5-327b-4194-a4b4-08f8ba2589fb');
  });
});

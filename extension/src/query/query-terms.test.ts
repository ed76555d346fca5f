import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { parseQuery } from '../../../proxy-server/src/domain/query.ts';
import { hasTerm, hasValues, toggleTerm, toggleValue, toggleValues, valuesOf, withoutField, withValues } from './query-terms.ts';

describe('terms switched by buttons', () => {
  test.each([
    ['the first value of a field', '', 'region', 'north', 'region:north'],
    ['a second value means either', 'region:north', 'region', 'west', 'region:north,west'],
    ['the same value again takes it away', 'region:north,west', 'region', 'North', 'region:west'],
    ['the last value takes the term away', 'region:north', 'region', 'north', ''],
    ['what was typed stays as typed', 'Text  !look:degraded region:north', 'region', 'west', 'Text !look:degraded region:north,west'],
    ['a negated term is none of its business', '!region:north', 'region', 'north', '!region:north region:north'],
    ['a value that needs quotes', '', 'region', 'far north', 'region:"far north"'],
    ['edges without the label', '', 'region', '', 'region:""'],
    ['a version', '', 'version:pos', '4.11.2', 'version:pos:4.11.2'],
  ])('%s', (_when, ...[query, field, value, expected]) => {
    expect(toggleValue(query, field, value)).toBe(expected);
  });

  test('a query that cannot be read is not destroyed', () => {
    expect(withValues('"half', 'region', ['north'])).toBe('"half region:north');
    expect(withoutField('"half', 'region')).toBe('"half');
  });

  test('all values at once, and off again', () => {
    const on = toggleValues('x', 'state', ['Stale', 'Silent']);
    expect(on).toBe('x state:stale,silent');
    expect(hasValues(on, 'state', ['Silent', 'Stale'])).toBe(true);
    expect(toggleValues(on, 'state', ['Stale', 'Silent'])).toBe('x');
    expect(hasValues('state:stale', 'state', ['Stale', 'Silent'])).toBe(false);
  });

  test('a comparison is a term of its own', () => {
    const on = toggleTerm('region:north', 'version:pos<4.12.0');
    expect(on).toBe('region:north version:pos<4.12.0');
    expect(hasTerm(on, 'version:pos<4.12.0')).toBe(true);
    expect(toggleTerm(on, 'version:pos<4.12.0')).toBe('region:north');
  });

  test('whatever the value, it is read back, and taken back', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (value) => {
        const query = toggleValue('other', 'label:x', value);
        expect(parseQuery(query).ok).toBe(true);
        expect([...valuesOf(query, 'label:x')]).toEqual([value.toLowerCase()]);
        expect(toggleValue(query, 'label:x', value)).toBe('other');
      }),
    );
  });
});

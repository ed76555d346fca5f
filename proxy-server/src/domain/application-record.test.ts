import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyApplication } from '../../../test/application-builder.ts';
import { TEXT_COLUMNS, TIME_COLUMNS, textsOf, timesOf, toRecord } from './application-record.ts';

describe('the record of an Application', () => {
  test('its texts and times come in the order of their columns', () => {
    fc.assert(
      fc.property(anyApplication, (application) => {
        const record = toRecord(application);
        expect(textsOf(record)).toEqual(TEXT_COLUMNS.map((column) => record.texts[column]));
        expect(timesOf(record)).toEqual(TIME_COLUMNS.map((column) => record.times[column]));
      }),
    );
  });
});

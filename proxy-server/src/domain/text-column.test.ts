import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packMembers, unpackMembers } from './packed-members.ts';
import { firstNumbers, packTexts, unpackTexts } from './text-column.ts';

const aWord = fc.constantFrom('store-', 'Store ', ', Mill Lane', '', '0', '00', '007', '12', '9', '1234567890123', '-', 'é', ' 3.5.', '١');
const aText = fc.array(aWord, { maxLength: 10 }).map((words) => words.join(''));

describe('texts that were taken apart', () => {
  test('are the same texts put together again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(aText, fc.string()), aText), { maxLength: 30 }), (rows) => {
        const texts = rows.map(([text]) => text);
        const beside = firstNumbers(rows.map(([, other]) => other));
        expect(unpackTexts(JSON.parse(JSON.stringify(packTexts(texts))), texts.length)).toEqual(texts);
        expect(unpackTexts(JSON.parse(JSON.stringify(packTexts(texts, beside))), texts.length, beside)).toEqual(texts);
      }),
    );
  });

  test('say a number as the way from the last one, or from the name beside it where that is shorter', () => {
    const names = ['store-0003', 'store-0013', 'store-0196', 'store-1196'];
    const shown = ['Store 3, Mill Lane', 'Store 13, Mill Lane', 'Hypermarket 196, Dockside', 'Store 1196, Dockside'];
    expect(packTexts(names).numbers).toEqual([{ from: 'previous', steps: '3,10,183,1000' }]);
    expect(packTexts(shown, firstNumbers(names))).toEqual({
      parts: [
        { values: ['Hypermarket ', 'Store '], codes: '1101' },
        { values: [', Dockside', ', Mill Lane'], codes: '1100' },
      ],
      numbers: [{ from: 'row', steps: '0,0,0,0' }],
    });
  });

  test('stay as they are where few are alike', () => {
    expect(packTexts(['alpha', 'beta', 'gamma'])).toEqual({ parts: [{ values: ['alpha', 'beta', 'gamma'], codes: '' }], numbers: [] });
  });
});

test('members come out as they went in', () => {
  const name = fc.tuple(fc.constantFrom('store', 'ship'), fc.nat(300)).map(([kind, number]) => `${kind}-${number}`);
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 30 }),
      fc.func(fc.option(fc.stringMatching(/^[A-Z][a-z]{0,3} \d{0,3}$/))),
      (names, shownOf) => {
        const shown = names.flatMap((one, row): [string, string][] => {
          const text = shownOf(one);
          return text === null ? [] : [[String(row), text]];
        });
        const members = {
        membership: 'm', names, displayNames: Object.fromEntries(shown),
        connector: { values: ['retail'], codes: '0'.repeat(names.length) }, labels: { region: { values: ['north'], codes: '' } },
      }; // prettier-ignore
        expect(unpackMembers(JSON.parse(JSON.stringify(packMembers(members))))).toEqual(members);
      },
    ),
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anApplication } from '../../../test/application-builder.ts';
import { toRecord, type ApplicationRecord } from '../domain/application-record.ts';
import { toKnownRow } from '../domain/known-applications.ts';
import { packRecord, unpackRow, type PackedRow } from './packed-record.ts';

const unpacked = (record: ApplicationRecord): PackedRow | undefined =>
  unpackRow(packRecord(record), { namespace: record.texts.namespace, name: record.texts.name });
function asRow(record: ApplicationRecord): PackedRow {
  const { uid, texts, numbers } = toKnownRow({ edge: '', record });
  return { uid, texts, numbers };
}

test('what is packed is unpacked as it was, whatever stands in its texts', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', '\n', '#1 2', '{', ' ', '☃'));
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 3, maxLength: 3 }),
      fc.nat(),
      fc.boolean(),
      ([uid = '', labels = '', message = ''], startedAt, dryRun) => {
        const base = toRecord(anApplication());
        const record = {
        ...base, uid, dryRun, autoSync: !dryRun,
        texts: { ...base.texts, labels, operationMessage: message, healthMessage: `${message}${labels}` },
        times: { ...base.times, startedAt },
      }; // prettier-ignore
        expect(unpacked(record)).toEqual(asRow(record));
      },
    ),
  );
});

const key = { namespace: 'argocd', name: 'pos' };
const whole = packRecord(toRecord(anApplication(key)));

test('an Application that an older version wrote as JSON is read too', () => {
  const application = anApplication({ ...key, healthMessage: 'no printer' });
  expect(unpackRow(JSON.stringify(application), key)).toMatchObject(asRow(toRecord(application)));
});

test.each([
  ['nothing', ''],
  ['a text that is cut', whole.slice(0, -1)],
  ['a text with more behind it', `${whole}x`],
  ['a head without an end', whole.slice(0, 12)],
  ['a number that is none', whole.replace('#', '#x')],
  ['a number too few', whole.replace(/ \d+\n/, '\n')],
  ['a negative number', whole.replace('#', '#-')],
  ['a number that is too long', whole.replace('#', '#1234567890123456')],
  ['two spaces', whole.replace(' ', '  ')],
  ['JSON that is cut', '{"name":'],
  ['JSON of something else', '{"name":"pos"}'],
])('%s is no record', (_what, data) => {
  expect(unpackRow(data, key)).toBeUndefined();
});

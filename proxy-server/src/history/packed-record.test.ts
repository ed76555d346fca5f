import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anApplication } from '../../../test/application-builder.ts';
import { toRecord, type ApplicationRecord } from '../domain/application-record.ts';
import { packRecord, unpackRecord } from './packed-record.ts';

const unpacked = (record: ApplicationRecord): ApplicationRecord | undefined =>
  unpackRecord(packRecord(record), { namespace: record.texts.namespace, name: record.texts.name });

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
        expect(unpacked(record)).toEqual(record);
      },
    ),
  );
});

const key = { namespace: 'argocd', name: 'pos' };
const whole = packRecord(toRecord(anApplication(key)));

test('an Application that an older version wrote as JSON is read too', () => {
  const application = anApplication({ ...key, healthMessage: 'no printer' });
  expect(unpackRecord(JSON.stringify(application), key)).toEqual(toRecord(application));
});

test.each([
  ['nothing', ''],
  ['a text that is cut', whole.slice(0, -1)],
  ['a text with more behind it', `${whole}x`],
  ['a head without an end', whole.slice(0, 12)],
  ['a number that is none', whole.replace('#', '#x')],
  ['a number too few', whole.replace(/ \d+\n/, '\n')],
  ['JSON that is cut', '{"name":'],
  ['JSON of something else', '{"name":"pos"}'],
])('%s is no record', (_what, data) => {
  expect(unpackRecord(data, key)).toBeUndefined();
});

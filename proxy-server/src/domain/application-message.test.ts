import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applicationMessage, commonMessage } from './application-message.ts';
import type { ApplicationLook } from './look.ts';

const facts = {
  operation: 'Failed' as const,
  sync: 'OutOfSync' as const,
  conditions: [{ type: 'ComparisonError', message: 'no repository' }],
  operationMessage: 'sync failed',
  healthMessage: 'no printer',
};

test.each<[look: ApplicationLook, message: string]>([
  ['Unjudged', 'no repository'],
  ['Failing', 'sync failed'],
  ['Degraded', 'no printer'],
  ['Missing', 'no printer'],
  ['Progressing', 'sync failed'],
  ['Suspended', ''],
  ['Healthy', ''],
])('%s is explained by "%s"', (look, message) => {
  expect(applicationMessage({ ...facts, look })).toBe(message);
});

test('the next best explains where the best is missing; a warning explains nothing', () => {
  expect(applicationMessage({ ...facts, look: 'Degraded', healthMessage: '' })).toBe('no repository');
  expect(
    applicationMessage({
      ...facts,
      look: 'Degraded',
      conditions: [{ type: 'OrphanedResourceWarning', message: 'x' }],
      operationMessage: 'op',
      healthMessage: '',
    }),
  ).toBe('op');
  expect(applicationMessage({ ...facts, look: 'Unjudged', conditions: [] })).toBe('');
});

test.each<[look: ApplicationLook]>([['Degraded'], ['Missing'], ['Progressing']])(
  'an operation that is over and did not fail explains nothing that is %s now',
  (look) => {
    const synced = { ...facts, look, conditions: [], healthMessage: '', operationMessage: 'successfully synced (all tasks run)' };
    expect(applicationMessage({ ...synced, operation: 'Succeeded' })).toBe('');
    expect(applicationMessage({ ...synced, operation: 'Failed', sync: 'Synced' })).toBe('');
    expect(applicationMessage({ ...synced, operation: 'Running', operationMessage: 'waiting for a hook' })).toBe('waiting for a hook');
  },
);

test.each([
  ['numbers', 'exceeded deadline after 600s', 'exceeded deadline after 1200s'],
  ['addresses', 'dial tcp 10.0.4.17:443: i/o timeout', 'dial tcp 10.11.12.13:8443: i/o timeout'],
  ['Pods', 'back-off restarting pos-api-7d9c6b5f4d-x2x8z', 'back-off restarting pos-api-6c8f9d7b5c-qwrtz'],
  ['hashes', 'revision 3f2a9c1d77 not found', 'revision 0123456789abcdef0123456789abcdef01234567 not found'],
  ['digests', 'pull r/pos@sha256:abcdef12 failed', 'pull r/pos@sha256:99999999 failed'],
  ['UUIDs', 'request f1d2d2f9-24e9-4e1a-9c1a-0123456789ab failed', 'request 00000000-24e9-4e1a-9c1a-0123456789ab failed'],
])('%s do not tell messages apart', (_what, left, right) => {
  expect(commonMessage(left)).toBe(commonMessage(right));
  expect(commonMessage(left)).toContain('*');
});

test('words do tell them apart, and so a deed of one fleet is no deed of another', () => {
  expect(commonMessage('no printer')).toBe('no printer');
  expect(commonMessage('added feed to the database')).toBe('added feed to the database');
});

test('is never longer than a line, and its parts stand in the message in their order', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 400 }),
        fc
          .array(fc.constantFrom('pod ', '-7d9c6b5f4d-x2x8z', ' 12:30 ', '*', '\n', '  ', 'deadbeef1', '/'), { maxLength: 30 })
          .map((bits) => bits.join('')),
      ),
      (message) => {
        const common = commonMessage(message);
        expect(common.length).toBeLessThanOrEqual(201);
        let from = 0;
        for (const part of common.split('*')) {
          const found = message.indexOf(part, from);
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + part.length;
        }
      },
    ),
    { numRuns: 500 },
  );
});

import { describe, expect, test } from '@jest/globals';
import { isPassing, problemOf } from './hub-problem.ts';

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/problem+json';

describe('what argocd-server itself says', () => {
  test.each([
    [400, 'Auth cookie not found\n', 'session'],
    [400, 'Invalid headers: header "Argocd-Application-Name" must be provided\n', 'headers'],
    [401, 'Invalid token\n', 'session'],
    [401, 'Unauthorized extension request\n', 'invoke'],
    [404, 'Extension not found\n', 'notConfigured'],
    [502, '', 'backendAway'],
    [504, '', 'backendAway'],
    [500, 'oops', 'unexpected'],
  ])('%i %j is %s', (status, body, kind) => {
    expect(problemOf(status, TEXT, body, undefined).kind).toBe(kind);
  });
});

describe('what proxy-server says', () => {
  test.each([
    [400, 'invalidQuery'], [401, 'notTrusted'], [403, 'notAllowed'], [404, 'notFound'], [409, 'conflict'],
    [413, 'tooLarge'], [424, 'edgeFailed'], [429, 'tooMany'], [503, 'notReady'], [500, 'unexpected'],
  ])('%i is %s', (status, kind) => {
    expect(problemOf(status, JSON_TYPE, '{}', undefined).kind).toBe(kind);
  }); // prettier-ignore

  test('keeps the words, the request id and the line that would allow it', () => {
    const body = JSON.stringify({
      title: 'T',
      detail: 'D',
      instance: 'req-7',
      missingLine: 'p, x',
      reason: 'EdgeOffline',
      edge: 'store-1',
    });
    expect(problemOf(403, JSON_TYPE, body, undefined)).toEqual({
      kind: 'notAllowed', status: 403, title: 'T', detail: 'D', requestId: 'req-7', missingLine: 'p, x', reason: 'EdgeOffline', edge: 'store-1',
    }); // prettier-ignore
  });

  test('a wait that is asked for is kept, a senseless one is not', () => {
    expect(problemOf(429, JSON_TYPE, '{}', '7').retryAfterMs).toBe(7_000);
    expect(problemOf(429, JSON_TYPE, '{}', 'soon').retryAfterMs).toBeUndefined();
  });

  test('a body that is no JSON, or no object, is survived', () => {
    expect(problemOf(409, JSON_TYPE, '<html>', undefined)).toEqual({ kind: 'conflict', status: 409 });
    expect(problemOf(409, JSON_TYPE, '[1]', undefined).kind).toBe('conflict');
  });
});

test('only what waiting may help is tried again by itself', () => {
  expect(isPassing({ kind: 'backendAway', status: 502 })).toBe(true);
  expect(isPassing({ kind: 'invoke', status: 401 })).toBe(false);
});

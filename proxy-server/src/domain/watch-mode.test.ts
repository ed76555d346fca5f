import { describe, expect, test } from '@jest/globals';
import { STREAM_RETRY_MS, streamRetryMs, watchMode, type WatchModeFacts } from './watch-mode.ts';

const facts = (over: Partial<WatchModeFacts>): WatchModeFacts => ({
  listed: 3, uselessStreams: 0, uselessAt: undefined, parked: false, now: 1_000_000, ...over,
}); // prettier-ignore

describe('how an edge is read', () => {
  test.each<[string, Partial<WatchModeFacts>, string]>([
    ['something is listed', {}, 'stream'],
    ['nothing is listed, so a stream would stay silent', { listed: 0 }, 'poll'],
    ['the list could not be read', { listed: undefined }, 'stream'],
    ['it is parked', { parked: true }, 'poll'],
    ['a stream brought nothing a moment ago', { uselessStreams: 1, uselessAt: 999_000 }, 'poll'],
    ['a stream brought nothing, long ago', { uselessStreams: 1, uselessAt: 1_000_000 - STREAM_RETRY_MS }, 'stream'],
    ['streams fell silent, but not often enough to count', { uselessStreams: 2 }, 'stream'],
  ])('when %s', (_when, over, expected) => {
    expect(watchMode(facts(over))).toBe(expected);
  });

  test('a stream is tried again later and later, but at least every hour', () => {
    const waits = [1, 2, 3, 4, 5, 50].map(streamRetryMs);
    expect(waits).toEqual([5, 10, 20, 40, 60, 60].map((minutes) => minutes * 60_000));
  });
});

import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { createSseParser, type StreamEvent } from './sse-parser.ts';

function parsed(chunks: readonly string[]): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createSseParser((event) => events.push(event));
  chunks.forEach((chunk) => parser.push(chunk));
  return events;
}

const TEXT = 'id: 7\nevent: delta\ndata: {"a":1}\n\n: keep-alive\n\nid: 8\r\nevent: edge\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\n\n';
const EVENTS = [
  { type: 'delta', data: '{"a":1}', id: '7' },
  { type: 'edge', data: 'one\ntwo', id: '8' },
  { type: 'message', data: 'bare', id: '8' },
];

test('events, comments and line ends of both kinds', () => {
  expect(parsed([TEXT])).toEqual(EVENTS);
});

test('a stream cut anywhere reads the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(TEXT.length), { maxLength: 8 }), (cuts) => {
      const at = [0, ...[...cuts].sort((a, b) => a - b), TEXT.length];
      expect(parsed(at.slice(1).map((end, index) => TEXT.slice(at[index], end)))).toEqual(EVENTS);
    }),
  );
});

test('an event without its empty line is no event yet', () => {
  expect(parsed(['data: half\n'])).toEqual([]);
});

test('a line without an end is refused before it fills the memory', () => {
  const parser = createSseParser(() => undefined);
  expect(() => {
    for (let chunk = 0; chunk < 20; chunk += 1) parser.push('x'.repeat(1_000_000));
  }).toThrow('too long');
});

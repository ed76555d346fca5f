import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStreamParser, type Framing } from './sse-parser.ts';

const LIMIT = 10_000;

function parse(framing: Framing, chunks: readonly Buffer[], limit = LIMIT): { messages: string[]; comments: number; went: boolean } {
  const messages: string[] = [];
  let comments = 0;
  const parser = createStreamParser(framing, limit, { onMessage: (text) => messages.push(text), onComment: () => (comments += 1) });
  const went = chunks.every((chunk) => parser.push(chunk));
  return { messages, comments, went };
}
const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...[...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

describe('event streams', () => {
  test('messages as Argo CD frames them, comments between', () => {
    const text = 'data: {"result":1} \n\n\n:\ndata: {"result":2} \n\n\n:\n';
    expect(parse('sse', [Buffer.from(text)])).toEqual({ messages: ['{"result":1}', '{"result":2}'], comments: 2, went: true });
  });

  test('an error with two newlines instead of three', () => {
    expect(parse('sse', [Buffer.from('data: {"error":{}} \n\n')]).messages).toEqual(['{"error":{}}']);
  });

  test('a message that was not ended is none', () => {
    expect(parse('sse', [Buffer.from('data: {"a":1} \n\n\ndata: {"b"')]).messages).toEqual(['{"a":1}']);
    expect(parse('sse', [Buffer.from('data: {"b":1} \n')]).messages).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    ['CRLF', 'data: 1\r\n\r\ndata: 2\r\n\r\n', ['1', '2']],
    ['CR', 'data: 1\r\rdata: 2\r\r', ['1', '2']],
    ['no space after the colon', 'data:1\n\n', ['1']],
    ['data over several lines', 'data: {\ndata: "a":1}\n\n', ['{\n"a":1}']],
    ['other fields', 'event: x\nid: 7\nretry: 10\ndata: 1\n\n', ['1']],
    ['a field that only begins like data', 'database: 1\n\ndata: 2\n\n', ['2']],
    ['a byte order mark', '\ufeffdata: 1\n\n', ['1']],
    ['an empty data field', 'data\n\ndata:\n\n', []],
    ['nothing', '', []],
  ])('%s', (_what, text, expected) => {
    expect(parse('sse', [Buffer.from(text)]).messages).toEqual(expected);
  });

  test('any way of cutting the bytes gives the same messages', () => {
    const messages = fc.array(
      fc.record({ type: fc.constantFrom('ADDED', 'DELETED'), text: fc.string({ unit: 'grapheme', maxLength: 30 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(messages, fc.array(fc.nat(5_000), { maxLength: 30 }), fc.constantFrom('\n', '\r\n', '\r'), (objects, cuts, end) => {
        const texts = objects.map((object) => JSON.stringify(object));
        const bytes = Buffer.from(texts.map((text) => `data: ${text} ${end}${end}${end}:${end}`).join(''));
        expect(parse('sse', split(bytes, cuts))).toEqual({ messages: texts, comments: texts.length, went: true });
      }),
    );
  });

  test('a line that never ends is cut off, and nothing is read after it', () => {
    const parser = createStreamParser('sse', 1_000, { onMessage: () => undefined, onComment: () => undefined });
    let fed = 0;
    while (parser.push(Buffer.alloc(300, 'x'))) fed += 300;
    expect(fed).toBeLessThanOrEqual(1_000);
    expect(parser.push(Buffer.from('\n\ndata: 1\n\n'))).toBe(false);
  });

  test('data lines that never end their message are bounded too', () => {
    const { went, messages } = parse(
      'sse',
      Array.from({ length: 100 }, () => Buffer.from(`data: ${'y'.repeat(50)}\n`)),
      1_000,
    );
    expect({ went, messages }).toEqual({ went: false, messages: [] });
  });
});

describe('lines of JSON', () => {
  test('any way of cutting the bytes gives the same lines', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 10 }), fc.array(fc.nat(5_000), { maxLength: 30 }), (values, cuts) => {
        const texts = values.map((value) => JSON.stringify({ result: value }));
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        expect(parse('ndjson', split(bytes, cuts)).messages).toEqual(texts);
      }),
    );
  });

  test('the last line without its end is no message', () => {
    expect(parse('ndjson', [Buffer.from('{"a":1}\n{"b":2}')]).messages).toEqual(['{"a":1}']);
  });
});

test('no bytes make the parser throw or keep more than its limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
      fc.constantFrom<Framing>('sse', 'ndjson'),
      (chunks, framing) => {
        parse(
          framing,
          chunks.map((chunk) => Buffer.from(chunk)),
          500,
        );
      },
    ),
  );
});

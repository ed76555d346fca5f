import { expect, test } from '@jest/globals';
import { cutEvents } from './stream-reader.ts';

test('whole events are cut out, comments are none, and the rest waits for more', () => {
  const { events, rest } = cutEvents('event: delta\nid: 7\ndata: {"rows":[]}\n\n:\n\nevent: delta\nid: 8\nda');
  expect(events).toEqual([{ event: 'delta', id: 7, data: '{"rows":[]}', bytes: 38 }]);
  expect(cutEvents(`${rest}ta: {}\n\n`).events).toMatchObject([{ event: 'delta', id: 8, data: '{}' }]);
});

test('an event that comes in pieces is the same event', () => {
  const text = 'event: hello\nid: 1\ndata: {}\n\nevent: delta\nid: 2\ndata: {"a":1}\n\n';
  let rest = '';
  const ids = [...text].flatMap((character) => {
    const cut = cutEvents(rest + character);
    rest = cut.rest;
    return cut.events.map(({ id }) => id);
  });
  expect(ids).toEqual([1, 2]);
});

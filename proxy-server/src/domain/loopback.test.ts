import { expect, test } from '@jest/globals';
import { isLoopbackHost } from './loopback.ts';

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['edge.localhost', true],
  ['127.0.0.1', true],
  ['127.255.1.2', true],
  ['[::1]', true],
  ['::1', true],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
  ['127.1', false],
  ['10.0.0.1', false],
  ['[::2]', false],
  ['', false],
])('%p stays on this machine: %p', (host, stays) => {
  expect(isLoopbackHost(host)).toBe(stays);
});

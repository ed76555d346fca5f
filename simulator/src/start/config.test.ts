import { describe, expect, test } from '@jest/globals';
import { readCommand } from './config.ts';

const DEFAULTS = { edges: 600, port: 4000, configFolder: undefined, version: '3.5', basePath: '' };

describe('readCommand', () => {
  test.each([
    ['nothing', [], {}],
    ['a number of edges', ['--edges', '10000'], { edges: 10_000 }],
    ['a port', ['--port=4001'], { port: 4001 }],
    ['a folder', ['--config', 'my-fleet'], { configFolder: 'my-fleet' }],
    ['React 16', ['--react', '16'], { version: '3.4' }],
    ['a sub-path', ['--base-path', '/argocd'], { basePath: '/argocd' }],
    ['a sub-path with more slashes', ['--base-path', 'a/b/'], { basePath: '/a/b' }],
    ['the root as sub-path', ['--base-path', '/'], { basePath: '' }],
  ])('%s starts with what it says', (_what, args, over) => {
    expect(readCommand(args)).toEqual({ kind: 'start', config: { ...DEFAULTS, ...over } });
  });

  test('help is help, whatever else is asked', () => {
    expect(readCommand(['--help', '--edges', '5'])).toEqual({ kind: 'help' });
  });

  test.each([
    ['an unknown option', ['--edge', '5'], /--edge/],
    ['edges that are no number', ['--edges', 'many'], /--edges wants a whole number/],
    ['more edges than the simulator plays', ['--edges', '1000000'], /up to 50000/],
    ['a negative number', ['--edges=-1'], /--edges/],
    ['a port beyond the last', ['--port', '70000'], /--port wants/],
    ['another React', ['--react', '18'], /--react wants 16 or 19/],
    ['a path with blanks', ['--base-path', 'a b'], /--base-path wants/],
    ['a word too many', ['edges'], /edges/],
  ])('%s is refused in words', (_what, args, words) => {
    const command = readCommand(args);
    expect(command.kind === 'refused' && command.message).toMatch(words);
  });
});

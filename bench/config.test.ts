import { describe, expect, test } from '@jest/globals';
import { readBenchCommand, readSoakCommand } from './config.ts';

describe('the command line of bench', () => {
  test('nothing means everything', () => {
    expect(readBenchCommand([])).toEqual({ quick: false, growth: false, only: [], json: undefined });
  });

  test('parts are named with commas or one by one', () => {
    expect(readBenchCommand(['--quick', '--only', 'start,tls', '--only', 'frames', '--json', 'out.json'])).toEqual({
      quick: true,
      growth: false,
      only: ['start', 'tls', 'frames'],
      json: 'out.json',
    });
  });

  test.each([[['--only', 'stat']], [['--quik']], [['start']]])('%j is refused in words', (args) => {
    expect(() => readBenchCommand(args)).toThrow(/stat|quik|start/);
  });
});

describe('the command line of soak', () => {
  test('nothing means two hundred kills of a small fleet', () => {
    expect(readSoakCommand([])).toEqual({ edges: 200, changesPerSecond: 200, times: 200, hours: 0, seed: 1 });
  });

  test('hours mean no kills, at the reference load', () => {
    expect(readSoakCommand(['--hours', '0.25'])).toEqual({ edges: 10_000, changesPerSecond: 1_000, times: 0, hours: 0.25, seed: 1 });
  });

  test.each([[['--times', '0']], [['--hours', 'one']], [['--edges', '-1']], [['--time', '5']]])('%j is refused in words', (args) => {
    expect(() => readSoakCommand(args)).toThrow(/--(times|hours|edges)|--time|-1/);
  });
});

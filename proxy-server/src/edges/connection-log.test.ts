import { describe, expect, test } from '@jest/globals';
import { anEdge } from '../../../test/edge-builders.ts';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { makeFailure } from '../domain/classify.ts';
import { newConnection, type EdgeConnection } from '../domain/edge-connection.ts';
import { createConnectionLog } from './connection-log.ts';

const lost: EdgeConnection = { ...newConnection(0), connection: 'OutOfReach', failure: makeFailure(1, { sign: 'x' }) };
const reachable: EdgeConnection = { ...newConnection(0), connection: 'Reachable' };

function setup() {
  const runtime = createSteppedRuntime();
  const log = createConnectionLog(runtime.log, runtime.clock, runtime.timers);
  return {
    ...runtime,
    advance: runtime.advance,
    lines: runtime.lines,
    log,
    lose: (name: string) => log.changed(anEdge(name, 'http://x'), 'Reachable', lost),
  };
}

describe('the log of connections', () => {
  test('one change is one line by name, with its reason', () => {
    const { lose, advance, lines } = setup();
    lose('a');
    advance(5_000);
    expect(lines).toEqual([
      { level: 'info', message: 'Edge became unreachable', connector: 'plain', connection: 'OutOfReach', reason: 'EdgeOffline', edge: 'a' },
    ]);
  });

  test('many alike within some seconds are one line with their number', () => {
    const { lose, advance, lines } = setup();
    for (let index = 0; index < 1_000; index += 1) {
      lose(`edge-${index}`);
      advance(10);
    }
    advance(5_000);
    expect(lines).toMatchObject([{ message: 'Edges became unreachable', edges: 1_000, examples: expect.any(Array) }]);
    expect(lines[0]?.['examples']).toHaveLength(5);
  });

  test('changes without end are told at longer and longer intervals', () => {
    const { lose, advance, lines } = setup();
    for (let second = 0; second < 600; second += 1) {
      for (let edge = 0; edge < 10; edge += 1) lose(`edge-${edge}`);
      advance(1_000);
    }
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThan(20);
  });

  test('the first contact is no change', () => {
    const { log, advance, lines } = setup();
    log.changed(anEdge('a', 'http://x'), 'NeverReached', reachable);
    advance(60_000);
    expect(lines).toEqual([]);
  });

  test('what is still waiting is told when it closes', () => {
    const { log, lose, lines } = setup();
    lose('a');
    log.close();
    expect(lines).toHaveLength(1);
  });
});

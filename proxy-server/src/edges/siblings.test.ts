import { describe, expect, test } from '@jest/globals';
import { anEdge, anEdgeId } from '../../../test/edge-builders.ts';
import { makeFailure } from '../domain/classify.ts';
import { newConnection, type EdgeConnection } from '../domain/edge-connection.ts';
import type { FailureRow } from '../domain/failure.ts';
import { createSiblings } from './siblings.ts';

const MINUTE = 60_000;
const reachable: EdgeConnection = { ...newConnection(0), connection: 'Reachable' };
const lost = (since: number, row: FailureRow = 1): EdgeConnection => ({
  ...reachable,
  connection: 'OutOfReach',
  since,
  failure: makeFailure(row, { sign: 'x' }),
});

function setup() {
  let now = 0;
  const woken: string[] = [];
  const siblings = createSiblings({ now: () => now }, (edge) => void woken.push(edge));
  const edge = (name: string, connector = 'plain') => anEdge(name, 'http://x', { connector: connector as never });
  return {
    siblings, woken,
    at: (time: number) => void (now = time),
    lose: (name: string, since: number, row?: FailureRow, connector?: string) => siblings.note(edge(name, connector), reachable, lost(since, row)),
    back: (name: string, since: number, row?: FailureRow) => siblings.note(edge(name), lost(since, row), reachable),
  }; // prettier-ignore
}

describe('edges of one outage', () => {
  test('wake each other when the first is back: same Connector, same failure, lost together', () => {
    const { lose, back, woken } = setup();
    lose('a', 1_000);
    lose('b', 2_000);
    lose('other-failure', 1_000, 4);
    lose('other-connector', 1_000, 1, 'second');
    lose('long-gone', 1_000 + 11 * MINUTE);
    back('a', 1_000);
    expect(woken).toEqual(['b']);
  });

  test('are woken at most once in ten seconds, so that flapping keeps nobody awake', () => {
    const { lose, back, woken, at } = setup();
    lose('a', 0);
    lose('b', 0);
    back('a', 0);
    lose('a', 100);
    back('a', 100);
    expect(woken).toEqual(['b']);
    at(10_000);
    lose('a', 200);
    back('a', 200);
    expect(woken).toEqual(['b', 'b']);
  });

  test('one that left, or whose failure became another, is not woken any more', () => {
    const { lose, back, woken, siblings } = setup();
    lose('a', 0);
    lose('b', 0);
    lose('c', 0);
    siblings.forget(anEdgeId('b'));
    lose('c', 0, 4);
    back('a', 0);
    expect(woken).toEqual([]);
  });

  test('a refusal is no return', () => {
    const { lose, woken, siblings } = setup();
    lose('a', 0);
    lose('b', 0);
    siblings.note(anEdge('a', 'http://x'), lost(0), { ...reachable, connection: 'Refused' });
    expect(woken).toEqual([]);
  });
});

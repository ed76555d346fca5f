import { expect, test } from '@jest/globals';
import { EDGE_STATES } from './edge-state.ts';
import { countFigures, emptyByState, facetFigure, figureDeltas } from './fleet-counts.ts';

test('a fleet without edges has a count of every state, and each call its own', () => {
  expect(Object.keys(emptyByState())).toEqual([...EDGE_STATES]);
  const one = emptyByState();
  one.Healthy += 1;
  expect(emptyByState().Healthy).toBe(0);
});

test('figures carry the states under their own names, and the totals', () => {
  const figures = countFigures({
    edges: 3,
    applications: 60,
    byState: { ...emptyByState(), Degraded: 2 },
    outOfSync: 1,
    behind: 1,
    notHeard: 0,
    currentEdges: 3,
    oldest: { edge: 'a', readAt: 1 },
  });
  expect(figures).toMatchObject({
    edges: 3,
    applications: 60,
    Degraded: 2,
    Healthy: 0,
    outOfSync: 1,
    behind: 1,
    notHeard: 0,
    currentEdges: 3,
  });
  expect(Object.values(figures).every((value) => typeof value === 'number')).toBe(true);
});

test('changes are known only for figures that were there before', () => {
  expect(figureDeltas({ edges: 5, [facetFigure('region', 'new')]: 2 }, { edges: 7, gone: 1 })).toEqual({ edges: -2 });
});

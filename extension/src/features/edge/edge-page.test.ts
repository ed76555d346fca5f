import { describe, expect, test } from '@jest/globals';
import { encodeColumn } from '../../../../proxy-server/src/domain/column-codec.ts';
import type { ApplicationRow } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { anEdgeRow, applicationsOf } from '../../../../test/fakes/fleet-answers.ts';
import { operationSaid } from '../../messages/states.ts';
import { isLastKnown, unjudgedNote } from '../../words/application-facts.ts';
import { applicationKey, lookSummary, matchesText, orderApplications } from './application-lines.ts';
import { recentOperations } from './recent-operations.ts';
import { safeLink } from './EdgeHeader.tsx';
import { stripRuns, stripShares } from './strip-cells.ts';

const compare = new Intl.Collator('en', { numeric: true }).compare;
const HERE = applicationsOf(anEdgeRow(1, { state: 'Healthy' }));
const GONE = applicationsOf(anEdgeRow(1, { state: 'Silent' }));

describe('the strip', () => {
  const strip = { until: 10_000, cellMs: 1_000, codes: encodeColumn([1, 1, 1, 4, 4, 1, 0, 0, 3, 1]) };

  test('equal neighbours are one stretch with its times', () => {
    const runs = stripRuns(strip);
    expect(runs.map(({ code }) => code)).toEqual(['reachable', 'outOfReach', 'reachable', 'notWatched', 'refused', 'reachable']);
    expect(runs[1]).toEqual({ code: 'outOfReach', from: 3_000, until: 5_000, share: 0.2 });
  });

  test('shares add up to the whole, most first', () => {
    const shares = stripShares(stripRuns(strip));
    expect(shares[0]).toEqual({ code: 'reachable', share: 0.5 });
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(stripRuns({ ...strip, codes: '' })).toEqual([]);
  });
});

describe('Applications', () => {
  test('worst first, then by name', () => {
    expect(orderApplications(HERE, compare).map(({ name }) => name).slice(0, 4)).toEqual(['inventory', 'bakery', 'fridge', 'ghost']);
  }); // prettier-ignore

  test('operations that go on come first, then the newest; what never ran is none', () => {
    const ran = (name: string, operation: Partial<ApplicationRow['operation']>): ApplicationRow => ({
      ...HERE[0]!,
      name,
      operation: { state: 'Succeeded', dryRun: false, retryCount: 0, ...operation },
    });
    const rows = [
      ran('old', { startedAt: 1, finishedAt: 2 }),
      ran('never', { state: 'None' }),
      ran('runs', { state: 'Running', startedAt: 5 }),
      ran('new', { startedAt: 3, finishedAt: 9 }),
    ];
    expect(recentOperations(rows, 3).map(({ row, at }) => [row.name, at])).toEqual([['runs', undefined], ['new', 9], ['old', 2]]); // prettier-ignore
    expect(recentOperations(rows, 1)).toHaveLength(1);
    expect([operationSaid('Running', true), operationSaid('Running', false), operationSaid('Failed', true)]).toEqual(['was running', 'running', 'failed']); // prettier-ignore
  });

  test('the summary is in the past tense for an edge that is not heard', () => {
    expect(lookSummary(HERE, false)).toContain('4 Healthy');
    expect(lookSummary(GONE, false)).toContain('4 were healthy');
    expect(lookSummary(HERE, true)).toContain('1 was degraded');
    expect(isLastKnown(GONE[0]!, false)).toBe(true);
  });

  test('an unjudged one says why, and what Argo CD claims', () => {
    expect(unjudgedNote(HERE.find(({ name }) => name === 'ghost')!)).toBe('the comparison with Git fails; Argo CD said Healthy');
    expect(unjudgedNote(HERE[0]!)).toBeUndefined();
  });

  test.each([
    ['POS', ['pos']],
    ['back-off', ['inventory']],
    ['cannot be judged', ['ghost']],
    ['  ', HERE.map(({ name }) => name)],
    ['nothing like it', []],
  ])('search for %j', (text, names) => {
    expect(HERE.filter((row) => matchesText(row, text)).map(({ name }) => name)).toEqual(names);
  });

  test('names repeat over namespaces, keys do not', () => {
    expect(applicationKey(HERE[0]!)).toBe('argocd/pos');
  });
});

test('only an address of the web becomes a link', () => {
  expect(safeLink('https://edge.example.com')).toBe('https://edge.example.com');
  expect(safeLink('javascript:alert(1)')).toBeUndefined();
});

import { describe, expect, test } from '@jest/globals';
import { anEdgeRow, applicationsOf } from '../../../../test/fakes/fleet-answers.ts';
import { applicationTo, explanationOf, isLastKnown, queryOfApplications, unjudgedNote } from '../../words/application-facts.ts';
import { nextSort, parseApplicationsAddress, sortParameter } from './applications-address.ts';

const ROWS = applicationsOf(anEdgeRow(200));

describe('the address of the list', () => {
  test('defaults are the worst first, not grouped; an unknown group is none', () => {
    const address = parseApplicationsAddress(new URLSearchParams('group=colour'));
    expect(address).toEqual({ query: '', group: undefined, sort: undefined });
    expect(sortParameter(address.sort)).toBe('look');
  });

  test('pressing a column thrice comes back to the worst first', () => {
    const presses = [undefined, 'version', '-version'].map((sort) =>
      nextSort(parseApplicationsAddress(new URLSearchParams({ sort: sort ?? '' })).sort, 'version'),
    );
    expect(presses).toEqual(['version', '-version', undefined]);
  });
});

describe('what is said of an Application', () => {
  const row = ROWS[0]!;
  test('old where its edge is not heard or the hub is away', () => {
    expect([
      isLastKnown({ edgeState: 'Healthy' }, false),
      isLastKnown({ edgeState: 'Silent' }, false),
      isLastKnown({ edgeState: 'Healthy' }, true),
    ]).toEqual([false, true, true]);
  });

  test('unjudged: the reason, and what Argo CD says all the same', () => {
    expect(unjudgedNote({ judged: false, unjudgedReason: 'ComparisonFailed', health: 'Healthy' })).toBe(
      'the comparison with Git fails; Argo CD said Healthy',
    );
    expect(unjudgedNote({ judged: true, health: 'Healthy' })).toBeUndefined();
  });

  test('the word of a sync that went well explains nothing', () => {
    const operation = { ...row.operation, state: 'Succeeded' as const, message: 'successfully synced' };
    expect(explanationOf({ message: 'successfully synced', operation })).toBeUndefined();
    expect(explanationOf({ message: 'back-off', operation })).toBe('back-off');
  });

  test('its page is below its edge', () => {
    expect(applicationTo({ edge: 'store-1', namespace: 'argocd', name: 'a.b' })).toBe('/edges/store-1/applications/argocd/a.b');
  });

  test('several are asked for again by the names of their edges and their own', () => {
    expect(queryOfApplications(ROWS.slice(0, 2))).toBe(`name:${ROWS[0]!.edge} application:${ROWS[0]!.name},${ROWS[1]!.name}`);
  });
});

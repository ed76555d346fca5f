import { describe, expect, test } from '@jest/globals';
import type { ApplicationRow, Page } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { anEdgeRow, applicationsOf, NOW } from '../../../../test/fakes/fleet-answers.ts';
import { applicationTo, explanationOf, isLastKnown, unjudgedNote } from '../../words/application-facts.ts';
import { applicationPagesReducer, applicationRowKey, NO_PAGES } from './application-pages.ts';
import { nextSort, parseApplicationsAddress, sortParameter } from './applications-address.ts';

const ROWS = applicationsOf(anEdgeRow(200));
const page = (items: readonly ApplicationRow[], cursor?: string): Page<ApplicationRow> => ({
  items, total: ROWS.length, revision: 1, now: NOW, ...(cursor === undefined ? {} : { cursor }),
}); // prettier-ignore
const first = applicationPagesReducer(NO_PAGES, { kind: 'page', question: 'q', first: true, page: page(ROWS.slice(0, 4), 'c1') });

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

describe('pages of the list', () => {
  test('what follows is added once, though a row moved between two pages', () => {
    const both = applicationPagesReducer(first, { kind: 'page', question: 'q', first: false, page: page(ROWS.slice(3)) });
    expect(both.rows.map(applicationRowKey)).toEqual(ROWS.map(applicationRowKey));
    expect(both.cursor).toBeUndefined();
  });

  test('an answer to an earlier question changes nothing', () => {
    expect(applicationPagesReducer(first, { kind: 'page', question: 'old', first: false, page: page(ROWS) })).toBe(first);
    expect(applicationPagesReducer(first, { kind: 'again', question: 'old', page: page(ROWS) })).toBe(first);
  });

  test('read again, values change and rows stay where they are', () => {
    const changed = ROWS.slice(0, 4)
      .map((row) => ({ ...row, look: 'Degraded' as const }))
      .reverse();
    const again = applicationPagesReducer(first, { kind: 'again', question: 'q', page: page(changed) });
    expect(again.rows.map(({ name }) => name)).toEqual(first.rows.map(({ name }) => name));
    expect(new Set(again.rows.map(({ look }) => look))).toEqual(new Set(['Degraded']));
  });

  test('a failure keeps the rows', () => {
    const failed = applicationPagesReducer(first, { kind: 'failed', problem: { kind: 'offline', status: 0 } });
    expect([failed.rows, failed.problem?.kind, failed.loading]).toEqual([first.rows, 'offline', false]);
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
});

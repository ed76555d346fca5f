import { describe, expect, test } from '@jest/globals';
import { faultsOf, olderApplication, showAlso, type ShownApplication, type ShownFleet } from './shown.ts';

const application = (over: Partial<ShownApplication> = {}): ShownApplication => ({
  key: 'store-1/argocd/pos',
  health: 'Healthy',
  healthSince: 1_000,
  operationAt: 2_000,
  ordered: 7,
  ...over,
});
const fleet = (applications: readonly ShownApplication[], readAt = 100_000): ShownFleet => ({
  edges: new Map([['store-1', { name: 'store-1', readAt }]]),
  applications: new Map(applications.map((one) => [one.key, one])),
});

describe('what is shown after a crash', () => {
  test.each<[what: string, now: Partial<ShownApplication>]>([
    ['the same', {}],
    ['newer in health', { health: 'Degraded', healthSince: 3_000 }],
    ['newer in version', { ordered: 8 }],
    ['with an operation only asked for', { operationAt: undefined }],
    ['with a version that cannot be told', { ordered: undefined }],
  ])('may be %s', (_what, now) => {
    expect(olderApplication(application(), application(now))).toBeUndefined();
  });

  test.each<[what: string, now: Partial<ShownApplication>, words: RegExp]>([
    ['an older version', { ordered: 6 }, /older version/],
    ['a version from before the orders', { ordered: -1 }, /older version/],
    ['an older health', { health: 'Degraded', healthSince: 999 }, /older health: Degraded after Healthy/],
    ['an older operation', { operationAt: 1_999 }, /older operation/],
  ])('may not be %s', (_what, now, words) => {
    expect(olderApplication(application(), application(now))).toMatch(words);
  });

  test('names what is lost', () => {
    expect(faultsOf(fleet([application()]), { edges: new Map(), applications: new Map() })).toEqual([
      'edge store-1 is lost',
      'store-1/argocd/pos is lost',
    ]);
  });

  test('may have lost a minute of readAt and no more', () => {
    expect(faultsOf(fleet([], 100_000), fleet([], 40_000))).toEqual([]);
    expect(faultsOf(fleet([], 100_000), fleet([], 38_000))).toEqual(['edge store-1: readAt went back by 62 s']);
  });
});

describe('what readers were shown adds up', () => {
  test('to the latest of each, and says what went back while nothing had crashed', () => {
    const shown = fleet([application()]);
    expect(showAlso(shown, fleet([application({ ordered: 9 })], 120_000))).toEqual([]);
    expect(showAlso(shown, fleet([application({ ordered: 8 })]))).toEqual([expect.stringMatching(/older version: order 8 after 9/)]);
    expect(shown.edges.get('store-1')?.readAt).toBe(100_000);
  });

  test('and keeps what the last reading did not say', () => {
    const shown = fleet([application()]);
    showAlso(shown, fleet([application({ operationAt: undefined, ordered: undefined })]));
    expect(shown.applications.get('store-1/argocd/pos')).toMatchObject({ operationAt: 2_000, ordered: 7 });
  });
});

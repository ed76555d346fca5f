import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { APPLICATION_LIMITS, keyOf, toApplication, toApplicationEvent, toApplicationList } from './to-application.ts';

const RECORDED = new URL('../../../test/fixtures/argocd/', import.meta.url);
const VERSIONS = readdirSync(RECORDED).filter((name) => /^argocd-|^\d/.test(name));
const recorded = (version: string, name: string): { response: { body: string; chunks: { text: string }[] } } =>
  JSON.parse(readFileSync(new URL(`${version}/${name}.json`, RECORDED), 'utf8')) as never;
const one = (version: string, name: string): ReturnType<typeof toApplication> =>
  toApplication(JSON.parse(recorded(version, name).response.body));

describe.each(VERSIONS)('Applications recorded from %s', (version) => {
  test('a single source: revision, images, automated sync, history of the operation', () => {
    expect(one(version, 'app-pos')).toMatchObject({
      namespace: 'argocd', name: 'pos', project: 'default', sync: 'Synced', health: 'Healthy', autoSync: true,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/), revisions: [expect.stringMatching(/^[0-9a-f]{40}$/)],
      sources: [{ repoUrl: expect.stringContaining('git'), path: expect.stringMatching(/^apps\/pos/) }], operation: { state: 'Succeeded', dryRun: false },
    }); // prettier-ignore
  });

  test('two sources: a revision for each', () => {
    const kiosk = one(version, 'app-kiosk');
    expect(kiosk?.sources).toHaveLength(2);
    expect(kiosk?.revisions).toHaveLength(2);
    expect(kiosk?.destination.name).toBe('in-cluster');
  });

  test('nothing could be rendered: Argo CD says Healthy, the condition is kept', () => {
    const ghost = one(version, 'app-ghost');
    expect(ghost).toMatchObject({ sync: 'Unknown', health: 'Healthy' });
    expect(ghost?.conditions.map(({ type }) => type)).toContain('ComparisonError');
  });

  test('an operation that cannot succeed is retrying', () => {
    expect(one(version, 'app-bakery')?.operation).toMatchObject({ state: 'Retrying' });
  });

  test('a dry run is no operation', () => {
    expect(one(version, 'app-signage-after-dry-run')?.operation).toMatchObject({ state: 'None', dryRun: true });
  });

  test('every event of the live stream is one', () => {
    const text = recorded(version, 'stream-live-sse')
      .response.chunks.map((chunk) => chunk.text)
      .join('');
    const messages = text.split('\n').filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)) as object); // prettier-ignore
    const events = messages.map(toApplicationEvent);
    expect(events.length).toBeGreaterThan(9);
    for (const event of events)
      expect(event).toMatchObject({ kind: 'upsert', application: { namespace: 'argocd', name: expect.any(String) } });
  });

  test('lists: items, none, and what is no list', () => {
    expect(toApplicationList(JSON.parse(recorded(version, 'list-repair').response.body))?.items.length).toBeGreaterThan(5);
    expect(toApplicationList(JSON.parse(recorded(version, 'list-probe-no-match').response.body))).toMatchObject({
      items: [],
      resourceVersion: expect.stringMatching(/^\d+$/),
    });
    expect(toApplicationList(JSON.parse(recorded(version, 'list-expired-token').response.body))).toBeUndefined();
  });
});

/** An Application with something else in any place of it. */
const HONEST = {
  metadata: { name: 'a', namespace: 'n', uid: 'u', labels: { k: 'v' }, annotations: { 'edgefleet.dev/product': 'pos' }, deletionTimestamp: '2026-11-23T12:00:00Z' },
  spec: {
    project: 'p', destination: { server: 's', name: 'd', namespace: 'x' }, source: { repoURL: 'r', path: 'p', chart: 'c', targetRevision: 't' },
    sources: [{ repoURL: 'r', ref: 'values', name: 'one' }], sourceHydrator: { drySource: { repoURL: 'dry' } }, syncPolicy: { automated: { enabled: true } },
  },
  operation: { initiatedBy: { username: 'someone' } },
  status: {
    sync: { status: 'Synced', revision: 'abc', revisions: ['abc'] }, health: { status: 'Healthy', message: 'm', lastTransitionTime: '2026-11-23T12:00:00Z' },
    summary: { images: ['i'], externalURLs: ['e'] }, conditions: [{ type: 'SyncError', message: 'm', lastTransitionTime: '2026-11-23T12:00:00Z' }],
    operationState: {
      phase: 'Running', message: 'm', startedAt: '2026-11-23T12:00:00Z', finishedAt: '2026-11-23T12:00:00Z', retryCount: 2,
      operation: { initiatedBy: { automated: true }, sync: { dryRun: false } }, syncResult: { revision: 'abc', revisions: ['abc'] },
    },
    reconciledAt: '2026-11-23T12:00:00Z',
  },
}; // prettier-ignore
type Path = readonly string[];
const pathsOf = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
    : [path];
const replaced = (value: unknown, [key, ...rest]: Path, by: unknown): unknown => {
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...(value as unknown[])] as never) : { ...(value as object) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
};
const PATHS = pathsOf(HONEST);
const hostile = fc.oneof(
  fc.jsonValue(), fc.constant(null), fc.constant(Number.NaN), fc.string({ maxLength: 100 }), fc.constant('z'.repeat(100_000)),
  fc.array(fc.jsonValue(), { maxLength: 300 }), fc.constant(JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":1,"toString":"x"}')),
); // prettier-ignore

describe('hostile Applications', () => {
  test('a field of another type is absent, the rest stays, nothing throws, everything is bounded', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), hostile, (path, by) => {
        const raw = replaced(HONEST, path, by);
        const application = toApplication(raw);
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
        if (application === undefined) return;
        expect(HEALTH_STATUSES).toContain(application.health);
        expect(SYNC_STATUSES).toContain(application.sync);
        expect(JSON.stringify(application).length).toBeLessThan(2_000_000);
        expect(Object.keys(application.labels).length).toBeLessThanOrEqual(APPLICATION_LIMITS.labels);
        expect(application.images.length).toBeLessThanOrEqual(APPLICATION_LIMITS.images);
        expect(application.operation.retryCount).toBeGreaterThanOrEqual(0);
        for (const time of [application.healthSince, application.deletingSince, application.operation.startedAt]) {
          expect(time === undefined || Number.isFinite(time)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('any JSON at all is an Application, an event, a list, or nothing', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        toApplication(value);
        keyOf(value);
        toApplicationList(value);
        toApplicationEvent({ result: value });
        toApplicationEvent({ result: { application: value, type: value } });
      }),
    );
  });

  test('without a name it cannot be kept', () => {
    for (const name of [undefined, '', 7, null, {}]) expect(toApplication(replaced(HONEST, ['metadata', 'name'], name))).toBeUndefined();
  });

  test('an object without items is no empty list', () => {
    expect(toApplicationList({ metadata: {} })).toBeUndefined();
    expect(toApplicationList({ items: {} })).toBeUndefined();
    expect(toApplicationList({ items: null })).toEqual({ items: [], resourceVersion: undefined });
  });
});

describe('readings of single fields', () => {
  const of = (path: Path, by: unknown): ReturnType<typeof toApplication> => toApplication(replaced(HONEST, path, by));
  test('automated sync is on where it is named and not switched off', () => {
    expect(of(['spec', 'syncPolicy'], { automated: {} })?.autoSync).toBe(true);
    expect(of(['spec', 'syncPolicy'], { automated: { enabled: false } })?.autoSync).toBe(false);
    expect(of(['spec', 'syncPolicy'], {})?.autoSync).toBe(false);
  });

  test('a new Application has empty words: they are Unknown', () => {
    expect(of(['status'], { sync: { status: '' }, health: {} })).toMatchObject({ sync: 'Unknown', health: 'Unknown' });
  });

  test('an operation that nobody took up yet is queued, by whom it was asked for', () => {
    expect(of(['status', 'operationState'], undefined)?.operation).toMatchObject({ state: 'Queued', initiatedBy: 'someone' });
  });

  test('the remnant of a single source is no source beside several', () => {
    const application = of(['spec'], {
      source: { repoURL: '' },
      sources: [
        { repoURL: 'a', chart: 'c' },
        { repoURL: 'b', ref: 'v' },
      ],
    });
    expect(application?.sources.map(({ repoUrl }) => repoUrl)).toEqual(['a', 'b']);
  });

  test('the dry source of a hydrated Application is its source', () => {
    expect(of(['spec', 'sources'], [])?.sources).toEqual([{ repoUrl: 'dry' }]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isCommit, parseApplicationObject, parseCommit, syncProgress } from './application-object.ts';
import { parseApplicationTab } from './application-tabs.ts';
import { parseEvents } from './edge-events.ts';
import { edgePaths } from './edge-paths.ts';
import { containersOf, rolloutProgress } from './rollout-progress.ts';

const recorded = (version: string, name: string): unknown => {
  const file = new URL(`../../../../test/fixtures/argocd/${version}/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: { body: string } };
  return JSON.parse(response.body);
};
const VERSIONS = ['2.10.20', '2.14.21', '3.4.7', '3.5.1'];

describe('the whole Application', () => {
  test.each(VERSIONS)('Argo CD %s: history, resources and results are read', (version) => {
    const pos = parseApplicationObject(recorded(version, 'app-pos'))!;
    expect(pos.history.length).toBeGreaterThan(0);
    expect(pos.history.every(({ revisions, deployedAt }) => revisions.length > 0 && deployedAt !== undefined)).toBe(true);
    expect(pos.resources).toBe(pos.syncOf.size);
    expect(pos.synced.length).toBeGreaterThan(0);
  });

  test('history is newest first', () => {
    const ids = parseApplicationObject(recorded('3.5.1', 'app-pos'))!.history.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((left, right) => right - left));
  });

  test('several sources bring several revisions, and their parameters by tool', () => {
    const object = parseApplicationObject({
      spec: {
        sources: [
          { repoURL: 'https://charts', chart: 'shop', helm: { values: 'a: 1' } },
          { repoURL: 'https://git', ref: 'values' },
        ],
      },
      status: { history: [{ id: 7, revisions: ['4.18.1', '77bd10f'], initiatedBy: { username: 'fleet' } }] },
    })!;
    expect(object.history[0]).toMatchObject({ id: 7, revisions: ['4.18.1', '77bd10f'], initiatedBy: 'fleet' });
    expect(object.parameters).toEqual([{ source: 'helm: shop', yaml: 'values: "a: 1"\n' }]);
    expect(object.resources).toBeUndefined();
  });

  test('an error in its place is none, and nothing throws', () => {
    expect(parseApplicationObject({ error: 'permission denied', code: 7 })).toBeUndefined();
    fc.assert(
      fc.property(fc.jsonValue(), (answer) =>
        expect(() => [parseApplicationObject({ spec: {}, status: answer }), parseEvents(answer), parseCommit(answer)]).not.toThrow(),
      ),
    );
  });

  test('a commit may be asked for, a chart version has none', () => {
    expect(['e8f9fc4', '4.18.2', 'main', 'sha256:abc'].map(isCommit)).toEqual([true, false, false, false]);
    expect(parseCommit(recorded('3.5.1', 'revision-metadata'))).toMatchObject({ message: 'Turn a knob' });
  });

  test('progress counts what is no longer running', () => {
    const one = (phase: string, status = 'Synced') => ({
      key: phase,
      group: '',
      kind: 'Job',
      namespace: '',
      name: phase,
      status,
      phase,
      message: '',
    });
    expect(syncProgress([one('Running'), one('Succeeded'), one('', '')])).toEqual({ done: 1, all: 3 });
  });
});

describe('events', () => {
  test.each(VERSIONS)('Argo CD %s: newest first, each with its time', (version) => {
    const events = parseEvents(recorded(version, 'events-pos'));
    const times = events.map(({ lastAt }) => lastAt!);
    expect(times.length).toBeGreaterThan(0);
    expect(times).toEqual([...times].sort((left, right) => right - left));
    expect(events[0]!.object).toBe('Application pos');
  });
});

describe('a Rollout', () => {
  const rollout = (status: object, steps: readonly object[] = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }]): unknown => ({
    kind: 'Rollout', spec: { strategy: { canary: { steps } } }, status,
  }); // prettier-ignore

  test('says step, weight and why it pauses', () => {
    const status = {
      currentStepIndex: 1,
      pauseConditions: [{ reason: 'CanaryPauseStep' }],
      canary: { weights: { canary: { weight: 20 } } },
    };
    expect(rolloutProgress(rollout(status))).toEqual({
      strategy: 'canary', step: 1, steps: 3, weight: 20, paused: ['CanaryPauseStep'], aborted: false,
    }); // prettier-ignore
  });

  test('without traffic routing has the weight of the last step that set one', () => {
    expect([0, 1, 2, 3].map((currentStepIndex) => rolloutProgress(rollout({ currentStepIndex }))!.weight)).toEqual([20, 20, 60, 100]);
  });

  test('by blue and green has no steps, an aborted one says so, a Deployment is none', () => {
    expect(rolloutProgress({ kind: 'Rollout', spec: { strategy: { blueGreen: {} } }, status: { abort: true } })).toEqual({
      strategy: 'blueGreen', paused: [], aborted: true,
    }); // prettier-ignore
    expect(rolloutProgress({ kind: 'Deployment' })).toBeUndefined();
  });

  test('of a Pod, containers come before those that only start it', () => {
    expect(containersOf({ spec: { initContainers: [{ name: 'init' }], containers: [{ name: 'main' }, {}] } })).toEqual(['main', 'init']);
  });
});

describe('addresses', () => {
  test('a path of the edge names Application and namespace, and escapes what it must', () => {
    const paths = edgePaths({ edge: 'store-1', namespace: 'argo cd', name: 'a/b' });
    expect(paths.tree).toBe('edges/store-1/argocd/api/v1/applications/a%2Fb/resource-tree?appNamespace=argo+cd');
    expect(paths.commit('4f2c&x', 3, 1)).toBe(
      'edges/store-1/argocd/api/v1/applications/a%2Fb/revisions/4f2c%26x/metadata?appNamespace=argo+cd&versionId=3&sourceIndex=1',
    );
  });

  test('a tab that is none is the first', () => {
    expect([null, 'logs', '__proto__'].map(parseApplicationTab)).toEqual(['summary', 'logs', 'summary']);
  });
});

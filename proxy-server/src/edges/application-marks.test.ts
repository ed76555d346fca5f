import { describe, expect, test } from '@jest/globals';
import type { Application } from '../domain/application.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { applicationKeyText } from '../domain/ids.ts';
import { createApplicationMarks, keyOfText, printOf, type ApplicationMarks } from './application-marks.ts';
import { toApplication } from './to-application.ts';

const application = (name: string, project = 'shop', sync = 'Synced', health = 'Healthy'): Application =>
  toApplication({
    metadata: { name, namespace: 'argocd' },
    spec: { project },
    status: { sync: { status: sync }, health: { status: health } },
  })!;

const see = (marks: ApplicationMarks, seen: Application, phase: string): void => marks.see(applicationKeyText(seen), seen, phase);

describe('what a watch remembers of Applications', () => {
  test('those not seen in the newest snapshot are unseen, over any number of snapshots', () => {
    const marks = createApplicationMarks();
    for (let snapshot = 0; snapshot < 600; snapshot += 1) {
      marks.begin();
      see(marks, application('a'), '');
      if (snapshot % 2 === 0) see(marks, application('b'), '');
      expect(marks.unseen()).toEqual(snapshot % 2 === 0 ? [] : ['argocd/b']);
    }
    expect(marks.size).toBe(2);
    marks.forget('argocd/b');
    expect([...marks.keys()]).toEqual(['argocd/a']);
  });

  test('what is only remembered was not seen, and differs from everything a list can show', () => {
    const marks = createApplicationMarks();
    marks.remember({ namespace: 'argocd', name: 'a' });
    expect(marks.unseen()).toEqual(['argocd/a']);
    expect(marks.differs('argocd/a', printOf('Unknown', 'Unknown', ''))).toBe(true);
    expect(marks.projectOf('argocd/a')).toBeUndefined();
  });

  test('each combination of sync, health and phase has a print of its own', () => {
    const phases = ['', 'Running', 'Terminating', 'Failed', 'Error', 'Succeeded', 'SomethingNew'];
    const prints = SYNC_STATUSES.flatMap((sync) =>
      HEALTH_STATUSES.flatMap((health) => phases.map((phase) => printOf(sync, health, phase))),
    );
    expect(new Set(prints).size).toBe(3 * 6 * 7);
  });

  test('an Application differs when a list shows something else than was seen', () => {
    const marks = createApplicationMarks();
    see(marks, application('a'), 'Running');
    expect(marks.differs('argocd/a', printOf('Synced', 'Healthy', 'Running'))).toBe(false);
    expect(marks.differs('argocd/a', printOf('Synced', 'Degraded', 'Running'))).toBe(true);
    expect(marks.differs('argocd/a', printOf('Synced', 'Healthy', 'Succeeded'))).toBe(true);
    expect(marks.differs('argocd/new', printOf('Synced', 'Healthy', ''))).toBe(true);
  });

  test('projects are known by Application, thousands of them, and those beyond are not mixed up', () => {
    const marks = createApplicationMarks();
    for (let index = 0; index < 9_000; index += 1) see(marks, application(`a${index}`, `p${index}`), 'Succeeded');
    expect(marks.projectOf('argocd/a0')).toBe('p0');
    expect(marks.projectOf('argocd/a8000')).toBe('p8000');
    expect(marks.projectOf('argocd/a8999')).toBeUndefined();
    expect(marks.differs('argocd/a8000', printOf('Synced', 'Healthy', 'Succeeded'))).toBe(false);
    expect(marks.unseen()).toEqual([]);
  });
});

test.each([
  ['argocd/pos', { namespace: 'argocd', name: 'pos' }],
  ['/pos', { namespace: '', name: 'pos' }],
])('the text %s is its key again', (text, key) => {
  expect(keyOfText(text)).toEqual(key);
});

import * as React from 'react';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { anEdgeRow, NOW } from '../../test/fakes/fleet-answers.ts';
import { anApplicationDetail } from '../../test/fakes/fake-fleet-reader.ts';
import { installHub, type FakeHub } from '../../test/fakes/page-host.ts';
import type { ActionTarget, TargetState } from '../../proxy-server/src/domain/action.ts';
import { HubApp } from './HubApp.tsx';
import { servicesOf } from './services.ts';

// What is hidden is asked of the whole ancestry of every element, which jsdom takes seconds for.
configure({ defaultHidden: true });

const RUN = '00000000-0000-4000-8000-000000000001';
const EDGE = anEdgeRow(0).name;
const MAY = { allowed: true };
const all = (decision: object) => ({
  refresh: decision,
  hardRefresh: decision,
  sync: decision,
  terminate: decision,
  rollback: decision,
  autoSyncOn: decision,
});

const target = (index: number, state: TargetState, message = 'x'): ActionTarget => ({
  run: RUN, index, edge: EDGE, namespace: 'argocd', name: `app-${index}`, project: 'default', state, message, updatedAt: NOW,
}); // prettier-ignore
const run = (spec: object = { kind: 'sync', prune: false, dryRun: true, force: false, resources: [] }) => ({
  id: RUN, spec, by: { subject: 'ann', username: 'ann', scopes: [] }, reason: 'price rounding', createdAt: NOW, expiresAt: NOW + 3_600_000, width: 10,
}); // prettier-ignore

let hub: FakeHub;
/** Answers by the end of the path before its query. */
let answers: Record<string, { readonly status?: number; readonly body: unknown }>;
let posted: FakeHub['posted'];

beforeEach(() => {
  hub = installHub([anEdgeRow(0)]);
  document.head.innerHTML = '<base href="/">';
  ({ posted } = hub);
  answers = {};
  hub.answer = (path) => {
    const found = answers[path.replace(/^.*?api\/v1\//, '').split('?')[0] ?? ''];
    if (found === undefined) return undefined;
    const { status = 200, body } = found;
    return { status, type: status === 200 ? 'application/json' : 'application/problem+json', body: JSON.stringify(body) };
  };
});
afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

const open = (path: string): void => {
  window.history.replaceState(null, '', path);
  render(<HubApp services={servicesOf(window)} />);
};

describe('the tabs', () => {
  test('show doctor to who may run it, and to nobody else', async () => {
    open('/fleet');
    expect(await screen.findByRole('link', { name: 'Doctor' })).toBeTruthy();
    cleanup();
    answers['can-act'] = {
      body: { actions: all(MAY), doctor: { allowed: false, reason: 'no line', missingLine: 'p, ann, edges, doctor, *, allow' } },
    };
    open('/fleet/doctor');
    expect(await screen.findByText('p, ann, edges, doctor, *, allow')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Doctor' })).toBeNull();
  });
});

describe('a selection', () => {
  test('is acted on after what it touches was said, with a reason and its number typed; a bulk sync begins as a dry run', async () => {
    answers['actions/preview'] = {
      body: {
        applications: 37, edges: 12, notHeard: 2, away: ['ship-1'], refused: 1, confirm: true,
        refusals: [{ edge: 'store-9', namespace: 'argocd', name: 'pos', reason: 'It is read only', missingLine: 'p, ann, x, allow' }],
      },
    }; // prettier-ignore
    answers['actions'] = { body: { id: RUN, targets: 37, refused: 1, expiresAt: 0 } };
    answers[`actions/${RUN}`] = { body: { run: run(), counts: { Waiting: 36, Refused: 1 }, targets: [target(0, 'Waiting')], now: NOW } };
    open(`/fleet?view=table&sel=${EDGE}`);
    fireEvent.click(await screen.findByRole('button', { name: /^Act on the Applications of 1 edge/ }));
    fireEvent.click(screen.getByRole('menuitem', { name: /^Sync/ }));
    const dialog = await screen.findByRole('dialog', { name: /^Sync: / });
    await within(dialog).findByText('37 Applications on 12 edges');
    expect(within(dialog).getByText('ship-1')).toBeTruthy();
    expect(within(dialog).getByText('p, ann, x, allow')).toBeTruthy();
    const send = within(dialog).getByRole('button', { name: 'Sync (dry run)' });
    expect(send.hasAttribute('disabled')).toBe(true);
    fireEvent.change(within(dialog).getByLabelText('Reason'), { target: { value: 'price rounding' } });
    expect(within(dialog).getByText('Type the number.')).toBeTruthy();
    fireEvent.change(within(dialog).getByLabelText(/^Type 37/), { target: { value: '37' } });
    expect(send.hasAttribute('disabled')).toBe(false);
    fireEvent.click(send);
    expect(await screen.findByRole('heading', { name: 'Sync (dry run) on 37 Applications' })).toBeTruthy();
    expect(window.location.pathname).toBe(`/fleet/actions/${RUN}`);
    expect(posted.map(({ path }) => path)).toEqual([
      'extensions/edge-fleet-ops/api/v1/actions/preview',
      'extensions/edge-fleet-ops/api/v1/actions',
    ]);
    expect(posted[1]?.body).toMatchObject({
      edges: [EDGE],
      action: { kind: 'sync', dryRun: true },
      reason: 'price rounding',
      confirm: 37,
      width: 10,
      expiresInMs: 86_400_000,
    });
  });

  test('cannot be acted on where the hub does not let the user, and the line for the hub is there to paste', async () => {
    hub.answer = (path) => {
      const json = (body: object) => ({ status: 200, type: 'application/json', body: JSON.stringify(body) });
      if (path.endsWith('can-i/extensions/invoke/edge-fleet-ops')) return json({ value: 'no' });
      return path.endsWith('session/userinfo') ? json({ loggedIn: true, username: 'bob' }) : undefined;
    };
    open(`/fleet?view=table&sel=${EDGE}`);
    expect(await screen.findByText('p, bob, extensions, invoke, edge-fleet-ops, allow')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Act on/ })).toBeNull();
    expect(hub.asked.filter((path) => path.startsWith('extensions/edge-fleet-ops/'))).toEqual([]);
  });

  test('what was refused by the service is said in the sheet, which stays', async () => {
    answers['actions/preview'] = {
      status: 403,
      body: { title: 'Not allowed', status: 403, detail: 'no line', missingLine: 'p, ann, applications, sync, *, allow' },
    };
    open(`/fleet?view=table&sel=${EDGE}`);
    fireEvent.click(await screen.findByRole('button', { name: /^Act on/ }));
    fireEvent.click(screen.getByRole('menuitem', { name: /^Terminate/ }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('p, ann, applications, sync, *, allow')).toBeTruthy();
    fireEvent.keyDown(dialog, { key: 'Escape' });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('a run', () => {
  test('counts its targets by state, filters by them in the address, and is stopped', async () => {
    answers[`actions/${RUN}`] = {
      body: {
        run: run(),
        counts: { Succeeded: 2, Deferred: 1 },
        targets: [target(0, 'Succeeded'), target(1, 'Succeeded'), target(2, 'Deferred', 'The edge is out of reach')],
        now: NOW,
      },
    };
    answers[`actions/${RUN}/stop`] = { body: { stopped: true } };
    open(`/fleet/actions/${RUN}`);
    expect((await screen.findByRole('progressbar', { name: '2 of 3 ended' })).getAttribute('aria-valuenow')).toBe('2');
    expect(screen.getByText('The edge is out of reach')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Deferred 1' }));
    await waitFor(() => expect(window.location.search).toBe('?state=Deferred'));
    await waitFor(() => expect(hub.asked.some((path) => path.includes(`actions/${RUN}?limit=200&state=Deferred`))).toBe(true));
    fireEvent.click(screen.getByRole('button', { name: 'Give up 1 deferred' }));
    await waitFor(() => expect(posted.map(({ path }) => path)).toContain(`extensions/edge-fleet-ops/api/v1/actions/${RUN}/stop`));
  });

  test('gives one deferred Application up alone, and says what came of it', async () => {
    answers[`actions/${RUN}`] = {
      body: {
        run: run(),
        counts: { Running: 1, Deferred: 2 },
        targets: [target(0, 'Running'), target(1, 'Deferred'), target(2, 'Deferred')],
        now: NOW,
      },
    };
    answers[`actions/${RUN}/stop`] = { body: { stopped: true, targets: 1 } };
    open(`/fleet/actions/${RUN}`);
    fireEvent.click(await screen.findByRole('button', { name: `Give up app-2 on ${EDGE}` }));
    await waitFor(() => expect(posted).toEqual([{ path: `extensions/edge-fleet-ops/api/v1/actions/${RUN}/stop`, body: { targets: [2] } }]));
    expect(await screen.findByText(`app-2 on ${EDGE} is given up; the others go on`)).toBeTruthy();
    expect(screen.queryByRole('button', { name: `Give up app-0 on ${EDGE}` })).toBeNull();
  });

  test('that may not be given up by this user says why, where they clicked', async () => {
    answers[`actions/${RUN}`] = { body: { run: run(), counts: { Deferred: 1 }, targets: [target(0, 'Deferred')], now: NOW } };
    answers[`actions/${RUN}/stop`] = {
      status: 403,
      body: { title: 'Not allowed', status: 403, detail: 'No line of the policy allows it', missingLine: 'p, eve, x' },
    };
    open(`/fleet/actions/${RUN}`);
    fireEvent.click(await screen.findByRole('button', { name: `Give up app-0 on ${EDGE}` }));
    expect(await screen.findByText('p, eve, x')).toBeTruthy();
  });

  test('that was a dry run leads to the real one, for what would work', async () => {
    answers[`actions/${RUN}`] = {
      body: { run: run(), counts: { Succeeded: 1, Failed: 1 }, targets: [target(0, 'Succeeded'), target(1, 'Failed')], now: NOW },
    };
    answers['actions/preview'] = { body: { applications: 1, edges: 1, notHeard: 0, away: [], refused: 0, refusals: [], confirm: false } };
    open(`/fleet/actions/${RUN}`);
    fireEvent.click(await screen.findByRole('button', { name: /^Sync 1 for real/ }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByRole('button', { name: 'Sync' })).toBeTruthy();
    await waitFor(() =>
      expect(posted[0]?.body).toMatchObject({ action: { kind: 'sync', dryRun: false }, targets: [{ edge: EDGE }, { name: 'app-1' }] }),
    );
  });

  test('that is not there says so', async () => {
    answers[`actions/${RUN}`] = { status: 404, body: { title: 'Not found', status: 404, detail: 'There is no such action' } };
    open(`/fleet/actions/${RUN}`);
    expect(await screen.findByText('There is no such action')).toBeTruthy();
  });

  test('is in the list of all, which says so where there is none', async () => {
    answers['actions'] = { body: { items: [{ run: run(), counts: { Succeeded: 3 } }], now: NOW } };
    open('/fleet/actions');
    expect((await screen.findByRole('link', { name: 'Sync (dry run)' })).getAttribute('href')).toBe(`/fleet/actions/${RUN}`);
    expect(screen.getByText('3 done')).toBeTruthy();
    cleanup();
    answers['actions'] = { body: { items: [], now: NOW } };
    open('/fleet/actions');
    expect(await screen.findByRole('heading', { name: 'No actions yet' })).toBeTruthy();
  });
});

describe('the audit', () => {
  const sight = (over: object) => ({
    uid: '1',
    autoSync: true,
    history: [{ id: 4, revisions: ['a'.repeat(40)] }],
    sync: 'Synced',
    health: 'Healthy',
    deleting: false,
    ...over,
  });
  const line = (id: number, over: object = {}) => ({
    id, at: NOW, outcome: 'succeeded', subject: 'ann', username: 'ann', claimedGroups: [], action: 'rollback', edge: EDGE, namespace: 'argocd', application: 'pos',
    project: 'default', reason: 'prints twice', run: RUN, message: '', before: sight({}), after: sight({ autoSync: false }), ...over,
  }); // prettier-ignore

  test('says who did what where and why, and what changed; earlier lines come by hand', async () => {
    answers['audit'] = { body: { items: [line(9)], before: 9 } };
    open('/fleet/audit');
    expect(await screen.findByText('auto-sync on \u2192 off')).toBeTruthy();
    expect(screen.getByText('prints twice')).toBeTruthy();
    answers['audit'] = { body: { items: [line(5, { reason: 'long ago', after: sight({}) })] } };
    fireEvent.click(screen.getByRole('button', { name: 'Earlier lines' }));
    expect(await screen.findByText('long ago')).toBeTruthy();
    expect(screen.getByText('unchanged')).toBeTruthy();
    expect(hub.asked.some((path) => path.includes('before=9'))).toBe(true);
    expect(screen.queryByRole('button', { name: 'Earlier lines' })).toBeNull();
  });

  test('is filtered by the address, days and all, and says where nothing fits', async () => {
    answers['audit'] = { body: { items: [] } };
    open('/fleet/audit?user=ann&app=pos&outcome=failed&from=2026-11-01&to=2026-11-02');
    expect(await screen.findByRole('heading', { name: 'Nothing matches' })).toBeTruthy();
    const asked = new URLSearchParams(hub.asked.find((path) => path.includes('audit?'))?.split('?')[1]);
    expect(Object.fromEntries(asked)).toEqual({
      limit: '200', username: 'ann', application: 'pos', outcome: 'failed',
      since: String(new Date(2026, 10, 1).getTime()), until: String(new Date(2026, 10, 3).getTime()),
    }); // prettier-ignore
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
    expect(await screen.findByRole('heading', { name: 'Nothing was recorded yet' })).toBeTruthy();
    expect(window.location.search).toBe('');
  });
});

describe('doctor', () => {
  const checks = [
    { id: 'anchor', result: 'failed', message: 'There is no anchor', remedy: 'kubectl apply -k manifests/hub/anchor' },
    { id: 'config', result: 'ok', message: 'Every object can be used' },
    { id: 'tunnel', edge: EDGE, result: 'failed', message: 'Tunnel not connected', remedy: 'Check power and uplink' },
    { id: 'dns', edge: EDGE, result: 'ok', message: 'passed' },
  ];
  const latest = {
    startedAt: NOW - 2_000,
    finishedAt: NOW,
    username: 'ann',
    checks,
    edges: 3,
    shownEdges: 1,
    edgesBy: { ok: 2, warning: 0, failed: 1, notChecked: 0 },
  };

  test('was never run, is run, and says the fix', async () => {
    answers['doctor'] = { body: { now: NOW } };
    open('/fleet/doctor');
    const button = await screen.findByRole('button', { name: 'Run doctor' });
    answers['doctor'] = { body: { now: NOW, running: { startedAt: NOW, username: 'ann', done: 1, edges: 3 } } };
    fireEvent.click(button);
    expect(await screen.findByRole('progressbar', { name: '1 of 3 edges' })).toBeTruthy();
    answers['doctor'] = { body: { now: NOW, latest } };
    expect(await screen.findByText('kubectl apply -k manifests/hub/anchor', {}, { timeout: 4_000 })).toBeTruthy();
    expect(screen.getByText('Check power and uplink')).toBeTruthy();
    expect(screen.getByText('2 edges are well in every check')).toBeTruthy();
    expect(posted.filter(({ path }) => path.includes('-ops/'))).toEqual([{ path: 'extensions/edge-fleet-ops/api/v1/doctor', body: {} }]);
  });

  test('that could not run says why', async () => {
    answers['doctor'] = { body: { now: NOW, latest: { ...latest, checks: [], edges: 0, shownEdges: 0, problem: 'no namespace' } } };
    open('/fleet/doctor');
    expect(await screen.findByText('no namespace')).toBeTruthy();
  });
});

describe('one Application', () => {
  const AT = `edges/${EDGE}/applications/argocd/pos`;
  const page = `/fleet/edges/${EDGE}/applications/argocd/pos`;
  beforeEach(() => {
    answers[AT] = { body: anApplicationDetail(EDGE, 'pos', { autoSync: true, edgeState: 'Healthy' }) };
    answers[`edges/${EDGE}/argocd/api/v1/applications/pos`] = {
      body: { spec: {}, status: { history: [{ id: 3, revision: 'aaa' }, { id: 4, revision: 'bbb' }] } },
    };
    answers['actions'] = { body: { id: RUN, targets: 1, refused: 0, expiresAt: 0 } };
    answers[`actions/${RUN}`] = { body: { run: run({ kind: 'refresh' }), counts: { Succeeded: 1 }, targets: [target(0, 'Succeeded', 'Compared again')], now: NOW } };
    answers['actions/preview'] = { body: { applications: 1, edges: 1, notHeard: 0, away: [], refused: 0, refusals: [], confirm: false } };
  }); // prettier-ignore

  test('is refreshed at once, and what became of it stays in the address', async () => {
    open(page);
    const refresh = await screen.findByRole('button', { name: 'Refresh' });
    await waitFor(() => expect(refresh.hasAttribute('disabled')).toBe(false));
    fireEvent.click(refresh);
    expect(await screen.findByText('Compared again')).toBeTruthy();
    expect(window.location.search).toBe(`?run=${RUN}`);
    expect(posted[0]?.body).toMatchObject({ action: { kind: 'refresh' }, targets: [{ edge: EDGE, namespace: 'argocd', name: 'pos' }] });
  });

  test('is rolled back from its history only when it was said that auto-sync is turned off', async () => {
    open(`${page}?tab=history`);
    fireEvent.click(await screen.findByRole('button', { name: /^Roll back to 3/ }));
    expect(screen.queryByRole('button', { name: /^Roll back to 4/ })).toBeNull();
    const dialog = await screen.findByRole('dialog', { name: 'Roll back: pos' });
    await within(dialog).findByText('Say that auto-sync is turned off.');
    fireEvent.click(within(dialog).getByLabelText(/^Turn auto-sync off first/));
    fireEvent.change(within(dialog).getByLabelText('Reason'), { target: { value: 'prints twice' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Roll back' }));
    await waitFor(() =>
      expect(posted.at(-1)?.body).toMatchObject({ action: { kind: 'rollback', to: 3, turnAutoSyncOff: true }, reason: 'prints twice' }),
    );
  });

  test('that may not be acted on shows its controls disabled, and why', async () => {
    const reason = 'Edge store-1 has access: ReadOnly';
    answers['can-act'] = { body: { actions: all({ allowed: false, reason, missingLine: '' }), doctor: MAY } };
    open(page);
    expect(await screen.findByText(reason)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Refresh' }).hasAttribute('disabled')).toBe(true);
    expect(screen.getByRole('button', { name: /^Sync/ }).hasAttribute('disabled')).toBe(true);
  });

  test('whose auto-sync is off since a rollback says so, and turning it on says that it syncs forward', async () => {
    answers[AT] = { body: anApplicationDetail(EDGE, 'pos', { autoSync: false, edgeState: 'Healthy' }) };
    answers['can-act'] = {
      body: { actions: all(MAY), doctor: MAY, autoSyncOff: { run: RUN, username: 'ann', at: NOW, reason: 'prints twice' } },
    };
    open(page);
    expect(await screen.findByText('Auto-sync is off since a rollback')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^Turn auto-sync on/ }));
    expect(within(await screen.findByRole('dialog')).getByText(/the edge syncs forward/)).toBeTruthy();
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createApiHarness, OPS_SECRET, seesRegion, throughHub, VIEW_SECRET, type ApiHarness } from '../../../test/api-harness.ts';
import { anEdge } from '../../../test/edge-builders.ts';
import { anApplicationDetail, anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import { REFUSAL_WORDS } from '../domain/permissions.ts';
import type { Rights } from '../ports/rights.ts';
import { openSqliteJournal, type Journal } from '../history/sqlite-journal.ts';
import type { DoctorRuns } from '../ports/doctor-runs.ts';
import { actionRoutes } from './routes/actions.ts';
import { auditRoutes } from './routes/audit.ts';
import { canActRoutes } from './routes/can-act.ts';
import { doctorRoutes } from './routes/doctor.ts';

let folder: string;
let journal: Journal;
let harness: ApiHarness;
let doctor: DoctorRuns;
const woken: string[] = [];
let decide: Rights['can'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ef-actions-api-'));
  journal = openSqliteJournal(join(folder, 'journal.sqlite'), 0);
  woken.length = 0;
  decide = (identity, _action, object) =>
    identity.scopes.has('edge-fleet-ops')
      ? { allowed: true }
      : {
          allowed: false,
          reason: `no ${object.resource}`,
          missingLine: `p, ${identity.subject}, extensions, invoke, edge-fleet-ops, allow`,
        };
  let id = 0;
  const rights: Rights = {
    visibility: () => {
      throw new Error('not asked');
    },
    can: (...asked) => decide(...asked),
  };
  doctor = { running: undefined, latest: undefined, start: () => true };
  harness = createApiHarness({
    routers: (contexts) => [
      actionRoutes({
        fleet: laterFleet(),
        objects: laterObjects(),
        rights,
        store: journal.actions,
        audit: journal.audit,
        contexts,
        wake: (run) => Promise.resolve(void woken.push(run)),
        newId: () => `00000000-0000-4000-8000-${String((id += 1)).padStart(12, '0')}`,
        now: () => id * 1_000,
      }),
      canActRoutes({ fleet: laterFleet(), objects: laterObjects(), rights, store: journal.actions, contexts }),
      doctorRoutes({ runs: later(() => doctor), rights, contexts, audit: journal.audit, now: () => 5_000 }),
      auditRoutes(journal.audit, laterObjects(), contexts),
    ],
  }); // prettier-ignore
  harness.objects.putEdges([
    anEdge('store-1', 'https://store-1.example.com', { access: 'Operate', labels: { region: 'north' } }),
    anEdge('store-2', 'https://store-2.example.com', { labels: { region: 'south' } }),
  ]);
  harness.fleet.putEdges([
    anEdgeDetail('store-1', { labels: { region: 'north' } }),
    anEdgeDetail('store-2', { labels: { region: 'south' } }),
  ]);
  harness.fleet.putApplications([anApplicationDetail('store-1', 'pos'), anApplicationDetail('store-2', 'pos')]);
});
afterEach(async () => {
  await harness.close();
  journal.close();
  rmSync(folder, { recursive: true });
});

/** The routers are made before the harness is there; what they are given is looked up when a request comes. */
const later = <T extends object>(read: () => T): T =>
  new Proxy({} as T, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(read(), name);
      return typeof value === 'function' ? (value.bind(read()) as unknown) : value;
    },
  });
const laterFleet = () => later(() => harness.fleet);
const laterObjects = () => later(() => harness.objects);

const post = (path: string, body: object, secret = OPS_SECRET, user = 'ann') =>
  request(harness.api.app).post(`/api/v1${path}`).set(throughHub(user, secret)).set('content-type', 'application/json').send(body);
const get = (path: string, user = 'ann') => request(harness.api.app).get(`/api/v1${path}`).set(throughHub(user, VIEW_SECRET));
const target = (edge: string) => ({ edge, namespace: 'argocd', name: 'pos' });
const sync = (...edges: readonly string[]) => ({ action: { kind: 'sync' }, targets: edges.map(target), reason: 'price rounding' });

describe('asking for an action', () => {
  test('writes the run and its audit, and wakes the controller', async () => {
    const answer = await post('/actions', sync('store-1'));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ targets: 1, refused: 0 });
    expect(woken).toEqual([answer.body.id]);
    expect(await journal.audit.list({ limit: 5 })).toMatchObject([
      { outcome: 'asked', username: 'ann', edge: 'store-1', reason: 'price rounding', claimedGroups: [] },
    ]);
    expect((await get(`/actions/${answer.body.id}`)).body.targets).toMatchObject([{ state: 'Waiting', edge: 'store-1' }]);
    expect((await get('/actions')).body.items).toMatchObject([{ counts: { Waiting: 1 } }]);
  });

  test('without the ops secret is refused with the line for the hub, and the refusal is audited', async () => {
    const answer = await post('/actions', sync('store-1'), VIEW_SECRET);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ missingLine: 'p, ann, extensions, invoke, edge-fleet-ops, allow' });
    expect(woken).toEqual([]);
    expect(await journal.audit.list({ limit: 5 })).toMatchObject([{ outcome: 'refused', edge: 'store-1' }]);
  });

  test('an edge that is read only is refused by name, the others go on', async () => {
    const answer = await post('/actions', sync('store-1', 'store-2'));
    expect(answer.body).toMatchObject({ targets: 2, refused: 1 });
    const [, refused] = (await get(`/actions/${answer.body.id}`)).body.targets;
    expect(refused).toMatchObject({ state: 'Refused', message: expect.stringContaining('Set spec.access to Operate') });
  });

  test('a hidden Application cannot be named, and reads like one that is not there', async () => {
    harness.visibilities.set('bob', seesRegion('north'));
    const hidden = await post('/actions', sync('store-2'), OPS_SECRET, 'bob');
    const unknown = await post('/actions', sync('store-9'), OPS_SECRET, 'bob');
    expect([hidden.status, unknown.status]).toEqual([404, 404]);
    expect(JSON.parse(hidden.text).detail.replace('store-2', '')).toBe(JSON.parse(unknown.text).detail.replace('store-9', ''));
    const lines = await journal.audit.list({ limit: 5 });
    expect(lines).toMatchObject(['store-9', 'store-2'].map((edge) => ({ outcome: 'refused', username: 'bob', action: 'sync', edge })));
  });

  test('preview counts edges, those not heard and those refused, and writes nothing', async () => {
    const answer = await post('/actions/preview', { action: { kind: 'refresh' }, targets: [target('store-1'), target('store-2')] });
    expect(answer.body).toMatchObject({ applications: 2, edges: 2, refused: 1, confirm: false, refusals: [{ edge: 'store-2' }] });
    expect(await journal.actions.runs(5)).toEqual([]);
  });

  test('a large one wants its number typed', async () => {
    const many = Array.from({ length: 21 }, (_, n) => anApplicationDetail('store-1', `app-${n}`));
    harness.fleet.putApplications(many);
    const body = {
      action: { kind: 'refresh' },
      targets: many.map(({ name }) => ({ edge: 'store-1', namespace: 'argocd', name })),
      reason: 'x',
    };
    expect((await post('/actions', body)).status).toBe(409);
    expect((await post('/actions', { ...body, confirm: 21 })).status).toBe(200);
  });

  test.each<[what: string, body: object]>([
    ['no reason', { action: { kind: 'sync' }, targets: [target('store-1')] }],
    ['neither targets nor query', { action: { kind: 'sync' }, reason: 'x' }],
    ['an unknown kind', { action: { kind: 'delete' }, targets: [target('store-1')], reason: 'x' }],
    ['an unknown option', { action: { kind: 'sync', pune: true }, targets: [target('store-1')], reason: 'x' }],
  ])('%s is a 400', async (_what, body) => {
    expect((await post('/actions', body)).status).toBe(400);
  });

  test('a form is refused: the header that only a script can send is needed', async () => {
    const answer = await request(harness.api.app).post('/api/v1/actions').set(throughHub('ann', OPS_SECRET)).type('form').send('a=b');
    expect(answer.status).toBe(415);
  });
});

describe('all Applications of edges', () => {
  test('are asked for by the names of the edges, and an edge that may not be seen cannot be named', async () => {
    const answer = await post('/actions', { action: { kind: 'refresh' }, edges: ['store-1'], reason: 'x' });
    expect(answer.body).toMatchObject({ targets: 1, refused: 0 });
    harness.visibilities.set('bob', seesRegion('north'));
    expect((await post('/actions', { action: { kind: 'refresh' }, edges: ['store-2'], reason: 'x' }, OPS_SECRET, 'bob')).status).toBe(404);
    expect((await post('/actions', { action: { kind: 'refresh' }, edges: ['store-1'], query: '', reason: 'x' })).status).toBe(400);
  });
});

describe('runs', () => {
  test('are listed with the counts of what one may see, page by page, and their targets by state', async () => {
    const { id } = (await post('/actions', sync('store-1', 'store-2'))).body as { id: string };
    await post('/actions', { action: { kind: 'refresh' }, targets: [target('store-2')], reason: 'x' }, OPS_SECRET, 'bob');
    harness.visibilities.set('north', seesRegion('north')).set('nobody', seesRegion('nowhere'));
    const listed = async (user: string, query = '') => (await get(`/actions${query}`, user)).body as { items: { run: { id: string }; counts: object }[]; before?: number };
    expect((await listed('north')).items).toMatchObject([{ run: { id }, counts: { Waiting: 1 } }]);
    expect((await listed('north')).items[0]?.counts).not.toHaveProperty('Refused');
    expect((await listed('nobody')).items).toEqual([]);
    expect((await get(`/actions/${id}`, 'nobody')).status).toBe(404);
    const first = await listed('ann', '?limit=1');
    expect(first.items).toHaveLength(1);
    expect((await listed('ann', `?limit=1&before=${first.before}`)).items).toMatchObject([{ run: { id } }]);
    const refused = (await get(`/actions/${id}?state=Refused`)).body as { targets: object[]; counts: object };
    expect(refused).toMatchObject({ targets: [{ edge: 'store-2' }], counts: { Waiting: 1, Refused: 1 } });
    expect(refused.targets).toHaveLength(1);
  }); // prettier-ignore
});

describe('what one may do', () => {
  const can = (query: string, secret = OPS_SECRET, user = 'ann') =>
    request(harness.api.app).get(`/api/v1/can-act${query}`).set(throughHub(user, secret));

  test('in general says whether the hub lets this user act at all', async () => {
    expect((await can('')).body).toMatchObject({ actions: { sync: { allowed: true }, rollback: { allowed: true } }, doctor: { allowed: true } });
    expect((await can('', VIEW_SECRET)).body.actions.sync).toMatchObject({ allowed: false, missingLine: 'p, ann, extensions, invoke, edge-fleet-ops, allow' });
  }); // prettier-ignore

  test('on one Application names what is missing, per action', async () => {
    const own = decide;
    decide = (identity, action, object) =>
      action === 'sync' ? { allowed: false, reason: 'no line', missingLine: 'p, ann, applications, sync, x, allow' } : own(identity, action, object);
    const { body } = await can('?edge=store-1&namespace=argocd&application=pos');
    expect(body).toMatchObject({ actions: { refresh: { allowed: true }, sync: { allowed: false, reason: 'no line' }, autoSyncOn: { allowed: false } } });
    expect(body).not.toHaveProperty('autoSyncOff');
    const readOnly = (await can('?edge=store-2&namespace=argocd&application=pos')).body;
    expect(readOnly.actions.refresh).toMatchObject({ allowed: false, reason: expect.stringContaining('spec.access to Operate'), missingLine: '' });
    harness.visibilities.set('bob', seesRegion('north'));
    expect((await can('?edge=store-2&namespace=argocd&application=pos', OPS_SECRET, 'bob')).status).toBe(404);
    expect((await can('?edge=store-1')).status).toBe(400);
  }); // prettier-ignore

  test('tells who turned auto-sync off, until it was turned on again', async () => {
    const SIGHT = { uid: '1', history: [], sync: 'Synced', health: 'Healthy', deleting: false } as const;
    const ended = async (id: string, over: object) => {
      const [found] = await journal.actions.targets(id, { limit: 1 });
      await journal.actions.update({ ...found!, state: 'Succeeded', intent: { step: 'act', at: 1, tries: 1 }, ...over });
    };
    const rollback = { action: { kind: 'rollback', to: 'previous', turnAutoSyncOff: true }, targets: [target('store-1')], reason: 'bad prices' };
    await ended((await post('/actions', rollback)).body.id, { before: { ...SIGHT, autoSync: true, automated: {} } });
    const asked = () => can('?edge=store-1&namespace=argocd&application=pos');
    expect((await asked()).body.autoSyncOff).toMatchObject({ username: 'ann', reason: 'bad prices' });
    await ended((await post('/actions', { ...rollback, action: { kind: 'autoSyncOn' } })).body.id, {});
    expect((await asked()).body).not.toHaveProperty('autoSyncOff');
  }); // prettier-ignore
});

describe('doctor', () => {
  const ask = (user = 'ann', secret = OPS_SECRET) => request(harness.api.app).get('/api/v1/doctor').set(throughHub(user, secret));

  test('shows the hub first, then the worst edges, and counts what it does not send', async () => {
    const check = (edge: string | undefined, result: 'ok' | 'failed') => ({ id: 'dns', result, message: 'x', ...(edge === undefined ? {} : { edge }) });
    const checks = [check(undefined, 'ok'), ...Array.from({ length: 250 }, (_, n) => check(`store-${n}`, n === 249 ? 'failed' : 'ok'))];
    doctor = { running: undefined, latest: { startedAt: 1, finishedAt: 2, username: 'ann', checks }, start: () => false };
    const { latest } = (await ask()).body as { latest: { checks: { edge?: string }[] } };
    expect(latest).toMatchObject({ edges: 250, shownEdges: 200, edgesBy: { ok: 249, failed: 1 } });
    expect(latest.checks.slice(0, 2)).toMatchObject([{ result: 'ok' }, { edge: 'store-249', result: 'failed' }]);
    expect(latest.checks).toHaveLength(201);
  }); // prettier-ignore

  test('starts for the hub that sent the request', async () => {
    const started: unknown[] = [];
    doctor = { ...doctor, start: (...given) => started.push(given) > 0 };
    expect((await post('/doctor', {})).status).toBe(200);
    expect(started).toEqual([['ann', { hubNamespace: 'argocd', anchor: 'edge-fleet' }]]);
    expect(await journal.audit.list({ limit: 5 })).toMatchObject([{ action: 'doctor', outcome: 'asked', username: 'ann' }]);
  });

  test('is refused in words without the line, without the ops secret, and to who may not see everything', async () => {
    harness.visibilities.set('bob', seesRegion('north'));
    expect(JSON.parse((await ask('bob')).text)).toMatchObject({ status: 403, missingLine: 'p, bob, applications, get, */*/*, allow' });
    expect((await ask('ann', VIEW_SECRET)).status).toBe(403);
    decide = () => ({ allowed: false, reason: 'no line', missingLine: 'p, ann, edges, doctor, *, allow' });
    expect(JSON.parse((await post('/doctor', {})).text)).toMatchObject({ status: 403, missingLine: 'p, ann, edges, doctor, *, allow' });
    expect(await journal.audit.list({ limit: 5 })).toMatchObject([
      { action: 'doctor', outcome: 'refused', username: 'ann', message: 'no line' },
    ]);
  });
});

describe('stopping', () => {
  test('is for who asked and for who could have asked, and is audited', async () => {
    const { id } = (await post('/actions', sync('store-1'))).body as { id: string };
    const own = decide;
    decide = (identity, ...rest) =>
      identity.username === 'eve' ? { allowed: false, reason: 'no line', missingLine: 'p, eve' } : own(identity, ...rest);
    expect((await post(`/actions/${id}/stop`, {}, OPS_SECRET, 'eve')).status).toBe(403);
    expect((await post(`/actions/${id}/stop`, {}, VIEW_SECRET)).status).toBe(403);
    expect((await post(`/actions/${id}/stop`, {})).body).toEqual({ stopped: true });
    expect((await post(`/actions/${id}/stop`, {})).body).toEqual({ stopped: false });
    expect((await journal.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'stop', outcome: 'stopped', username: 'ann', run: id });
    expect((await journal.actions.run(id))?.stoppedBy).toBe('ann');
    const refusals = await journal.audit.list({ limit: 5, outcome: 'refused' });
    expect(refusals.map(({ username, action, message }) => [username, action, message])).toEqual([
      ['ann', 'stop', REFUSAL_WORDS.notThroughOps],
      ['eve', 'stop', 'no line'],
    ]);
  });

  const both = async (): Promise<string> => {
    harness.objects.putEdges([
      anEdge('store-1', 'https://store-1.example.com', { access: 'Operate', labels: { region: 'north' } }),
      anEdge('store-2', 'https://store-2.example.com', { access: 'Operate', labels: { region: 'south' } }),
    ]);
    return ((await post('/actions', sync('store-1', 'store-2'))).body as { id: string }).id;
  };

  test('one target alone is given up, with who did it and the end of what was asked; the others and the run go on', async () => {
    const id = await both();
    expect((await post(`/actions/${id}/stop`, { targets: [1] })).body).toEqual({ stopped: true, targets: 1 });
    expect((await post(`/actions/${id}/stop`, { targets: [1] })).body).toEqual({ stopped: false, targets: 0 });
    expect((await get(`/actions/${id}`)).body).toMatchObject({
      counts: { Waiting: 1, Stopped: 1 },
      targets: [{ state: 'Waiting' }, { state: 'Stopped', message: 'Stopped by ann before its turn' }],
    });
    expect((await journal.actions.run(id))?.stoppedBy).toBeUndefined();
    expect(woken).toEqual([id, id]);
    expect(await journal.audit.list({ limit: 2 })).toMatchObject([
      { action: 'sync', outcome: 'stopped', username: 'ann', edge: 'store-2', application: 'pos', run: id },
      { action: 'stop', outcome: 'stopped', username: 'ann', edge: 'store-2', application: 'pos', run: id },
    ]);
    expect((await post('/actions', sync('store-2'))).body).toMatchObject({ refused: 0 }); // it holds the Application no longer
  });

  test('what has begun is not given up', async () => {
    const id = await both();
    const [first] = await journal.actions.targets(id, { limit: 1 });
    await journal.actions.update({ ...first!, state: 'Sent' });
    expect((await post(`/actions/${id}/stop`, { targets: [0] })).body).toEqual({ stopped: false, targets: 0 });
    expect((await get(`/actions/${id}`)).body.targets[0].state).toBe('Sent');
  });

  test('somebody else gives up only what they could have asked for, and the refusal names the place', async () => {
    const id = await both();
    harness.visibilities.set('bob', seesRegion('north'));
    expect((await post(`/actions/${id}/stop`, { targets: [1] }, OPS_SECRET, 'bob')).status).toBe(403);
    expect((await journal.audit.list({ limit: 1 }))[0]).toMatchObject({ outcome: 'refused', username: 'bob', edge: 'store-2' });
    expect((await post(`/actions/${id}/stop`, { targets: [0] }, OPS_SECRET, 'bob')).body).toEqual({ stopped: true, targets: 1 });
    expect((await post(`/actions/${id}/stop`, { targets: [7] })).status).toBe(404);
    expect((await post(`/actions/${id}/stop`, { targets: [] })).status).toBe(400);
    expect((await post(`/actions/${id}/stop`, { targets: [0] }, VIEW_SECRET)).status).toBe(403);
  });
});

describe('the audit', () => {
  test('shows lines of what one may see, and of oneself; as CSV without formulas', async () => {
    await post('/actions', { ...sync('store-1'), reason: '=HYPERLINK("x")' });
    await post('/actions', sync('store-2'), OPS_SECRET, 'bob');
    harness.visibilities.set('bob', seesRegion('nowhere')).set('north', seesRegion('north'));
    const users = async (user: string): Promise<readonly string[]> =>
      ((await get('/audit', user)).body.items as { username: string }[]).map(({ username }) => username);
    expect(await users('ann')).toEqual(['bob', 'ann']);
    expect(await users('bob')).toEqual(['bob']);
    expect(await users('north')).toEqual(['ann']);
    const csv = await get('/audit.csv');
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text.split('\r\n')[0]).toMatch(/^id,at,username,subject,/);
    expect(csv.text).toContain(`"'=HYPERLINK(""x"")"`);
  });

  test('is asked by edge, outcome and time, page by page', async () => {
    await post('/actions', sync('store-1', 'store-2'));
    expect((await get('/audit?edge=store-2')).body.items).toMatchObject([{ outcome: 'refused' }]);
    expect((await get('/audit?outcome=asked')).body.items).toHaveLength(1);
    expect((await get('/audit?since=2000')).body.items).toHaveLength(0);
    const first = (await get('/audit?limit=1')).body;
    expect(first.items).toHaveLength(1);
    expect((await get(`/audit?limit=1&before=${first.before}`)).body.items[0].id).toBeLessThan(first.items[0].id);
  });

  test('cannot be changed or shortened, not even by SQL', async () => {
    await post('/actions', sync('store-1'));
    journal.close();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(folder, 'journal.sqlite'));
    expect(() => database.exec('DELETE FROM audit')).toThrow(/append-only/);
    expect(() => database.exec("UPDATE audit SET username = 'x'")).toThrow(/append-only/);
    database.close();
    journal = openSqliteJournal(join(folder, 'journal.sqlite'), 0);
  });
});

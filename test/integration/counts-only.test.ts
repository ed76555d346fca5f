/**
 * An edge with `access: CountsOnly` lets counts out of its row and nothing else. Two worlds that differ in nothing but what such an edge holds (names,
 * versions, messages, addresses, revisions, its Argo CD) must give the same answer to every question, to everybody: then no answer tells them apart,
 * whatever is asked. Every route of the OpenAPI document is asked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOpenApi } from '../../proxy-server/src/api/openapi.ts';
import type { ActionRun, ActionTarget } from '../../proxy-server/src/domain/action.ts';
import { edgeChecks } from '../../proxy-server/src/domain/doctor-edge.ts';
import type { EdgeFailure } from '../../proxy-server/src/domain/failure.ts';
import { parseProductId } from '../../proxy-server/src/domain/ids.ts';
import { QUERY_FIELDS } from '../../proxy-server/src/domain/query-fields.ts';
import { SEES_EVERYTHING, type Visibility } from '../../proxy-server/src/domain/visibility.ts';
import { openSqliteJournal } from '../../proxy-server/src/history/sqlite-journal.ts';
import type { Rights } from '../../proxy-server/src/ports/rights.ts';
import { allRouters } from '../all-routes.ts';
import { createApiHarness, OPS_SECRET, throughHub } from '../api-harness.ts';
import { anApplication } from '../application-builder.ts';
import { anEdge } from '../edge-builders.ts';
import { fleetStateHarness } from '../fleet-state-harness.ts';

const RUN = '00000000-0000-4000-8000-0000000000aa';
const POS = parseProductId('pos')!;
/** Long enough to be in no answer by chance. */
const word = fc.stringMatching(/^zq[a-z]{10}$/);
const details = fc.record({
  name: word, project: word, namespace: word, message: word, image: word, version: word, revision: word, repo: word, host: word, label: word, account: word,
  argocd: fc.integer({ min: 10, max: 99 }), skewMs: fc.integer({ min: 1_000, max: 20_000 }),
}); // prettier-ignore
type Details = typeof details extends fc.Arbitrary<infer T> ? T : never;
const wordsOf = (of: Details): readonly string[] => Object.values(of).filter((value) => typeof value === 'string');

const RITA: Visibility = { key: 'rita', all: false, edge: () => true, application: () => true };
const RIGHTS: Rights = {
  visibility: (identity) => (identity.username === 'rita' ? RITA : SEES_EVERYTHING),
  can: () => ({ allowed: true }),
};

interface World {
  readonly ask: (path: string, user: string, body?: object) => Promise<string>;
  readonly told: () => Promise<string>;
  readonly close: () => Promise<void>;
}

const failureOf = (of: Details): EdgeFailure => ({
  kind: 'edgeToken', row: 22, sign: `401 with ${of.message}`, status: 401, cfRay: of.account, argocdMessage: of.message, bodyPrefix: of.message,
}); // prettier-ignore

const applicationOf = (of: Details, over: object = {}) =>
  anApplication({
    name: of.name,
    namespace: of.namespace,
    project: of.project,
    labels: { [of.label]: of.label, part: 'pos' },
    destination: { name: of.host, namespace: of.namespace },
    sources: [{ repoUrl: `https://${of.repo}.example.com/x.git`, path: of.name, targetRevision: of.revision }],
    revisions: [of.revision],
    images: [`r/pos:${of.version}`, `r/${of.image}:1`],
    externalUrls: [`https://${of.host}.example.com`],
    conditions: [{ type: 'SyncError', message: of.message }],
    operation: { state: 'Failed', dryRun: false, retryCount: 1, message: of.message, initiatedBy: of.account, revisions: [of.revision] },
    ...over,
  });

function journalled(of: Details, now: number): { readonly run: ActionRun; readonly target: ActionTarget } {
  const sight = { uid: of.name, autoSync: true, history: [{ id: 1, revisions: [of.revision] }], sync: 'Synced', health: 'Healthy', deleting: false };
  return {
    run: {
      id: RUN, spec: { kind: 'sync', prune: false, dryRun: false, force: false, resources: [] }, by: { subject: 'ann', username: 'ann', scopes: [] },
      reason: 'from before', createdAt: now, expiresAt: now + 1_000_000, width: 1,
    },
    target: {
      run: RUN, index: 0, edge: 'quiet', namespace: of.namespace, name: of.name, project: of.project, state: 'Deferred', message: of.message, before: sight, updatedAt: now,
    },
  };
} // prettier-ignore

/** The same fleet but for what the quiet edge holds. */
async function aWorld(of: Details, isAway: boolean): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ef-counts-'));
  const journal = openSqliteJournal(join(folder, 'journal.sqlite'), 0);
  const fleet = fleetStateHarness({ yamlOf: () => JSON.stringify(of) });
  const { state, runtime } = fleet;
  const { reader, sink } = state;
  const quiet = anEdge('quiet', `https://${of.host}.example.com`, { access: 'CountsOnly', labels: { region: 'north' }, pins: [{ product: POS, version: of.version, reason: of.message }] }); // prettier-ignore
  const answers = { edge: 'quiet', access: 'CountsOnly', direct: false, version: `v3.${of.argocd}.0`, skewMs: of.skewMs } as const;
  const failed = { failure: failureOf(of), title: 'The token is refused', remedy: 'Make a new one' };
  const checks = edgeChecks({ ...answers, reached: isAway ? failed : undefined, read: isAway ? failed : { applications: 2 } });
  const harness = createApiHarness({
    reader,
    opsApart: true,
    routers: allRouters({
      journal,
      rights: RIGHTS,
      doctor: { running: undefined, latest: { startedAt: 1, finishedAt: 2, username: 'ann', checks }, start: () => true },
      fleet: () => reader,
      objects: () => harness.objects,
    }),
  });
  harness.visibilities.set('rita', RITA);
  harness.objects.putEdges([quiet, anEdge('open', 'https://open.example.com')]);
  harness.putProblems([{ where: 'x', object: 'Edge quiet', field: 'spec.url', value: of.host, remedy: 'Mend it', severity: 'error' }]);
  state.setProducts([{ id: POS, matchLabels: { part: 'pos' }, version: [{ kind: 'image', image: 'r/pos' }] }]);
  await state.start();
  for (const edge of [quiet, anEdge('open', 'https://open.example.com')]) sink.putEdge(edge);
  sink.putApplications(quiet.id, [
    applicationOf(of, { health: 'Degraded', healthMessage: of.message }),
    applicationOf({ ...of, name: `${of.name}-2` }, { sync: 'OutOfSync' }),
  ]);
  sink.putFacts(quiet.id, {
    argocdVersion: `v3.${of.argocd}.0`, clockSkewMs: of.skewMs, missingCapabilities: [of.message], identity: of.account, url: `https://${of.host}`, mode: 'stream',
  }); // prettier-ignore
  sink.heard(quiet.id, runtime.clock.now());
  const report = { since: runtime.clock.now(), attempts: 1 };
  sink.putConnection(
    quiet.id,
    isAway ? { ...report, connection: 'Refused', failure: failureOf(of) } : { ...report, connection: 'Reachable' },
  );
  await fleet.settle();
  const { run, target } = journalled(of, runtime.clock.now());
  const entry = {
    at: 1,
    subject: 'ann',
    username: 'ann',
    claimedGroups: [],
    action: 'sync',
    outcome: 'failed',
    edge: 'quiet',
    reason: 'from before',
    run: RUN,
  } as const;
  await journal.actions.create(run, [target], (one) => ({
    ...entry, namespace: of.namespace, application: of.name, project: of.project, message: of.message, ...(one.before === undefined ? {} : { before: one.before }),
  })); // prettier-ignore
  const { url } = await harness.listen();
  const before = reader.overview(SEES_EVERYTHING).revision;
  return {
    ask: async (path, user, body) => {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const headers = { ...throughHub(user, OPS_SECRET), 'content-type': 'application/json', 'x-request-id': 'a-request-of-the-test' };
      const answer = await fetch(`${url}${path}`, { ...init, headers });
      return `${answer.status} ${await answer.text()}`;
    },
    told: async () => {
      sink.putApplications(quiet.id, [applicationOf({ ...of, name: `${of.name}-3` }, { health: 'Missing' })]);
      await fleet.settle();
      return JSON.stringify([SEES_EVERYTHING, RITA].map((who) => reader.deltasSince(who, before)));
    },
    close: async () => {
      await harness.close();
      journal.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const { paths } = createOpenApi('0') as { readonly paths: Readonly<Record<string, Readonly<Record<string, { parameters?: { name: string; in: string }[] }>>>> }; // prettier-ignore

/** Every question there is about the quiet edge, in every way in which it could tell what it holds. */
function questions(asked: Details): readonly string[] {
  const values: Readonly<Record<string, string>> = { edge: 'quiet', namespace: asked.namespace, name: asked.name, run: RUN, revision: asked.revision, pod: 'x' };
  const needed: Readonly<Record<string, string>> = {
    '/api/v1/can-i': `action=get&edge=quiet&resource=applications&namespace=${asked.namespace}&application=${asked.name}`,
    '/api/v1/can-act': `edge=quiet&namespace=${asked.namespace}&application=${asked.name}`,
    '/api/v1/applications/groups': 'by=message',
  };
  const terms = QUERY_FIELDS.flatMap(({ name, kind, argument }) => {
    const field = argument === undefined ? name : `${name}:${argument === 'label' ? asked.label : 'pos'}`;
    if (name === 'argocd-version') return [`${field}:3.${asked.argocd}.0`, `${field}>3.${asked.argocd}`];
    if (kind === 'duration') return [`${field}>${Math.floor(asked.skewMs / 1_000)}s`];
    if (kind === 'number') return [`${field}>1`];
    return wordsOf(asked).map((value) => `${field}:${value}`).slice(0, kind === 'word' ? 1 : undefined);
  });
  const words = [...terms, 'health:Degraded', 'operation:Failed', '!health:Healthy', ...wordsOf(asked)];
  return Object.entries(paths).flatMap(([path, item]) => {
    if (item['get'] === undefined || path.endsWith('/stream') || path.includes('/stream/')) return [];
    const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '');
    if (path.endsWith('{field}')) return QUERY_FIELDS.map(({ name }) => path.replace('{field}', name)).concat(path.replace('{field}', 'version:pos'));
    if (path.includes('/argocd/')) return [`${filled}?appNamespace=${asked.namespace}`];
    const plain = `${filled}?${needed[path] ?? ''}`;
    const isQueried = ['/api/v1/edges', '/api/v1/applications', '/api/v1/overview/rows'].includes(path);
    const sorted = path === '/api/v1/edges' ? QUERY_FIELDS.filter(({ scope }) => scope !== 'application').map(({ name }) => `${filled}?sort=${name}`) : [];
    return [plain, ...sorted, ...(isQueried ? words.map((query) => `${filled}?query=${encodeURIComponent(query)}`) : [])];
  });
} // prettier-ignore

const posts = (asked: Details): readonly (readonly [path: string, body: object])[] => [
  ['/api/v1/actions/preview', { action: { kind: 'sync' }, query: '' }],
  ['/api/v1/actions/preview', { action: { kind: 'sync' }, edges: ['quiet'] }],
  [
    '/api/v1/actions',
    { action: { kind: 'sync' }, targets: [{ edge: 'quiet', namespace: asked.namespace, name: asked.name }], reason: 'x' },
  ],
  ['/api/v1/actions', { action: { kind: 'sync' }, edges: ['quiet'], reason: 'x' }],
  [`/api/v1/actions/${RUN}/stop`, { targets: [0] }],
  ['/api/v1/edges/quiet/probe', {}],
  ['/api/v1/doctor', {}],
  ['/api/v1/doctor/through', {}],
];

describe('an edge that lets counts out', () => {
  test('is told apart by no answer from one that holds something else', async () => {
    await fc.assert(
      fc.asyncProperty(details, details, fc.boolean(), async (one, other, isAway) => {
        const worlds = [await aWorld(one, isAway), await aWorld(other, isAway)] as const;
        const secrets = [...wordsOf(one), ...wordsOf(other)];
        const same = async (path: string, user: string, body?: object): Promise<void> => {
          const [left, right] = await Promise.all(worlds.map((world) => world.ask(path, user, body)));
          expect({ path, user, answer: left }).toEqual({ path, user, answer: right });
          const asked = decodeURIComponent(path) + JSON.stringify(body ?? {});
          for (const secret of secrets) if (!asked.includes(secret)) expect({ path, told: left!.includes(secret) }).toEqual({ path, told: false });
        };
        try {
          for (const user of ['ann', 'rita']) {
            for (const path of questions(one)) await same(path, user);
            for (const [path, body] of posts(one)) await same(path, user, body);
          }
          const told = await Promise.all(worlds.map((world) => world.told()));
          expect(told[0]).toEqual(told[1]);
        } finally {
          for (const world of worlds) await world.close();
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  }, 120_000); // prettier-ignore

  test('still shows its counts, and is counted', async () => {
    const [one] = fc.sample(details, 1);
    const world = await aWorld(one!, false);
    const edge = JSON.parse((await world.ask('/api/v1/edges/quiet', 'ann')).slice(4)) as object;
    expect(edge).toMatchObject({
      name: 'quiet',
      access: 'CountsOnly',
      applications: 2,
      outOfSync: 1,
      look: 'Degraded',
      connection: 'Reachable',
    });
    for (const field of ['url', 'argocdVersion', 'clockSkewMs', 'yaml', 'mode']) expect(edge).not.toHaveProperty(field);
    expect(JSON.parse((await world.ask('/api/v1/overview', 'ann')).slice(4))).toMatchObject({ counts: { edges: 2, applications: 2 } });
    await world.close();
  });
});

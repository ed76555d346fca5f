import { describe, expect, test } from '@jest/globals';
import { edgeChecks, type EdgeAnswers } from './doctor-edge.ts';
import { hubChecks, unreadHub, type AnchorFacts, type ExtensionRegistration, type HubFacts } from './doctor-hub.ts';
import { throughChecks, type ThroughAnswer, type ThroughFacts } from './doctor-through.ts';
import { doctorExitCode, doctorLine, known, unknown } from './doctor.ts';
import { FAILURE_KINDS, type EdgeFailure, type FailureKind } from './failure.ts';

const registration = (name: string, value = name === 'edge-fleet' ? '$edge-fleet.view' : '$edge-fleet.ops'): ExtensionRegistration => ({
  name, key: `extension.config.${name}`, services: [{ url: 'http://edge-fleet.edge-fleet.svc:8080', headers: [{ name: 'X-Edge-Fleet-Secret', value }] }],
}); // prettier-ignore
const [view, ops] = [registration('edge-fleet'), registration('edge-fleet-ops')];
const ANCHOR: AnchorFacts = {
  project: 'edge-fleet',
  destination: { server: 'https://kubernetes.default.svc', namespace: 'edge-fleet' },
  allowed: [{ server: 'https://kubernetes.default.svc', namespace: '*' }],
};
const line = (text: string): readonly string[] => text.split(', ');
const RBAC = [
  line('p, role:readonly, extensions, invoke, edge-fleet, allow'),
  line('p, role:admin, extensions, invoke, edge-fleet-ops, allow'),
];
const SCOPES = new Map([['edge-fleet', 'v'.repeat(44)], ['edge-fleet-ops', 'o'.repeat(44)]]); // prettier-ignore
const WELL: HubFacts = {
  where: { namespace: 'edge-fleet', hubNamespace: 'argocd' },
  version: known('v3.5.1+109ca7c'), policyVersion: '3.5.1', params: known({ 'server.enable.proxy.extension': 'true' }), registrations: known([view, ops]), rbac: known(RBAC),
  anchor: known(ANCHOR), scopes: known(SCOPES), reachableFrom: known([{ 'app.kubernetes.io/name': 'argocd-server' }]),
}; // prettier-ignore

describe('the hub', () => {
  test('that is set up well is ok in every line', () => {
    expect(hubChecks(WELL).map(({ id, result }) => [id, result])).toEqual(hubChecks(WELL).map(({ id }) => [id, 'ok']));
    expect(doctorExitCode(hubChecks(WELL))).toBe(0);
  });

  test.each<[mistake: string, over: Partial<HubFacts>, id: string, remedy: RegExp]>([
    ['an old hub', { version: known('v2.12.3'), policyVersion: undefined }, 'hub-version', /2\.13 or later/],
    ['a version that is not the one of the policy', { policyVersion: '2.14.21' }, 'hub-version', /hubVersion: "v?3\.5\.1"/],
    ['the feature off', { params: known({}) }, 'feature-flag', /restart argocd-server/],
    ['no registration to see', { registrations: known([ops]) }, 'extension-config', /extension\.config\.edge-fleet /],
    ['no registration to act', { registrations: known([view]) }, 'extension-config-ops', /extension\.config\.edge-fleet-ops /],
    ['a registration twice', { registrations: known([view, ops, { ...view, key: 'extension.config' }]) }, 'extension-config', /Keep one of the keys/],
    ['a registration that is no YAML', { registrations: known([view, ops, { key: 'extension.config.x', problem: 'bad indent' }]) }, 'extension-config', /take all with it/],
    ['two services', { registrations: known([{ ...view, services: [...view.services, ...view.services] }, ops]) }, 'extension-config', /one service/],
    ['no secret header', { registrations: known([{ ...view, services: [{ url: 'http://x', headers: [] }] }, ops]) }, 'extension-config', /X-Edge-Fleet-Secret/],
    ['a secret in plain text', { registrations: known([registration('edge-fleet', 'hunter2'), ops]) }, 'extension-config', /\$edge-fleet\.view/],
    ['an address that leads elsewhere', { registrations: known([{ ...view, services: [{ ...view.services[0]!, url: 'http://edge-flet.edge-fleet.svc:8080' }] }, ops]) }, 'extension-config', /http:\/\/edge-fleet\.edge-fleet\.svc:8080/],
    ['the port of health and metrics', { registrations: known([view, { ...ops, services: [{ ...ops.services[0]!, url: 'http://edge-fleet.edge-fleet:8081' }] }]) }, 'extension-config-ops', /svc:8080/],
    ['an address that is none', { registrations: known([{ ...view, services: [{ ...view.services[0]!, url: 'edge-fleet:8080' }] }, ops]) }, 'extension-config', /scheme, host and port/],
    ['one secret for both', { registrations: known([view, registration('edge-fleet-ops', '$edge-fleet.view')]) }, 'extension-secrets-differ', /its own key/],
    ['nobody may see', { rbac: known([RBAC[1]!]) }, 'rbac-view', /p, role:readonly, extensions, invoke, edge-fleet, allow/],
    ['nobody may act', { rbac: known([RBAC[0]!]) }, 'rbac-ops', /p, role:admin, extensions, invoke, edge-fleet-ops, allow/],
    ['no anchor', { anchor: known(undefined) }, 'anchor', /kubectl apply -k manifests\/hub\/anchor/],
    ['an anchor in a project that is not there', { anchor: known({ ...ANCHOR, allowed: undefined }) }, 'anchor', /Add the AppProject edge-fleet/],
    ['an anchor with a destination by name', { anchor: known({ ...ANCHOR, destination: { name: 'in-cluster', namespace: 'x' } }) }, 'anchor', /destination\.server/],
    ['an anchor that its project does not permit', { anchor: known({ ...ANCHOR, allowed: [{ server: 'https://other', namespace: '*' }] }) }, 'anchor', /spec\.destinations/],
    ['no scopes', { scopes: known(undefined) }, 'scopes-secret', /edge-fleet-scopes\.yaml/],
    ['a scope missing', { scopes: known(new Map([['edge-fleet', 'v'.repeat(44)]])) }, 'scopes-secret', /argocd-secret/],
    ['the placeholder left in', { scopes: known(new Map([...SCOPES, ['edge-fleet', 'REPLACE-WITH-THE-VIEW-SECRET']])) }, 'scopes-secret', /openssl rand/],
    ['one value for both scopes', { scopes: known(new Map([...SCOPES, ['edge-fleet', 'o'.repeat(44)]])) }, 'scopes-secret', /its own/],
    ['no NetworkPolicy', { reachableFrom: known(undefined) }, 'network-policy', /network-policy\.yaml/],
    ['a NetworkPolicy for another namespace', { reachableFrom: known([{ 'kubernetes.io/metadata.name': 'gitops', 'app.kubernetes.io/name': 'argocd-server' }]) }, 'network-policy', /metadata\.name: argocd/],
    ['a NetworkPolicy for everybody', { reachableFrom: known(null) }, 'network-policy', /network-policy\.yaml/],
    ['a NetworkPolicy that lets another in', { reachableFrom: known([{ 'app.kubernetes.io/name': 'argocd-server' }, {}]) }, 'network-policy', /only argocd-server/],
  ])('%s is found, alone, with the fix', (_mistake, over, id, remedy) => {
    const checks = hubChecks({ ...WELL, ...over });
    const notOk = checks.filter(({ result }) => result !== 'ok');
    expect(notOk.map((check) => check.id)).toContain(id);
    expect(notOk.find((check) => check.id === id)).toMatchObject({ result: 'failed', remedy: expect.stringMatching(remedy) });
    expect(doctorExitCode(checks)).toBe(1);
  }); // prettier-ignore

  test('admins without a line are warned about, which does not fail', () => {
    const checks = hubChecks({ ...WELL, rbac: known([line('p, role:team, extensions, invoke, *, allow')]) });
    expect(checks.filter(({ result }) => result !== 'ok')).toMatchObject([
      { id: 'rbac-view', result: 'warning', remedy: expect.stringContaining('role:readonly') },
      { id: 'rbac-ops', result: 'warning' },
    ]);
    expect(doctorExitCode(checks)).toBe(0);
  });

  test('what may not be read is not checked, and does not fail', () => {
    const checks = hubChecks({ ...unreadHub('403'), policyVersion: undefined, scopes: unknown('403') });
    expect(new Set(checks.map(({ result }) => result))).toEqual(new Set(['notChecked']));
    expect(doctorExitCode(checks)).toBe(0);
    expect(doctorLine(checks[0]!)).toBe('not checked  hub-version: 403');
  });
});

describe('a request through the hub', () => {
  const asked = (answer: ThroughAnswer): ThroughFacts => ({
    answers: { 'edge-fleet': known(answer), 'edge-fleet-ops': known(answer) },
    mayInvoke: { 'edge-fleet': unknown('not said'), 'edge-fleet-ops': unknown('not said') },
    hubVersion: known('v3.5.1'),
    username: known('ann'),
  });

  test.each<[what: string, answer: readonly [number, string], result: string, words: RegExp]>([
    ['that arrives', [200, '{"user":{"username":"ann"}}'], 'ok', /lets ann through/],
    ['with a session that ended', [401, 'Invalid token\n'], 'failed', /Sign in again/],
    ['of a user without a line', [401, 'Unauthorized extension request\n'], 'failed', /extensions, invoke, edge-fleet, allow/],
    ['to an extension that is not registered', [404, 'Extension not found\n'], 'failed', /Register it/],
    ['on a hub with the feature off', [404, '404 page not found\n'], 'failed', /server\.enable\.proxy\.extension/],
    [
      'with another secret',
      [401, '{"detail":"The secret of the extension is not one that is configured. Requests"}'],
      'failed',
      /one value into both/,
    ],
    ['without a user id', [401, '{"detail":"The id of the user is missing. Requests"}'], 'failed', /hubVersion/],
    ['that nobody answers', [502, ''], 'failed', /NetworkPolicy/],
    ['that something else answers', [200, '<html>'], 'failed', /pods/],
    ['while proxy-server loads', [503, '{}'], 'warning', /minute/],
  ])('%s is told', (_what, [status, text], result, words) => {
    const [check] = throughChecks(asked({ status, text }));
    expect(check).toMatchObject({ id: 'through-the-hub', result });
    if (check === undefined) return;
    expect(`${check.message} ${check.remedy ?? ''}`).toMatch(words);
  });
  test('that nobody gave a session for is not checked', () => {
    const why = unknown('give --session-file');
    const nothing = { 'edge-fleet': why, 'edge-fleet-ops': why };
    const checks = throughChecks({ answers: nothing, mayInvoke: nothing, hubVersion: why, username: why });
    expect(checks[0]).toEqual({ id: 'through-the-hub', result: 'notChecked', message: 'give --session-file' });
    expect(checks.map(({ result }) => result)).toEqual(['notChecked', 'notChecked', 'notChecked']);
  });

  const REFUSED = { status: 401, text: 'Unauthorized extension request\n' };
  const config = (scopes: readonly string[], idBelieved = true): ThroughAnswer => ({
    status: 200,
    text: JSON.stringify({ user: { username: 'ann', scopes, idBelieved } }),
  });

  test('of an admin without the line gets the line with their name; where they have it, it is the anchor', () => {
    const [noLine] = throughChecks({ ...asked(REFUSED), mayInvoke: { 'edge-fleet': known('no'), 'edge-fleet-ops': known('no') } });
    expect(noLine).toMatchObject({ result: 'failed', message: expect.stringContaining('administrators'), remedy: 'p, ann, extensions, invoke, edge-fleet, allow' });
    const [anchor] = throughChecks({ ...asked(REFUSED), mayInvoke: { 'edge-fleet': known('yes'), 'edge-fleet-ops': known('yes') } });
    expect(anchor).toMatchObject({ result: 'failed', remedy: expect.stringContaining('p, ann, applications, get, edge-fleet/edge-fleet, allow') });
  }); // prettier-ignore

  test('of a user who may only look is a warning for acting, with the line', () => {
    const facts = { ...asked(config(['edge-fleet'])), mayInvoke: { 'edge-fleet': known('yes'), 'edge-fleet-ops': known('no') } };
    const [view, ops] = throughChecks({ ...facts, answers: { ...facts.answers, 'edge-fleet-ops': known(REFUSED) } });
    expect(view).toMatchObject({ result: 'ok' });
    expect(ops).toMatchObject({ result: 'warning', remedy: 'p, ann, extensions, invoke, edge-fleet-ops, allow' });
  });

  test('finds secrets that are swapped: whoever may look could act', () => {
    const facts = asked(config(['edge-fleet-ops']));
    const [view, ops] = throughChecks({ ...facts, answers: { ...facts.answers, 'edge-fleet-ops': known(config(['edge-fleet'])) } });
    expect(view).toMatchObject({ result: 'failed', message: expect.stringContaining('secret of edge-fleet-ops') });
    expect(ops).toMatchObject({ result: 'failed', remedy: expect.stringContaining('edge-fleet.ops') });
  });

  test.each<[version: string, believed: boolean, result: string]>([
    ['v3.5.1+abc', true, 'ok'],
    ['v3.5.1+abc', false, 'warning'],
    ['v2.14.21', false, 'ok'],
    ['v2.14.21', true, 'failed'],
  ])('on a hub %s with ids believed: %s is %s', (version, believed, result) => {
    const check = throughChecks({ ...asked(config(['edge-fleet'], believed)), hubVersion: known(version) })[2];
    expect(check).toMatchObject({ id: 'user-id', result });
    if (result !== 'ok') expect(check?.remedy).toContain(`"hubVersion":"${version.replace('+abc', '')}"`);
  });
});

const failure = (kind: FailureKind): EdgeFailure => ({ kind, row: 1, sign: 'the sign', status: 530 });
const request = (kind: FailureKind) => ({ failure: failure(kind), title: 'What it is', remedy: 'Mend it' });
const GOOD: EdgeAnswers = {
  edge: 'store-1',
  access: 'ReadOnly',
  direct: false,
  reached: undefined,
  version: 'v3.5.1',
  skewMs: 400,
  read: { applications: 3 },
};
const resultsOf = (answers: EdgeAnswers): Readonly<Record<string, string>> =>
  Object.fromEntries(edgeChecks(answers).map(({ id, result }) => [id, result]));

describe('an edge', () => {
  test('that answers is ok in every layer', () => {
    expect(resultsOf(GOOD)).toEqual({
      dns: 'ok',
      tls: 'ok',
      access: 'ok',
      tunnel: 'ok',
      argocd: 'ok',
      token: 'ok',
      rights: 'ok',
      clock: 'ok',
    });
  });

  test.each<[kind: FailureKind, layer: string]>([
    ['edgeDns', 'dns'], ['edgeCert', 'tls'], ['accessDenied', 'access'], ['wafBlocked', 'access'], ['edgeOffline', 'tunnel'], ['originUnreachable', 'tunnel'],
    ['argocdUnavailable', 'argocd'], ['timedOut', 'argocd'],
  ])('%s fails in %s: what comes before has passed, what comes after is not checked', (kind, layer) => {
    const results = Object.entries(resultsOf({ ...GOOD, reached: request(kind), read: undefined as never, skewMs: undefined as never })).map(([id, result]) => [id, result]);
    const at = results.findIndex(([id]) => id === layer);
    expect(results.slice(0, at).every(([, result]) => result === 'ok')).toBe(true);
    expect(results[at]).toEqual([layer, 'failed']);
    expect(results.slice(at + 1).every(([, result]) => result === 'notChecked')).toBe(true);
  }); // prettier-ignore

  test('that is reached directly has no Access and no tunnel, and without any answer TLS is not said to have passed', () => {
    const { status: _status, ...silent } = failure('originUnreachable');
    const checks = edgeChecks({
      edge: 'e',
      access: 'ReadOnly',
      direct: true,
      reached: { ...request('originUnreachable'), failure: silent },
    });
    expect(checks.slice(0, 3).map(({ id, result }) => [id, result])).toEqual([['dns', 'ok'], ['tls', 'notChecked'], ['argocd', 'failed']]); // prettier-ignore
  });

  test.each(FAILURE_KINDS)('%s ends in some layer, with its remedy', (kind) => {
    const failed = edgeChecks({ edge: 'e', access: 'ReadOnly', direct: kind.length % 2 === 0, reached: request(kind) }).filter(
      ({ result }) => result === 'failed',
    );
    expect(failed).toMatchObject([{ remedy: 'Mend it', message: expect.stringContaining('the sign') }]);
  });

  test.each<[mistake: string, over: Partial<EdgeAnswers>, id: string, result: string]>([
    ['an expired token', { read: request('edgeToken') }, 'token', 'failed'],
    ['an account without rights', { read: request('edgeForbidden') }, 'rights', 'failed'],
    ['an account that sees nothing', { read: { applications: 0 } }, 'rights', 'warning'],
    ['a clock that is wrong', { skewMs: -600_000 }, 'clock', 'failed'],
    ['a second account that may not sync', { access: 'Operate', operate: { canSync: false } }, 'operate', 'failed'],
    ['a second account that is refused', { access: 'Operate', operate: request('edgeToken') }, 'operate', 'failed'],
  ])('%s is found', (_mistake, over, id, result) => {
    const found = edgeChecks({ ...GOOD, ...over }).find((check) => check.id === id);
    expect(found).toMatchObject({ result, remedy: expect.stringMatching(/.{5}/) });
  });
});

/**
 * Twenty mistakes of an installation, each planted alone into what our manifests make of a hub and read back through a Kubernetes API: doctor
 * finds it, in the check that it belongs to, and says the fix.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { doctorExitCode, known, type DoctorCheck } from '../proxy-server/src/domain/doctor.ts';
import { hubChecks } from '../proxy-server/src/domain/doctor-hub.ts';
import { createKubeHubFacts } from '../proxy-server/src/kube/hub-facts.ts';
import { MANIFESTS, objectsOf } from './manifests-tools.ts';

const FILES = ['hub/argocd/argocd-cm.yaml', 'hub/argocd/argocd-cmd-params-cm.yaml', 'hub/argocd/argocd-rbac-cm.yaml', 'hub/anchor/anchor.yaml', 'base/network-policy.yaml']; // prettier-ignore
const KINDS: Readonly<Record<string, string>> = { configmaps: 'ConfigMap', applications: 'Application', appprojects: 'AppProject', networkpolicies: 'NetworkPolicy' }; // prettier-ignore

/** The text of all five files; a mistake is a change of it. */
const WELL = FILES.map((file) => readFileSync(join(MANIFESTS, file), 'utf8')).join('\n---\n');
const SCOPES = new Map([['edge-fleet', 'v'.repeat(44)], ['edge-fleet-ops', 'o'.repeat(44)]]); // prettier-ignore

let text = WELL;
let server: Server;
beforeAll(async () => {
  server = createServer((req, res) => {
    const [, plural = '', name = ''] = /\/namespaces\/[^/]+\/([^/]+)\/([^/?]+)/.exec(req.url ?? '') ?? [];
    const found = objectsOf(text).find(({ kind, metadata }) => kind === KINDS[plural] && metadata.name === name);
    res.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(found ?? { kind: 'Status', code: 404 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Planted {
  readonly spoil?: (well: string) => string;
  readonly version?: string;
  readonly policyVersion?: string;
  readonly scopes?: ReadonlyMap<string, string>;
}

async function checksOf({ spoil, version = 'v3.5.1', policyVersion, scopes = SCOPES }: Planted): Promise<readonly DoctorCheck[]> {
  text = spoil?.(WELL) ?? WELL;
  if (spoil !== undefined && text === WELL) throw new Error('nothing was planted: the manifests have another text');
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromOptions({ clusters: [{ name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }], users: [{ name: 'u', token: 't' }], contexts: [{ name: 'x', cluster: 'c', user: 'u' }], currentContext: 'x' }); // prettier-ignore
  const reader = createKubeHubFacts({
    loadConfig: () => config,
    namespace: 'edge-fleet',
    hubNamespace: 'argocd',
    anchor: 'edge-fleet',
    version: async () => Promise.resolve(known(version)),
  });
  return hubChecks({ ...(await reader.read()), policyVersion, scopes: known(scopes) });
}

const key = (name: string) => new RegExp(`^  ${name.replaceAll('.', '\\.')}: \\|\\n(    .*\\n)+`, 'm');
const without = (name: string) => (well: string) => well.replace(key(name), '');
const swap = (from: string | RegExp, to: string) => (well: string) => well.replace(from, to);
const VIEW = 'extension.config.edge-fleet';

const MISTAKES: readonly (readonly [mistake: string, planted: Planted, id: string, fix: RegExp])[] = [
  ['a hub that is too old', { version: 'v2.12.3' }, 'hub-version', /2\.13 or later/],
  ['a policy for another hub', { policyVersion: '2.14.21' }, 'hub-version', /hubVersion: "v?3\.5\.1"/],
  ['the feature left off', { spoil: swap("server.enable.proxy.extension: 'true'", "server.enable.proxy.extension: 'false'") }, 'feature-flag', /restart argocd-server/],
  ['no registration to see', { spoil: without(VIEW) }, 'extension-config', /extension\.config\.edge-fleet/],
  ['no registration to act', { spoil: without('extension.config.edge-fleet-ops') }, 'extension-config-ops', /extension\.config\.edge-fleet-ops/],
  ['a registration twice', { spoil: swap('  extension.config.edge-fleet: |', '  extension.config: |\n    extensions:\n      - name: edge-fleet\n        backend: {services: [{url: "http://x"}]}\n  extension.config.edge-fleet: |') }, 'extension-config', /Keep one of the keys/],
  ['a registration that is no YAML', { spoil: swap('  extension.config.edge-fleet: |', '  extension.config.other: |\n    {\n  extension.config.edge-fleet: |') }, 'extension-config', /take all with it/],
  ['two services', { spoil: swap('    services:\n', '    services:\n      - url: http://elsewhere\n') }, 'extension-config', /one service/],
  ['an address where nobody is', { spoil: swap('http://edge-fleet.edge-fleet.svc:8080', 'http://edge-fleet.default.svc:8080') }, 'extension-config', /edge-fleet\.edge-fleet\.svc:8080/],
  ['no secret header', { spoil: swap('- name: X-Edge-Fleet-Secret', '- name: X-Other') }, 'extension-config', /X-Edge-Fleet-Secret/],
  ['a secret in plain text', { spoil: swap('value: $edge-fleet.view', 'value: hunter2') }, 'extension-config', /\$edge-fleet\.view/],
  ['one secret for both', { spoil: swap('value: $edge-fleet.ops', 'value: $edge-fleet.view') }, 'extension-secrets-differ', /its own key/],
  ['nobody may see', { spoil: swap('    p, role:readonly, extensions, invoke, edge-fleet, allow\n', '') }, 'rbac-view', /p, role:readonly, extensions, invoke, edge-fleet, allow/],
  ['nobody may act', { spoil: swap('    p, role:admin, extensions, invoke, edge-fleet-ops, allow\n', '') }, 'rbac-ops', /p, role:admin, extensions, invoke, edge-fleet-ops, allow/],
  ['no anchor', { spoil: swap('kind: Application\n', 'kind: Other\n') }, 'anchor', /kubectl apply -k manifests\/hub\/anchor/],
  ['an anchor whose project is not there', { spoil: swap('kind: AppProject\n', 'kind: Other\n') }, 'anchor', /AppProject edge-fleet/],
  ['an anchor with its destination by name', { spoil: swap('  destination:\n    server: https://kubernetes.default.svc', '  destination:\n    name: in-cluster') }, 'anchor', /destination\.server/],
  ['an anchor that its project does not permit', { spoil: swap('    - server: https://kubernetes.default.svc\n', '    - server: https://other\n') }, 'anchor', /spec\.destinations/],
  ['the placeholder left in the secrets', { scopes: new Map([...SCOPES, ['edge-fleet', 'REPLACE-WITH-THE-VIEW-SECRET']]) }, 'scopes-secret', /openssl rand/],
  ['no NetworkPolicy', { spoil: swap('kind: NetworkPolicy\n', 'kind: Other\n') }, 'network-policy', /network-policy\.yaml/],
  ['a NetworkPolicy that lets others in', { spoil: swap('app.kubernetes.io/name: argocd-server', 'app.kubernetes.io/name: somebody') }, 'network-policy', /only argocd-server/],
]; // prettier-ignore

describe('doctor', () => {
  test('finds nothing where nothing is wrong', async () => {
    expect((await checksOf({})).filter(({ result }) => result !== 'ok')).toEqual([]);
  });

  test('is shown at least twenty mistakes', () => {
    expect(new Set(MISTAKES.map(([mistake]) => mistake)).size).toBeGreaterThanOrEqual(20);
  });

  test.each(MISTAKES)('finds %s, and says the fix', async (_mistake, planted, id, fix) => {
    const checks = await checksOf(planted);
    expect(checks.filter((check) => check.id === id)).toEqual([
      { id, result: 'failed', message: expect.any(String), remedy: expect.stringMatching(fix) },
    ]);
    expect(doctorExitCode(checks)).toBe(1);
  });
});

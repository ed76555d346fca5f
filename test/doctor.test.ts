import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import type { DoctorCheck } from '../proxy-server/src/domain/doctor.ts';
import { hubChecks, unreadHub } from '../proxy-server/src/domain/doctor-hub.ts';
import { runDoctor } from '../proxy-server/src/doctor/run-doctor.ts';
import { known } from '../proxy-server/src/domain/doctor.ts';
import { createKubeHubFacts } from '../proxy-server/src/kube/hub-facts.ts';
import { objectsOf, MANIFESTS } from './manifests-tools.ts';
import { readFileSync } from 'node:fs';

const ROOT = join(import.meta.dirname, '..');
let folder: string;
let server: Server;
let url: string;
let answer: (path: string) => readonly [status: number, body: unknown];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ef-doctor-'));
  answer = () => [404, { kind: 'Status', code: 404 }];
  server = createServer((req, res) => {
    const [status, body] = answer(req.url ?? '/');
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function doctor(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['proxy-server/src/doctor-main.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', EDGE_FLEET_CONFIG_DIR: folder, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const OBJECTS = (edgeUrl: string): string => `
apiVersion: edgefleet.dev/v1alpha1
kind: Edge
metadata: {name: store-1}
spec: {url: "${edgeUrl}", connectorRef: {name: plain}, tokenSecretRef: {name: token}}
---
apiVersion: edgefleet.dev/v1alpha1
kind: Connector
metadata: {name: plain}
spec: {direct: {}}
---
{apiVersion: v1, kind: Secret, metadata: {name: token}, stringData: {read: abc.def.ghi}}
---
{apiVersion: v1, kind: Secret, metadata: {name: edge-fleet-scopes}, stringData: {edge-fleet: ${'v'.repeat(44)}, edge-fleet-ops: ${'o'.repeat(44)}}}
`;

/** A process of its own, on a machine that may be busy. */
const PROCESS_MS = 60_000;

describe('npm run doctor --', () => {
  test(
    'over a folder and an edge that answers: 0, and every line as JSON',
    async () => {
      answer = (path) =>
        path.startsWith('/api/version') ? [200, { Version: 'v3.5.1' }] : [200, { items: [{ metadata: { name: 'pos' } }] }];
      writeFileSync(join(folder, 'fleet.yaml'), OBJECTS(url), { mode: 0o600 });
      const { code, stdout, stderr } = await doctor(['--json']);
      const { checks } = JSON.parse(stdout) as { checks: readonly DoctorCheck[] };
      expect({ code, failed: checks.filter(({ result }) => result === 'failed'), stderr }).toEqual({ code: 0, failed: [], stderr: '' });
      expect(checks.find(({ id }) => id === 'rights')).toEqual({
        id: 'rights',
        edge: 'store-1',
        result: 'ok',
        message: 'The account sees 1 Applications',
      });
      expect(checks.find(({ id }) => id === 'feature-flag')).toMatchObject({ result: 'notChecked' });
    },
    PROCESS_MS,
  );

  test(
    'a refused token and a bad object: 1, a line each with the remedy',
    async () => {
      answer = (path) =>
        path.startsWith('/api/version')
          ? [200, { Version: 'v3.5.1' }]
          : [401, { error: 'invalid session: token is expired', code: 16, message: 'invalid session: token is expired' }];
      writeFileSync(
        join(folder, 'fleet.yaml'),
        `${OBJECTS(url)}---\n{apiVersion: edgefleet.dev/v1alpha1, kind: Product, metadata: {name: pos}, spec: {}}\n`,
        { mode: 0o600 },
      );
      const { code, stdout } = await doctor([]);
      expect(code).toBe(1);
      expect(stdout).toMatch(/FAILED +store-1: token: .*expired.* -> /);
      expect(stdout).toMatch(/FAILED +config: Product pos/);
      expect(stdout).toMatch(/ok +store-1: argocd/);
      expect(stdout).not.toContain('abc.def.ghi');
    },
    PROCESS_MS,
  );

  test(
    'an edge that nobody answers for is told in its layer',
    async () => {
      writeFileSync(join(folder, 'fleet.yaml'), OBJECTS('http://127.0.0.1:9'), { mode: 0o600 });
      const { code, stdout } = await doctor(['--edge', 'store-1']);
      expect(code).toBe(1);
      expect(stdout).toMatch(/FAILED +store-1: argocd: /);
      expect(stdout).toMatch(/not checked +store-1: token/);
    },
    PROCESS_MS,
  );

  test(
    'that cannot run at all: 2, and one line',
    async () => {
      const { code, stderr } = await doctor([], { EDGE_FLEET_LISTEN: 'nowhere' });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^doctor could not run: EDGE_FLEET_LISTEN=nowhere/) });
      expect((await doctor(['--jsno'])).code).toBe(2);
    },
    PROCESS_MS,
  );
});

describe('while a list of the Kubernetes API cannot be read', () => {
  test('what to apply is a failed check, and the Secret of the scopes is not called missing', async () => {
    const problem = {
      where: 'edge-fleet',
      object: 'list of Edge',
      field: 'watch',
      remedy: 'Apply manifests/crds/edge.yaml',
      severity: 'error',
    } as const;
    const none = { edges: new Map(), connectors: new Map(), products: new Map(), secrets: new Map(), policy: undefined };
    const checks = await runDoctor({
      snapshot: { ...none, problems: [problem] },
      hub: { read: () => Promise.resolve(unreadHub('not asked')) },
      edges: {
        call: () => Promise.reject(new Error('there is no edge')),
        target: () => undefined,
        probeNow: () => false,
        requestsLastMinute: () => 0,
      },
      clock: { now: Date.now },
    });
    expect(checks.filter(({ result }) => result === 'failed')).toMatchObject([{ id: 'config', remedy: 'Apply manifests/crds/edge.yaml' }]);
    expect(checks.find(({ id }) => id === 'scopes-secret')).toMatchObject({ result: 'notChecked' });
  });
});

describe('npm run doctor -- with a session', () => {
  const hubAnswers = (through: readonly [number, unknown]) => (path: string): readonly [number, unknown] =>
    path.startsWith('/extensions/') ? through : path.startsWith('/api/version') ? [200, { Version: 'v3.5.1' }] : [404, {}]; // prettier-ignore
  const run = (more: Record<string, string> = {}): Promise<Run> => {
    writeFileSync(join(folder, 'fleet.yaml'), OBJECTS(url), { mode: 0o600 });
    writeFileSync(join(folder, 'session'), 'argocd.token=session-of-the-tests\n');
    return doctor(['--no-edges', '--session-file', join(folder, 'session')], { EDGE_FLEET_HUB_URL: url, ...more });
  };

  test(
    'finds that the hub and proxy-server know different secrets, and shows neither',
    async () => {
      answer = hubAnswers([401, { detail: 'The secret of the extension is not one that is configured. Requests must come' }]);
      const { code, stdout } = await run();
      expect(code).toBe(1);
      expect(stdout).toMatch(/FAILED +through-the-hub: .* -> .*argocd-secret/);
      expect(stdout).not.toContain('session-of-the-tests');
    },
    PROCESS_MS,
  );
});

describe('what is read of the hub', () => {
  const facts = () => {
    const config = new KubeConfig();
    config.loadFromOptions({ clusters: [{ name: 'c', server: url, skipTLSVerify: true }], users: [{ name: 'u', token: 't' }], contexts: [{ name: 'x', cluster: 'c', user: 'u' }], currentContext: 'x' });
    return createKubeHubFacts({ loadConfig: () => config, namespace: 'edge-fleet', hubNamespace: 'argocd', anchor: 'edge-fleet', version: async () => known('v3.5.1') }).read();
  }; // prettier-ignore
  const files = [
    'hub/argocd/argocd-cm.yaml',
    'hub/argocd/argocd-cmd-params-cm.yaml',
    'hub/argocd/argocd-rbac-cm.yaml',
    'hub/anchor/anchor.yaml',
    'base/network-policy.yaml',
  ];
  const objects = files.flatMap((file) => objectsOf(readFileSync(join(MANIFESTS, file), 'utf8')));
  const PATHS: Readonly<Record<string, string>> = {
    configmaps: 'ConfigMap',
    applications: 'Application',
    appprojects: 'AppProject',
    networkpolicies: 'NetworkPolicy',
  };
  const stored = (path: string): readonly [number, unknown] => {
    const [, plural = '', name = ''] = /\/namespaces\/[^/]+\/([^/]+)\/([^/?]+)/.exec(path) ?? [];
    const found = objects.find((one) => one.kind === PATHS[plural] && one.metadata.name === name);
    return found === undefined ? [404, { kind: 'Status', code: 404 }] : [200, found];
  };
  const scopes = known(new Map([['edge-fleet', 'v'.repeat(44)], ['edge-fleet-ops', 'o'.repeat(44)]])); // prettier-ignore

  test('of a hub on which our manifests were applied is well in every line', async () => {
    answer = stored;
    const checks = hubChecks({ ...(await facts()), policyVersion: undefined, scopes });
    expect(checks.filter(({ result }) => result !== 'ok')).toEqual([]);
  });

  test('is what its Role grants, and nothing more', async () => {
    const asked = new Set<string>();
    answer = (path) => {
      const [, group = '', namespace = '', plural = '', name = ''] = /^\/(?:api|apis\/([^/]+))\/[^/]+\/namespaces\/([^/]+)\/([^/]+)\/([^/?]+)/.exec(path) ?? [];
      asked.add([namespace, group, plural, name].join(' '));
      return stored(path);
    };
    await facts();
    const roles = objectsOf(readFileSync(join(MANIFESTS, 'doctor/rbac.yaml'), 'utf8')).filter(({ kind }) => kind === 'Role') as unknown as readonly {
      metadata: { namespace: string };
      rules: readonly { apiGroups: string[]; resources: string[]; resourceNames: string[]; verbs: string[] }[];
    }[];
    const granted = roles.flatMap(({ metadata, rules }) => rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) => {
      expect(verbs).toEqual(['get']);
      return apiGroups.flatMap((group) => resources.flatMap((resource) => resourceNames.map((name) => [metadata.namespace, group, resource, name].join(' '))));
    }));
    expect([...asked].sort()).toEqual(granted.sort());
  }); // prettier-ignore

  test('without the Role of doctor is not checked, line by line', async () => {
    answer = () => [403, { kind: 'Status', code: 403, message: 'forbidden' }];
    const checks = hubChecks({ ...(await facts()), policyVersion: undefined, scopes });
    const unread = checks.filter(({ result }) => result === 'notChecked');
    expect(unread.map(({ id }) => id)).toEqual(['feature-flag', 'extension-config', 'extension-config-ops', 'extension-secrets-differ', 'rbac-view', 'rbac-ops', 'anchor', 'network-policy']);
    for (const { message } of unread) expect(message).toContain('apply manifests/doctor');
  }); // prettier-ignore

  test('on a hub where nothing was applied says what is missing', async () => {
    answer = (path) => (path.includes('/configmaps/') ? [200, { data: {} }] : [404, { kind: 'Status', code: 404 }]);
    const checks = hubChecks({ ...(await facts()), policyVersion: undefined, scopes: known(undefined) });
    expect(checks.filter(({ result }) => result === 'failed').map(({ id }) => id)).toEqual(['feature-flag', 'extension-config', 'extension-config-ops', 'rbac-view', 'rbac-ops', 'anchor', 'scopes-secret', 'network-policy']);
  }); // prettier-ignore

  test('the old list form of extension.config is read too, and a text that is no YAML is named', async () => {
    const list = 'extensions:\n  - name: edge-fleet\n    backend:\n      services:\n        - url: http://x\n          headers: [{name: X-Edge-Fleet-Secret, value: $a}]\n';
    answer = (path) => (path.endsWith('/argocd-cm') ? [200, { data: { 'extension.config': list, 'extension.config.bad': '{' } }] : stored(path));
    const { registrations } = await facts();
    expect(registrations).toMatchObject({ known: true, value: [{ name: 'edge-fleet', services: [{ url: 'http://x', headers: [{ value: '$a' }] }] }, { key: 'extension.config.bad', problem: expect.any(String) }] });
  }); // prettier-ignore
});

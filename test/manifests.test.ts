import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { PrometheusRule, ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { KubeConfig } from '@kubernetes/client-node';
import { CustomResourceDefinition } from 'kubernetes-models/apiextensions.k8s.io/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { ConfigMap, Namespace, PersistentVolumeClaim, Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { parsePolicy } from '../proxy-server/src/domain/policy.ts';
import { createKubeStore } from '../proxy-server/src/kube/object-store.ts';
import { settingWords } from '../proxy-server/src/config.ts';
import type { FleetReader } from '../proxy-server/src/ports/fleet-reader.ts';
import { createMetrics } from '../proxy-server/src/observability/metrics.ts';
import { FakeKube } from './fakes/fake-kube.ts';
import { createSteppedRuntime } from './fakes/stepped-runtime.ts';
import { byKey, findTool, helmTemplate, keyOf, kustomize, MANIFESTS, objectsOf, type RenderedObject } from './manifests-tools.ts';

const read = (path: string): string => readFileSync(join(MANIFESTS, path), 'utf8');
const object = (path: string): RenderedObject => parse(read(path)) as RenderedObject;
const needing = (...tools: readonly string[]) => (tools.every((tool) => findTool(tool) !== undefined) ? test : test.skip);

type Validated = new (data: never) => { validate(): void };
const MODELS: Readonly<Record<string, unknown>> = {
  ConfigMap, CustomResourceDefinition, Deployment, Namespace, NetworkPolicy, PersistentVolumeClaim, PodDisruptionBudget, PrometheusRule, Role,
  RoleBinding, Secret, Service, ServiceAccount, ServiceMonitor,
}; // prettier-ignore
/** Kinds of Argo CD itself: their schemas are the hub's. */
const FOREIGN = ['Application', 'AppProject'];

function expectValid(objects: readonly RenderedObject[]): void {
  expect(objects.length).toBeGreaterThan(0);
  for (const one of objects) {
    if (FOREIGN.includes(one.kind)) continue;
    const Model = MODELS[one.kind] as Validated | undefined;
    if (Model === undefined) throw new Error(`no schema for ${one.kind}`);
    new Model(one as never).validate();
  }
}

const allYaml = (folder = ''): readonly string[] =>
  readdirSync(join(MANIFESTS, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('helm/') && !name.endsWith('kustomization.yaml'))
    .map((name) => join(folder, name));

describe('what kustomize renders', () => {
  needing('kustomize')('base, hub, monitoring, doctor and the tunnel of an edge parse against the schemas of Kubernetes', () => {
    for (const folder of ['base', 'hub', 'monitoring', 'doctor', 'edge/cloudflared']) expectValid(kustomize(join(MANIFESTS, folder)));
  });

  needing('kustomize', 'helm')('base and monitoring are the same objects as the Helm chart', () => {
    const namespace = (one: RenderedObject): boolean => one.kind === 'Namespace';
    const wanted = byKey(
      [...kustomize(join(MANIFESTS, 'base')), ...kustomize(join(MANIFESTS, 'monitoring'))].filter((one) => !namespace(one)),
    );
    const rendered = byKey(helmTemplate(join(MANIFESTS, 'helm/edge-fleet'), '--set', 'monitoring.enabled=true'));
    expect([...rendered.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [key, one] of wanted) expect({ key, ...rendered.get(key) }).toEqual({ key, ...one });
  });

  needing('helm')('the chart takes values: image, namespace of the hub, policy, settings', () => {
    const rendered = byKey(
      helmTemplate(join(MANIFESTS, 'helm/edge-fleet'), '--set', 'image.repository=registry.example.com/edge-fleet,image.tag=1.2.3,hub.namespace=gitops,policy.hubVersion=3.5.1,policy.default=', '--set', 'env[0].name=EDGE_FLEET_LOG_LEVEL,env[0].value=debug'),
    ); // prettier-ignore
    const text = JSON.stringify([...rendered.values()]);
    expect(text).toContain('registry.example.com/edge-fleet:1.2.3');
    expect(text).toContain('"kubernetes.io/metadata.name":"gitops"');
    expect(rendered.get('ConfigMap edge-fleet/edge-fleet-policy')?.['data']).toMatchObject({ hubVersion: '3.5.1', 'policy.default': '' });
    expect(text).toContain('EDGE_FLEET_LOG_LEVEL');
    expectValid([...rendered.values()]);
  });

  needing('helm')('the chart refuses values that are mistyped, and knows every value that it has', () => {
    const chart = join(MANIFESTS, 'helm/edge-fleet');
    for (const wrong of ['image.repo=x', 'storage.size=10', 'monitoring.enabled=perhaps', 'policies.csv=x', 'hub.namespace=Argo_CD', 'image.pullPolicy=Sometimes'])
      expect(() => helmTemplate(chart, '--set', wrong)).toThrow(/values don't meet the specifications|schema/);
    const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as { properties: Record<string, unknown> };
    expect(Object.keys(schema.properties).filter((name) => name !== 'global').sort()).toEqual(Object.keys(parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as object).sort());
  }); // prettier-ignore

  needing('helm')('the Pod goes where it is told to', () => {
    const set = 'imagePullSecrets[0].name=registry,nodeSelector.disk=ssd,tolerations[0].key=infra,tolerations[0].operator=Exists,priorityClassName=high';
    const rendered = byKey(helmTemplate(join(MANIFESTS, 'helm/edge-fleet'), '--set', set));
    expect(rendered.get('Deployment edge-fleet/edge-fleet')).toMatchObject({
      spec: { template: { spec: { imagePullSecrets: [{ name: 'registry' }], nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'infra', operator: 'Exists' }], priorityClassName: 'high' } } },
    });
    expectValid([...rendered.values()]);
  }); // prettier-ignore

  const HUB = ['argocd', 'extension-image', 'extension-installer', 'extension-configmap', 'extension-oci'];
  const scratch = mkdtempSync(join(tmpdir(), 'ef-manifests-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const ARGOCD = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-server}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: argocd-server}}
  template:
    metadata: {labels: {app.kubernetes.io/name: argocd-server}}
    spec:
      containers:
        - name: argocd-server
          image: quay.io/argoproj/argocd:v3.5.1
          volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: {}}]
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm}, data: {url: "https://hub.example.com"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cmd-params-cm}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-rbac-cm}, data: {policy.csv: "p, role:x, applications, get, */*, allow"}}
`;
  function patched(...components: readonly string[]): ReadonlyMap<string, RenderedObject> {
    writeFileSync(join(scratch, 'argocd.yaml'), ARGOCD);
    const lines = components.map((component) => `  - ${relative(scratch, join(MANIFESTS, component))}`);
    writeFileSync(join(scratch, 'kustomization.yaml'), `resources: [argocd.yaml]\ncomponents:\n${lines.join('\n')}\n`);
    return byKey(kustomize(scratch));
  }

  needing('kustomize')('the components of the hub add to an Argo CD and take nothing away', () => {
    for (const way of HUB.slice(1)) {
      const rendered = patched('hub/argocd', `hub/${way}`);
      expectValid([...rendered.values()]);
      expect(rendered.get('ConfigMap /argocd-cm')?.['data']).toMatchObject({ url: 'https://hub.example.com', 'extension.config.edge-fleet': expect.stringContaining('$edge-fleet.view') });
      expect(rendered.get('ConfigMap /argocd-rbac-cm')?.['data']).toMatchObject({ 'policy.csv': expect.stringContaining('role:x'), 'policy.edge-fleet.csv': expect.stringContaining('invoke, edge-fleet, allow') });
      const spec = JSON.stringify(rendered.get('Deployment /argocd-server'));
      expect(spec).toContain('quay.io/argoproj/argocd:v3.5.1');
      expect(spec).toMatch(/"mountPath":"\/tmp\/extensions/);
      expect(spec).toContain('{"mountPath":"/tmp","name":"tmp"}');
    }
  }); // prettier-ignore

  needing('kustomize')('the components of an edge add an account and its rights, nothing that runs', () => {
    const rendered = patched('edge/account', 'edge/operate');
    expect(rendered.size).toBe(4);
    expect(rendered.get('ConfigMap /argocd-cm')?.['data']).toMatchObject({
      'accounts.edge-fleet': 'apiKey',
      'accounts.edge-fleet-ops': 'apiKey',
    });
    expect(rendered.get('Deployment /argocd-server')).toEqual(objectsOf(ARGOCD)[0]);
  });

  needing('kustomize')("the edge's Helm values hold the same cloudflared as the kustomization", () => {
    const values = parse(read('edge/argo-cd-values.yaml')) as { extraObjects: readonly RenderedObject[] };
    const plain = (text: string): string => text.replaceAll(/cloudflared-(?!credentials)[a-z0-9]{10}\b/g, 'cloudflared');
    const wanted = objectsOf('').concat(
      JSON.parse(plain(JSON.stringify(kustomize(join(MANIFESTS, 'edge/cloudflared'))))) as RenderedObject[],
    );
    expect(values.extraObjects.map(keyOf).sort()).toEqual(wanted.map(keyOf).sort());
    for (const [key, one] of byKey(wanted)) expect(byKey(values.extraObjects).get(key)).toEqual(one);
  });
});

describe('without a tool', () => {
  test('every file is YAML, and what has a schema of Kubernetes holds it', () => {
    for (const path of allYaml()) {
      for (const document of parseAllDocuments(read(path))) {
        expect({ path, errors: document.errors }).toEqual({ path, errors: [] });
        const one = document.toJS() as RenderedObject | null;
        const isPatch = path.startsWith('hub/extension-') || path.endsWith('argo-cd-values.yaml') || path.endsWith('config.yaml');
        if (one !== null && !isPatch) expectValid([one]);
      }
    }
  });

  test('the Pod is confined: non-root, read-only root, no capabilities, seccomp, probes, limits', () => {
    const { spec } = object('base/deployment.yaml') as unknown as { spec: { replicas: number; strategy: object; template: { spec: Record<string, never> & { securityContext: object; containers: readonly Record<string, object>[] } } } };
    const [container] = spec.template.spec.containers;
    expect(spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container).toMatchObject({ securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } });
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) expect(container).toHaveProperty(probe);
    expect(container!['resources']).toMatchObject({ requests: { memory: expect.any(String), cpu: expect.any(String) }, limits: { memory: expect.any(String) } });
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const known = settingWords().map(({ name }) => name);
    for (const { name } of container!['env'] as unknown as readonly { name: string }[]) if (name.startsWith('EDGE_FLEET_')) expect(known).toContain(name);
  }); // prettier-ignore

  test('only argocd-server reaches the API', () => {
    expect(object('base/network-policy.yaml')['spec']).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'edge-fleet' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'argocd' } },
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'argocd-server' } },
            },
          ],
          ports: [{ protocol: 'TCP', port: 'http' }],
        },
      ],
    });
  });

  test('the two registrations have different secrets, and the anchor is fit to be one', () => {
    const data = object('hub/argocd/argocd-cm.yaml')['data'] as Record<string, string>;
    const secretOf = (name: string): string => (parse(data[`extension.config.${name}`]!) as { services: [{ url: string; headers: [{ name: string; value: string }] }] }).services[0].headers[0].value;
    expect([secretOf('edge-fleet'), secretOf('edge-fleet-ops')]).toEqual(['$edge-fleet.view', '$edge-fleet.ops']);
    expect(Object.keys(object('hub/argocd-secret.patch.yaml')['stringData'] as object)).toEqual(['edge-fleet.view', 'edge-fleet.ops']);
    expect(object('hub/edge-fleet-scopes.yaml')).toMatchObject({ metadata: { labels: { 'edgefleet.dev/secret': 'true' } } });
    const [project, application] = objectsOf(read('hub/anchor/anchor.yaml')) as unknown as [{ spec: { destinations: object[] } }, { metadata: { namespace: string }; spec: { project: string; destination: object } }];
    expect(application).toMatchObject({ metadata: { namespace: 'argocd' }, spec: { project: 'edge-fleet' } });
    expect(project.spec.destinations).toContainEqual(application.spec.destination);
    expect(application.spec.destination).toHaveProperty('server');
  }); // prettier-ignore

  test('the policy that ships can be read', () => {
    const data = object('base/policy.yaml')['data'] as Record<string, string>;
    expect(parsePolicy({ csv: data['policy.csv']!, default: data['policy.default']! })).toMatchObject({
      problems: [],
      defaultRole: 'role:viewer',
    });
  });

  test('every alert names a remedy, and it and the dashboard ask for metrics that there are', async () => {
    const { groups } = object('monitoring/alerts.yaml')['spec'] as { groups: readonly { rules: readonly { alert: string; expr: string; annotations: Record<string, string> }[] }[] };
    const dashboard = JSON.parse(read('monitoring/dashboard.json')) as { panels: readonly { targets: readonly { expr: string }[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    for (const { annotations } of rules) expect(annotations).toEqual({ summary: expect.stringMatching(/\S/), remedy: expect.stringMatching(/.{30}/) });
    const metrics = createMetrics('0');
    metrics.watchFleet({ overview: () => ({ counts: {} }), edges: () => ({ ok: true, value: { items: [] } }), column: () => undefined } as unknown as FleetReader, { now: () => 0 });
    for (const name of ['edge_requests', 'config_problems', 'actions', 'reconcile'] as const) metrics.count(name, {});
    for (const name of ['edge_request', 'http_request', 'commit'] as const) metrics.observe(name, {}, 1);
    const exposed = (await metrics.scrape()).text;
    const expressions = [...rules.map(({ expr }) => expr), ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
    for (const expression of expressions) {
      const names = expression.match(/edge_fleet_[a-z_]+/g) ?? [];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(exposed).toContain(`# TYPE ${name.replace(/_bucket$/, '')} `);
    }
  }); // prettier-ignore

  test('the Role grants the verbs that are used, and no other', async () => {
    const kube = new FakeKube();
    const server = await kube.start();
    const runtime = createSteppedRuntime();
    const loadConfig = (): KubeConfig => {
      const config = new KubeConfig();
      config.loadFromOptions({ clusters: [{ name: 'c', server, skipTLSVerify: true }], users: [{ name: 'u', token: kube.token }], contexts: [{ name: 'x', cluster: 'c', user: 'u' }], currentContext: 'x' });
      return config;
    }; // prettier-ignore
    const store = createKubeStore({ namespace: 'edge-fleet', loadConfig }, runtime);
    let ready = false;
    void store.start().then(() => (ready = true));
    await runtime.until(() => ready && kube.watches === 5, { stepMs: 10, what: 'all watches' });
    for (const kind of ['Edge', 'Connector', 'Product'] as const) await store.apply(kind, 'x', { observedGeneration: 1, conditions: [] });
    await store.close();
    await kube.close();
    const used = new Set(kube.requests.map(({ group, resource, verb }) => `${group} ${resource} ${verb}`));
    const role = objectsOf(read('base/rbac.yaml')).find(({ kind }) => kind === 'Role') as unknown as {
      rules: readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    };
    const granted = role.rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group} ${resource} ${verb}`))),
    );
    expect([...used].sort()).toEqual(granted.sort());
  });
});

describe('the Dockerfile', () => {
  const lines = readFileSync(join(MANIFESTS, '..', 'Dockerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n');
  const all = (word: string): readonly string[] => lines.filter((line) => line.startsWith(`${word} `));
  test('takes its base as an argument, ends as a user without rights, and carries the list of its packages', () => {
    expect(lines.find((line) => line.startsWith('ARG '))).toMatch(/^ARG BASE=/);
    const last = lines.slice(lines.lastIndexOf(all('FROM').at(-1)!));
    expect(last[0]).toBe('FROM ${BASE}');
    expect(last).toContain('USER 65532:65532');
    expect(lines.join('\n')).toMatch(/npm sbom/);
    expect(all('RUN').join()).not.toMatch(/curl|wget|sudo/);
  });
  test('copies only what is there', () => {
    for (const line of all('COPY').filter((copy) => !copy.includes('--from='))) {
      for (const source of line.split(/\s+/).slice(1, -1))
        expect([source, existsSync(join(MANIFESTS, '..', source))]).toEqual([source, true]);
    }
  });
});

/**
 * What doctor reads of the hub from its Kubernetes API: three ConfigMaps, the anchor with its project, one NetworkPolicy. Its Role is optional
 * (`manifests/doctor`); what is refused is said to be not checked. argocd-secret is never read.
 */
import { CoreV1Api, CustomObjectsApi, NetworkingV1Api, type KubeConfig } from '@kubernetes/client-node';
import { loadYaml } from '@kubernetes/client-node';
import { known, unknown, type Read } from '../domain/doctor.ts';
import type { AnchorFacts, ExtensionRegistration, HubFacts } from '../domain/doctor-hub.ts';
import type { HubFactsReader } from '../ports/hub-facts.ts';

export interface KubeHubOptions {
  readonly loadConfig: () => KubeConfig;
  /** Where proxy-server runs. */
  readonly namespace: string;
  readonly hubNamespace: string;
  readonly anchor: string;
  /** Asks the hub itself for its version. */
  readonly version: () => Promise<Read<string>>;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const codeOf = (thrown: unknown): unknown => field(thrown, 'code');
const wordsOf = (thrown: unknown): string => `${codeOf(thrown) === undefined ? '' : `${String(codeOf(thrown))} `}${(text(field(thrown, 'message')) ?? '').split('\n')[0] ?? ''}`.slice(0, 160); // prettier-ignore

async function attempt<T>(what: string, read: () => Promise<T>): Promise<Read<T>> {
  try {
    return known(await read());
  } catch (thrown) {
    if (codeOf(thrown) === 403) return unknown(`may not read ${what}: apply manifests/doctor to let doctor look`);
    return unknown(`${what} cannot be read: ${wordsOf(thrown)}`);
  }
}

/** Absent is an answer; everything else that goes wrong is not. */
async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (codeOf(thrown) === 404) return undefined;
    throw thrown;
  }
}

const map = <T, U>(read: Read<T>, to: (value: T) => U): Read<U> => (read.known ? known(to(read.value)) : read);

function toServices(value: unknown): ExtensionRegistration['services'] {
  return list(field(value, 'services')).map((service) => ({
    url: text(field(service, 'url')) ?? '',
    headers: list(field(service, 'headers')).map((header) => ({
      name: text(field(header, 'name')) ?? '',
      value: text(field(header, 'value')) ?? '',
    })),
  }));
}

type Registrations = HubFacts['registrations'] extends Read<infer T> ? T : never;

/** Both forms: the list under `extension.config`, and one key per extension (2.13 and later). */
export function toRegistrations(data: Readonly<Record<string, string>>): Registrations {
  return Object.entries(data).flatMap(([key, value]): Registrations => {
    if (key !== 'extension.config' && !key.startsWith('extension.config.')) return [];
    try {
      const parsed: unknown = loadYaml(value);
      if (key !== 'extension.config') return [{ key, name: key.slice('extension.config.'.length), services: toServices(parsed) }];
      return list(field(parsed, 'extensions')).map((one) => ({
        key,
        name: text(field(one, 'name')) ?? '',
        services: toServices(field(one, 'backend')),
      }));
    } catch (thrown) {
      return [{ key, problem: wordsOf(thrown) }];
    }
  });
}

/** Lines of policy.csv and of every policy.<name>.csv. */
export function toRbacLines(data: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return Object.entries(data)
    .filter(([key]) => /^policy\.(.*\.)?csv$/.test(key))
    .flatMap(([, csv]) => csv.split('\n'))
    .filter((line) => line.trim().startsWith('p'))
    .map((line) => line.split(',').map((part) => part.trim().replaceAll('"', '')));
}

const toDestination = (value: unknown): AnchorFacts['destination'] => {
  const [server, name, namespace] = ['server', 'name', 'namespace'].map((key) => text(field(value, key)));
  return {
    ...(server === undefined ? {} : { server }),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
};

type ReachableFrom = HubFacts['reachableFrom'] extends Read<infer T> ? T : never;

/** Whom the ingress rules let in: an empty `from` is everybody. */
function toPeers(policy: unknown): ReachableFrom {
  if (policy === undefined) return undefined;
  const rules = list(field(field(policy, 'spec'), 'ingress'));
  // The generated client calls it _from, because from is a word of some languages.
  const fromOf = (rule: unknown): readonly unknown[] => list(field(rule, 'from') ?? field(rule, '_from'));
  const peers = rules.flatMap(fromOf);
  if (rules.some((rule) => fromOf(rule).length === 0)) return null;
  return peers.map((peer) => {
    const labels = ['namespaceSelector', 'podSelector'].map((selector) => field(field(peer, selector), 'matchLabels') ?? {});
    return Object.fromEntries(labels.flatMap((some) => Object.entries(some)).map(([key, value]) => [key, String(value)]));
  });
}

export function createKubeHubFacts({ loadConfig, namespace, hubNamespace, anchor, version }: KubeHubOptions): HubFactsReader {
  const config = loadConfig();
  const core = config.makeApiClient(CoreV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  const networking = config.makeApiClient(NetworkingV1Api);
  const configMap = (name: string): Promise<Read<Readonly<Record<string, string>>>> =>
    attempt(name, async () => (await core.readNamespacedConfigMap({ name, namespace: hubNamespace })).data ?? {});
  const argocd = (plural: string, name: string): Promise<unknown> =>
    custom.getNamespacedCustomObject({ group: 'argoproj.io', version: 'v1alpha1', namespace: hubNamespace, plural, name });

  const readAnchor = async (): Promise<AnchorFacts | undefined> => {
    const application = await orAbsent(() => argocd('applications', anchor));
    if (application === undefined) return undefined;
    const spec = field(application, 'spec');
    const project = text(field(spec, 'project')) ?? 'default';
    const found = await orAbsent(() => argocd('appprojects', project));
    const allowed = found === undefined ? undefined : list(field(field(found, 'spec'), 'destinations')).map(toDestination);
    return { project, destination: toDestination(field(spec, 'destination')), allowed };
  };

  return {
    read: async () => {
      const [hubVersion, params, cm, rbac, anchorFacts, policy] = await Promise.all([
        version(), configMap('argocd-cmd-params-cm'), configMap('argocd-cm'), configMap('argocd-rbac-cm'), attempt('the anchor Application', readAnchor),
        attempt('the NetworkPolicy', () => orAbsent(() => networking.readNamespacedNetworkPolicy({ name: 'edge-fleet', namespace }))),
      ]); // prettier-ignore
      return {
        where: { namespace, hubNamespace },
        version: hubVersion,
        params,
        registrations: map(cm, toRegistrations),
        rbac: map(rbac, toRbacLines),
        anchor: anchorFacts,
        reachableFrom: map(policy, toPeers),
      };
    },
  };
}

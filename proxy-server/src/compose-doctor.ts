/** Where doctor reads the hub from: the folder has none, the Kubernetes API has most of it. Shared by the command line and the page. */
import type { Config } from './config.ts';
import { unknown, known, type Read } from './domain/doctor.ts';
import { unreadHub } from './domain/doctor-hub.ts';
import type { DoctorPlace } from './ports/doctor-runs.ts';
import type { HubFactsReader } from './ports/hub-facts.ts';

const HUB_TIMEOUT_MS = 10_000;

async function askVersion(hubUrl: string | undefined): Promise<Read<string>> {
  if (hubUrl === undefined) return unknown('EDGE_FLEET_HUB_URL is not set');
  try {
    const answer = await fetch(new URL('api/version', `${hubUrl.replace(/\/+$/, '')}/`), {
      redirect: 'error',
      signal: AbortSignal.timeout(HUB_TIMEOUT_MS),
    });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && 'Version' in body
      ? known(String(body.Version))
      : unknown(`${hubUrl} did not answer as an Argo CD`);
  } catch (thrown) {
    return unknown(`${hubUrl} cannot be asked: ${String(thrown)}`);
  }
}

/** Reading rejects where there is no namespace to read our own objects from. */
export function hubFactsReader(config: Config, place: DoctorPlace): HubFactsReader {
  const version = (): Promise<Read<string>> => askVersion(config.hubUrl);
  if (config.source === 'folder') {
    const why = 'the configuration is a folder: there is no Kubernetes API to ask';
    return { read: async () => ({ ...unreadHub(why), version: await version() }) };
  }
  return { read: async () => (await kubeFacts(config, place, version)).read() };
}

/** Loaded only where it is used: the Kubernetes client takes as long to load as everything else together. */
async function kubeFacts(
  config: Config,
  { hubNamespace, anchor }: DoctorPlace,
  version: () => Promise<Read<string>>,
): Promise<HubFactsReader> {
  const [{ loadKubeConfig, ownNamespace }, { createKubeHubFacts }] = await Promise.all([
    import('./kube/kube-config.ts'),
    import('./kube/hub-facts.ts'),
  ]);
  const loadConfig = (): ReturnType<typeof loadKubeConfig> => loadKubeConfig(config.kubeconfig);
  const namespace = config.namespace ?? ownNamespace(loadConfig());
  if (namespace === undefined)
    throw new Error('EDGE_FLEET_NAMESPACE is not set and there is no service account: name the namespace of the objects');
  return createKubeHubFacts({ loadConfig, namespace, hubNamespace, anchor, version });
}

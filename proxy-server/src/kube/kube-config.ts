import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';

const NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The service account of the Pod, or a kubeconfig file. Each call reads the token anew. */
export function loadKubeConfig(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromCluster();
  else config.loadFromFile(kubeconfig);
  return config;
}

/** The namespace that proxy-server runs in, and so the only one it looks at; undefined outside a Pod and without a namespace in the context. */
export function ownNamespace(config: KubeConfig, namespaceFile = NAMESPACE_FILE): string | undefined {
  const fromContext = config.getContextObject(config.getCurrentContext())?.namespace;
  if (fromContext !== undefined && fromContext !== '') return fromContext;
  try {
    return readFileSync(namespaceFile, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** What one object says about another that is not there. Read after all objects are in, because files come in any order. */
import type { Connector, Edge, Secret } from '../domain/edge.ts';
import { isLoopbackHost } from '../domain/loopback.ts';
import type { KindProblem } from './kind-problem.ts';

export interface ReferencedObjects {
  readonly edges: ReadonlyMap<string, Edge>;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

const problem = (object: string, path: readonly string[], value: string, remedy: string): KindProblem => ({
  object,
  field: path.join('.'),
  path,
  value,
  remedy,
  severity: 'error',
});

interface SecretNeed {
  readonly object: string;
  readonly path: readonly string[];
  readonly name: string;
  readonly keys: readonly string[];
}

function secretProblems(need: SecretNeed, secrets: ReferencedObjects['secrets']): readonly KindProblem[] {
  const secret = secrets.get(need.name);
  const path = [...need.path, 'name'];
  if (secret === undefined) return [problem(need.object, path, need.name, `Add a Secret ${need.name} with ${keyWords(need.keys)}`)];
  const missing = need.keys.filter((key) => (secret.values.get(key) ?? '') === '');
  return missing.length === 0 ? [] : [problem(need.object, path, need.name, `Add ${keyWords(missing)} to Secret ${need.name}`)];
}

const keyWords = (keys: readonly string[]): string => `the ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(' and ')}`;

function connectorNeeds(connector: Connector): readonly SecretNeed[] {
  const object = `Connector ${connector.id}`;
  if (connector.kind === 'cloudflare') {
    const access = {
      object,
      path: ['spec', 'cloudflare', 'accessSecretRef'],
      name: connector.accessSecret,
      keys: ['client-id', 'client-secret'],
    };
    const { statusApi } = connector;
    if (statusApi === undefined) return [access];
    return [access, { object, path: ['spec', 'cloudflare', 'statusApi', 'tokenSecretRef'], name: statusApi.tokenSecret, keys: ['token'] }];
  }
  return [
    ...(connector.caSecret === undefined
      ? []
      : [{ object, path: ['spec', 'direct', 'caSecretRef'], name: connector.caSecret, keys: ['ca.crt'] }]),
    ...(connector.clientCertificateSecret === undefined
      ? []
      : [
          {
            object,
            path: ['spec', 'direct', 'clientCertificateSecretRef'],
            name: connector.clientCertificateSecret,
            keys: ['tls.crt', 'tls.key'],
          },
        ]),
  ];
}

/** True where the Connector would skip the check of a certificate that comes from another machine: such an Edge is not used at all. */
export function skipsVerifyAbroad(edge: Edge, connector: Connector | undefined): boolean {
  if (connector?.kind !== 'direct' || !connector.insecureSkipVerify || connector.address !== undefined) return false;
  return !isLoopbackHost(new URL(edge.url).hostname);
}

function edgeProblems(edge: Edge, objects: ReferencedObjects): readonly KindProblem[] {
  const object = `Edge ${edge.id}`;
  const connector = objects.connectors.get(edge.connector);
  const keys = edge.access === 'Operate' ? ['read', 'operate'] : ['read'];
  const found = secretProblems({ object, path: ['spec', 'tokenSecretRef'], name: edge.tokenSecret, keys }, objects.secrets);
  if (connector === undefined) {
    return [
      problem(object, ['spec', 'connectorRef', 'name'], edge.connector, `Add a Connector ${edge.connector}, or name one that is there`),
      ...found,
    ];
  }
  if (!skipsVerifyAbroad(edge, connector)) return found;
  const remedy = `Connector ${edge.connector} has insecureSkipVerify, which is for loopback hosts only: give it the site's CA in caSecretRef instead`;
  return [problem(object, ['spec', 'url'], edge.url, remedy), ...found];
}

/** Missing Connectors, Secrets and keys of Secrets, and certificates that would go unchecked. */
export function referenceProblems(objects: ReferencedObjects): readonly KindProblem[] {
  const problems: KindProblem[] = [];
  for (const connector of objects.connectors.values()) {
    for (const need of connectorNeeds(connector)) problems.push(...secretProblems(need, objects.secrets));
  }
  for (const edge of objects.edges.values()) problems.push(...edgeProblems(edge, objects));
  return problems;
}

/**
 * The world as proxy-server's folder of YAML: Connectors, Edges, Products and Secrets that match the listener's port. Behind `cloudflare`
 * Connectors the edge's name is in the path, since nothing but the URL can name it; behind `direct` ones it is the host, with `address` to go to.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { handOutToken, tokenOf } from './argocd/tokens.ts';
import { PRODUCTS } from './world/catalog.ts';
import type { Edge } from './world/edge.ts';
import type { World } from './world/world.ts';

const API_VERSION = 'edgefleet.dev/v1alpha1';
const OWNER_ONLY = 0o600;

export interface FolderOptions {
  readonly folder: string;
  /** Where the edges listen. */
  readonly host: string;
  readonly port: number;
  /** Service token of the Access application in front of the edges. */
  readonly access?: { readonly clientId: string; readonly clientSecret: string };
  /** Share of edges that also get a token that may write, with `access: Operate`. */
  readonly operateShare?: number;
  /** PEM of who signed the edges' certificate, where they speak TLS. Behind `cloudflare` Connectors the system must trust it. */
  readonly ca?: string;
}

const DEFAULT_ACCESS = { clientId: 'fleet.access.edge.test', clientSecret: 'simulated-access-secret' };
const OPERATE_SHARE = 0.5;
const CA_SECRET = 'edges-ca';
/** Beyond this many edges nobody reads the files, and JSON, which is YAML too, is written and read thirty times as fast. */
const READABLE_EDGES = 1_000;

function edgeObject(edge: Edge, options: FolderOptions, operate: boolean): unknown {
  const address = `${options.host}:${options.port}`;
  const scheme = options.ca === undefined ? 'http' : 'https';
  const days = edge.segment === 'ship' ? '60d' : '14d';
  return {
    apiVersion: API_VERSION,
    kind: 'Edge',
    metadata: { name: edge.name, labels: edge.labels },
    spec: {
      displayName: edge.displayName,
      timeZone: edge.timeZone,
      url: edge.reach === 'cloudflare' ? `${scheme}://${address}/e/${edge.name}` : `${scheme}://${edge.name}.edge.test:${options.port}`,
      connectorRef: { name: edge.connector },
      tokenSecretRef: { name: `${edge.name}-argocd` },
      access: operate ? 'Operate' : 'ReadOnly',
      contact: { staleAfter: '5m', silentAfter: edge.segment === 'ship' ? '2d' : '6h', maxExpectedOutage: days },
    },
  };
}

function secretObject(name: string, stringData: Readonly<Record<string, string>>): unknown {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels: { 'edgefleet.dev/secret': 'true' } }, type: 'Opaque', stringData };
}

function connectorObjects(edges: readonly Edge[], options: FolderOptions): unknown[] {
  const reaches = new Map(edges.map((edge) => [edge.connector, edge.reach]));
  const trust = options.ca === undefined ? {} : { caSecretRef: { name: CA_SECRET } };
  return [...reaches].map(([name, reach]) => ({
    apiVersion: API_VERSION,
    kind: 'Connector',
    metadata: { name },
    spec:
      reach === 'cloudflare'
        ? { cloudflare: { accessSecretRef: { name: `access-${name}` } } }
        : { direct: { address: `${options.host}:${options.port}`, ...trust } },
  }));
}

function productObjects(): unknown[] {
  return PRODUCTS.map((product) => ({
    apiVersion: API_VERSION,
    kind: 'Product',
    metadata: { name: product.name },
    spec: {
      applications: {
        annotation: `edgefleet.dev/product=${product.name}`,
        selector: { matchLabels: { 'app.kubernetes.io/part-of': product.name } },
      },
      version: [
        ...(product.image === undefined ? [] : [{ image: product.image }]),
        ...(product.chart === true ? [{ chart: true }] : []),
        { revision: true },
      ],
    },
  }));
}

function tokenSecret(world: World, edge: Edge, operate: boolean): unknown {
  const read = handOutToken(world.seed, edge, 'fleet');
  return secretObject(`${edge.name}-argocd`, operate ? { read, operate: tokenOf(world.seed, edge, 'operator') } : { read });
}

/** What the Connectors refer to. */
function connectorSecrets(edges: readonly Edge[], options: FolderOptions): unknown[] {
  const access = options.access ?? DEFAULT_ACCESS;
  const connectors = new Set(edges.filter((edge) => edge.reach === 'cloudflare').map((edge) => edge.connector));
  return [
    ...(options.ca === undefined ? [] : [secretObject(CA_SECRET, { 'ca.crt': options.ca })]),
    ...[...connectors].map((name) =>
      secretObject(`access-${name}`, { 'client-id': access.clientId, 'client-secret': access.clientSecret }),
    ),
  ];
}

function documents(objects: readonly unknown[], readable: boolean): string {
  const write = (object: unknown): string => (readable ? stringify(object, { lineWidth: 0 }) : `${JSON.stringify(object)}\n`);
  return objects.map(write).join('---\n');
}

/**
 * Writes one file per region for edges and secrets, one for Connectors and one for Products; answers the files' names. A large fleet is
 * written as documents of JSON.
 */
export async function writeConfigFolder(world: World, options: FolderOptions): Promise<readonly string[]> {
  const share = options.operateShare ?? OPERATE_SHARE;
  const operates = (edge: Edge): boolean => edge.index % 100 < share * 100;
  const regions = Map.groupBy(world.edges, (edge) => `${edge.labels['segment'] ?? 'other'}-${edge.labels['region'] ?? 'none'}`);
  const files: (readonly [name: string, objects: readonly unknown[]])[] = [
    ['connectors.yaml', connectorObjects(world.edges, options)],
    ['secrets-access.yaml', connectorSecrets(world.edges, options)],
    ['products.yaml', productObjects()],
  ];
  for (const [region, edges] of regions) {
    files.push([`edges-${region}.yaml`, edges.map((edge) => edgeObject(edge, options, operates(edge)))]);
    files.push([`secrets-${region}.yaml`, edges.map((edge) => tokenSecret(world, edge, operates(edge)))]);
  }
  const readable = world.edges.length <= READABLE_EDGES;
  await mkdir(options.folder, { recursive: true });
  for (const [name, objects] of files) await writeFile(join(options.folder, name), documents(objects, readable), { mode: OWNER_ONLY });
  return files.map(([name]) => name);
}

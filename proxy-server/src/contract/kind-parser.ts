/**
 * From an object on the wire to the domain, or to problems that name field and remedy. The folder and the Kubernetes API both read through
 * here, so that one YAML means the same in both.
 */
import type { z } from 'zod';
import type { Connector, Edge, Product, Secret, VersionRule } from '../domain/edge.ts';
import { parseDurationMs } from '../domain/duration.ts';
import { DEFAULT_CONTACT, type Contact } from '../domain/freshness.ts';
import { parseConnectorId, parseEdgeId, parseProductId, parseSecretId } from '../domain/ids.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { quotable } from '../domain/redact.ts';
import { toKindProblems, type KindProblem } from './kind-problem.ts';
import {
  API_GROUP, API_VERSION, ConnectorObject, EdgeObject, FLEET_KINDS, POLICY_NAME, PolicyObject, ProductObject, SecretObject,
} from './kinds.ts'; // prettier-ignore

export interface Policy {
  readonly csv: string;
  readonly default?: string;
  readonly hubVersion?: string;
}

export type FleetObject =
  | { readonly kind: 'Edge'; readonly name: string; readonly edge: Edge }
  | { readonly kind: 'Connector'; readonly name: string; readonly connector: Connector }
  | { readonly kind: 'Product'; readonly name: string; readonly product: Product }
  | { readonly kind: 'Secret'; readonly name: string; readonly secret: Secret }
  | { readonly kind: 'ConfigMap'; readonly name: string; readonly policy: Policy };

/** `object` is absent where there are errors, and where the object is none of ours. */
export interface ParsedObject {
  readonly object?: FleetObject;
  readonly problems: readonly KindProblem[];
}

/** Kinds of the design that later loops read; a folder may hold them already. */
const LATER_KINDS = ['Environment', 'Promotion', 'Release', 'Calendar'];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an object calls itself, for people: `Edge store-0417`. */
export function objectText(raw: unknown): string {
  if (!isRecord(raw)) return 'document';
  const kind = typeof raw['kind'] === 'string' ? quotable(raw['kind'], 63) : 'object without kind';
  const metadata = isRecord(raw['metadata']) ? raw['metadata'] : {};
  const name = typeof metadata['name'] === 'string' ? quotable(metadata['name'], 253) : '(without name)';
  return `${kind} ${name}`;
}

const parsedId = <T>(id: T | undefined): T => {
  if (id === undefined) throw new Error('a name that the schema let through is no id');
  return id;
};

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } => {
  const part: { [P in K]?: V } = {};
  if (value !== undefined) part[key] = value;
  return part;
};

const durationMs = (raw: string | undefined, absent: number): number => (raw === undefined ? absent : (parseDurationMs(raw) ?? absent));

function toContact(raw: z.infer<typeof EdgeObject>['spec']['contact']): Contact {
  return {
    staleAfterMs: durationMs(raw?.staleAfter, DEFAULT_CONTACT.staleAfterMs),
    silentAfterMs: durationMs(raw?.silentAfter, DEFAULT_CONTACT.silentAfterMs),
    maxExpectedOutageMs: durationMs(raw?.maxExpectedOutage, DEFAULT_CONTACT.maxExpectedOutageMs),
    judgedWithinMs: durationMs(raw?.judgedWithin, DEFAULT_CONTACT.judgedWithinMs),
  };
}

type EdgeWire = z.infer<typeof EdgeObject>;

const toWindows = (raw: EdgeWire['spec']['windows']): Edge['windows'] =>
  (raw ?? []).map((window) => ({ cron: window.cron, durationMs: durationMs(window.duration, 0) }));

const toPins = (raw: EdgeWire['spec']['pins']): Edge['pins'] =>
  (raw ?? []).map((pin) => ({
    product: parsedId(parseProductId(pin.product)),
    version: pin.version,
    reason: pin.reason,
    ...optional('until', pin.until),
  }));

function toEdge({ metadata, spec, status }: EdgeWire, generation: number): Edge {
  return {
    id: parsedId(parseEdgeId(metadata.name)),
    labels: metadata.labels ?? {},
    displayName: spec.displayName ?? metadata.name,
    timeZone: spec.timeZone ?? 'UTC',
    url: spec.url.replace(/\/+$/, ''),
    connector: parsedId(parseConnectorId(spec.connectorRef.name)),
    tokenSecret: parsedId(parseSecretId(spec.tokenSecretRef.name)),
    access: spec.access ?? 'ReadOnly',
    identity: spec.identity ?? 'Pinned',
    contact: toContact(spec.contact),
    windows: toWindows(spec.windows),
    pins: toPins(spec.pins),
    lifecycle: spec.lifecycle ?? 'Active',
    generation: metadata.generation ?? generation,
    ...optional('acceptedIdentity', status?.identity),
  };
}

function toConnector({ metadata, spec }: z.infer<typeof ConnectorObject>): Connector {
  const id = parsedId(parseConnectorId(metadata.name));
  const secretOf = (ref: { readonly name: string } | undefined): Secret['id'] | undefined =>
    ref === undefined ? undefined : parsedId(parseSecretId(ref.name));
  const { cloudflare, direct } = spec;
  if (cloudflare !== undefined) {
    const { statusApi } = cloudflare;
    return {
      kind: 'cloudflare',
      id,
      accessSecret: parsedId(parseSecretId(cloudflare.accessSecretRef.name)),
      ...optional('beaconPath', cloudflare.beaconPath),
      ...optional(
        'statusApi',
        statusApi === undefined
          ? undefined
          : {
              accountId: statusApi.accountId,
              tokenSecret: parsedId(parseSecretId(statusApi.tokenSecretRef.name)),
              tunnelPrefix: statusApi.tunnelPrefix ?? '',
            },
      ),
    };
  }
  return {
    kind: 'direct',
    id,
    ...optional('caSecret', secretOf(direct?.caSecretRef)),
    ...optional('clientCertificateSecret', secretOf(direct?.clientCertificateSecretRef)),
    ...optional('serverName', direct?.serverName),
    ...optional('address', direct?.address),
    insecureSkipVerify: direct?.insecureSkipVerify ?? false,
  };
}

function toVersionRule(raw: z.infer<typeof ProductObject>['spec']['version'][number]): VersionRule {
  if (raw.image !== undefined) return { kind: 'image', image: raw.image };
  return raw.chart === true ? { kind: 'chart' } : { kind: 'revision' };
}

function toProduct({ metadata, spec }: z.infer<typeof ProductObject>): Product {
  const [key = '', value = ''] = spec.applications.annotation?.split('=') ?? [];
  return {
    id: parsedId(parseProductId(metadata.name)),
    ...optional('annotation', key === '' ? undefined : { key, value }),
    matchLabels: spec.applications.selector?.matchLabels ?? {},
    version: spec.version.map(toVersionRule),
  };
}

/** stringData wins over data, as in Kubernetes. */
function toSecret({ metadata, data, stringData }: z.infer<typeof SecretObject>): Secret {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(data ?? {})) {
    values.set(key, new TextDecoder().decode(Uint8Array.from(atob(value.replace(/\s/g, '')), (char) => char.charCodeAt(0))));
  }
  for (const [key, value] of Object.entries(stringData ?? {})) values.set(key, value);
  return { id: parsedId(parseSecretId(metadata.name)), values };
}

function toPolicy({ data }: z.infer<typeof PolicyObject>): Policy {
  return { csv: data?.['policy.csv'] ?? '', ...optional('default', data?.['policy.default']), ...optional('hubVersion', data?.hubVersion) };
}

function read<T>(schema: z.ZodType<T>, raw: unknown, toObject: (value: T) => FleetObject): ParsedObject {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { object: toObject(parsed.data), problems: [] };
  const secret = isRecord(raw) && raw['kind'] === 'Secret';
  return { problems: toKindProblems(parsed.error.issues, { object: objectText(raw), schema, raw, secret }) };
}

function foreign(raw: Readonly<Record<string, unknown>>, kind: string): ParsedObject {
  const ours = typeof raw['apiVersion'] === 'string' && raw['apiVersion'].startsWith(`${API_GROUP}/`);
  const near = nearestWord(kind, FLEET_KINDS);
  const later = LATER_KINDS.includes(kind);
  const remedy = later
    ? 'This version does not read this kind yet: it is left alone'
    : near === undefined
      ? `Remove it: known kinds are ${FLEET_KINDS.join(', ')}, Secret and the ConfigMap ${POLICY_NAME}`
      : `Did you mean ${near}?`;
  const severity = ours && !later ? 'error' : 'warning';
  return { problems: [{ object: objectText(raw), field: 'kind', path: ['kind'], value: quotable(kind, 63), remedy, severity }] };
}

/**
 * Reads one object. `generation` is used where the object itself has none (in a folder). An object of another kind is a problem of severity
 * warning, unless it claims our API group.
 */
export function parseObject(raw: unknown, generation: number): ParsedObject {
  if (!isRecord(raw) || typeof raw['kind'] !== 'string') {
    const remedy = `Write an object with apiVersion: ${API_VERSION}, kind, metadata and spec`;
    return { problems: [{ object: objectText(raw), field: 'kind', path: ['kind'], remedy, severity: 'error' }] };
  }
  const metadata = isRecord(raw['metadata']) ? raw['metadata'] : {};
  switch (raw['kind']) {
    case 'Edge':
      return read(EdgeObject, raw, (value) => ({ kind: 'Edge', name: value.metadata.name, edge: toEdge(value, generation) }));
    case 'Connector':
      return read(ConnectorObject, raw, (value) => ({ kind: 'Connector', name: value.metadata.name, connector: toConnector(value) }));
    case 'Product':
      return read(ProductObject, raw, (value) => ({ kind: 'Product', name: value.metadata.name, product: toProduct(value) }));
    case 'Secret':
      return read(SecretObject, raw, (value) => ({ kind: 'Secret', name: value.metadata.name, secret: toSecret(value) }));
    case 'ConfigMap':
      if (metadata['name'] !== POLICY_NAME) return foreign(raw, 'ConfigMap');
      return read(PolicyObject, raw, (value) => ({ kind: 'ConfigMap', name: POLICY_NAME, policy: toPolicy(value) }));
    default:
      return foreign(raw, raw['kind']);
  }
}

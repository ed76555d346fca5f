import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { CEL_RULES } from '../manifests/crd-rules.ts';
import { toCrd, type Crd } from '../manifests/crd.ts';
import type { CrdSchema } from '../manifests/crd-schema.ts';
import { generatedFiles } from '../manifests/generate.ts';
import {
  API_VERSION,
  ConnectorObject,
  EdgeObject,
  FLEET_KINDS,
  ProductObject,
  type FleetKind,
} from '../proxy-server/src/contract/kinds.ts';
import { createCrdValidator } from './fakes/crd-validator.ts';

const SCHEMAS = { Edge: EdgeObject, Connector: ConnectorObject, Product: ProductObject } as const;
const VALIDATORS = new Map(FLEET_KINDS.map((kind) => [kind, createCrdValidator(toCrd(kind))]));

const anObject = (kind: FleetKind, spec: unknown, name = 'store-1'): unknown => ({
  apiVersion: API_VERSION,
  kind,
  metadata: { name },
  spec,
});
const refusals = (kind: FleetKind, object: unknown): readonly string[] => VALIDATORS.get(kind)!(object);
const zodTakes = (kind: FleetKind, object: unknown): boolean => SCHEMAS[kind].safeParse(object).success;

const EDGE = { url: 'https://store-1.example.com', connectorRef: { name: 'plain' }, tokenSecretRef: { name: 'store-1' } };
const PRODUCT = { applications: { annotation: 'edgefleet.dev/product=pos' }, version: [{ chart: true }] };

describe('the CRDs', () => {
  test.each([...generatedFiles().entries()])('manifests/%s is what npm run manifests would write', (name, text) => {
    expect(readFileSync(new URL(`../manifests/${name}`, import.meta.url), 'utf8')).toBe(text);
  });

  test.each(FLEET_KINDS)('%s has status, columns, a short name and the category', (kind) => {
    const crd = parse(readFileSync(new URL(`../manifests/crds/${kind.toLowerCase()}.yaml`, import.meta.url), 'utf8')) as Crd;
    const [version] = crd.spec.versions;
    expect(crd.spec.names).toMatchObject({ kind, categories: ['edge-fleet'], shortNames: [expect.stringMatching(/^ef[a-z]$/)] });
    expect(version).toMatchObject({ subresources: { status: {} }, served: true, storage: true });
    expect(version!.additionalPrinterColumns.map(({ name }) => name)).toEqual(expect.arrayContaining(['Ready', 'Age']));
  });

  test.each(FLEET_KINDS)('every rule of %s says in words what to write', (kind) => {
    const messages: string[] = [];
    JSON.stringify(toCrd(kind), (key, value: unknown) => {
      if (key === 'message' && typeof value === 'string') messages.push(value);
      return value;
    });
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages) expect(message).toMatch(/^(Use|Write|Name|Remove) /);
  });
});

interface Place {
  readonly path: string;
  readonly schema: CrdSchema;
  /** How often the place can be there in one object. */
  readonly times: number;
}

function places(schema: CrdSchema, path: string, times = 1): readonly Place[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => places(one, `${path}.${name}`, times));
  const items = schema.items === undefined ? [] : places(schema.items, `${path}[]`, times * (schema.maxItems ?? Infinity));
  const values = schema.additionalProperties === undefined ? [] : places(schema.additionalProperties, `${path}{}`, times * (schema.maxProperties ?? Infinity)); // prettier-ignore
  return [{ path, schema, times }, ...inner, ...items, ...values];
}
const placesOf = (kind: FleetKind): readonly Place[] => places(toCrd(kind).spec.versions[0]!.schema.openAPIV3Schema, kind);

/** In Kubernetes from 1.25 on: standard CEL, its macros, and substring of the string extension. */
const CEL_FUNCTIONS = ['matches', 'size', 'has', 'all', 'exists_one', 'int', 'substring'];
/** Of apiextensions-apiserver @ v0.32 (pkg/apis/apiextensions/validation): for one rule, and for all of a CRD. */
const COST = { rule: 10_000_000, crd: 100_000_000 } as const;

/**
 * The dear part of a rule on the safe side of the server's estimate: matching costs a tenth of the text times a quarter of the pattern
 * (cel-go checker/cost.go @ v0.22), characters may be four bytes, and a macro repeats it for every key.
 */
function costOf(rule: string, { schema, times }: Place): number {
  const chars = 4 * (schema.type === 'string' ? (schema.maxLength ?? Infinity) : 256);
  const patterns = [...rule.matchAll(/matches\('((?:[^'\\]|\\.)*)'\)/g)].map(([, pattern = '']) => Math.ceil(pattern.length / 4) + 1);
  const repeats = rule.includes('.all(') ? (schema.maxProperties ?? schema.maxItems ?? Infinity) : 1;
  return times * repeats * (rule.length + patterns.reduce((sum, pattern) => sum + pattern * Math.ceil(chars / 10), 0));
}

describe('the schemas, as an API server wants them', () => {
  test.each(FLEET_KINDS)('%s is structural: types everywhere, no defaults, nothing open, required fields that exist', (kind) => {
    for (const { path, schema } of placesOf(kind)) {
      const known = ['type', 'description', 'properties', 'required', 'items', 'additionalProperties', 'enum', 'format', 'minLength', 'maxLength', 'minItems', 'maxItems', 'maxProperties', 'x-kubernetes-validations', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys']; // prettier-ignore
      expect({ path, unknown: Object.keys(schema).filter((key) => !known.includes(key)) }).toEqual({ path, unknown: [] });
      expect({ path, type: schema.type }).toEqual({ path, type: expect.stringMatching(/^(object|array|string|boolean|integer)$/) });
      expect({ path, both: schema.properties !== undefined && schema.additionalProperties !== undefined }).toEqual({ path, both: false });
      for (const name of schema.required ?? []) expect(Object.keys(schema.properties ?? {})).toContain(name);
      if (schema.type === 'array') expect({ path, items: schema.items, maxItems: schema.maxItems }).toEqual({ path, items: expect.anything(), maxItems: expect.any(Number) });
      for (const key of schema['x-kubernetes-list-map-keys'] ?? []) expect(schema.items?.required).toContain(key);
    }
  }); // prettier-ignore

  test.each(FLEET_KINDS)('the rules of %s use functions of every server, on one line, and are cheap enough', (kind) => {
    const rules = placesOf(kind).flatMap((place) => (place.schema['x-kubernetes-validations'] ?? []).map(({ rule, message }) => ({ rule, message, place })));
    expect(rules.length).toBeGreaterThan(3);
    for (const { rule, message, place } of rules) {
      const called = [...rule.replaceAll(/'(?:[^'\\]|\\.)*'/g, "''").matchAll(/([A-Za-z_]+)\(/g)].map(([, name]) => name);
      for (const name of called) expect(CEL_FUNCTIONS).toContain(name);
      expect(message).not.toMatch(/\n/);
      expect({ path: place.path, cost: costOf(rule, place) < COST.rule }).toEqual({ path: place.path, cost: true });
    }
    expect(rules.reduce((sum, { rule, place }) => sum + costOf(rule, place), 0)).toBeLessThan(COST.crd);
  }); // prettier-ignore

  test.each(FLEET_KINDS)('columns of %s show fields that there are', (kind) => {
    const known = new Set(placesOf(kind).map(({ path }) => path.slice(kind.length)));
    for (const { jsonPath } of toCrd(kind).spec.versions[0]!.additionalPrinterColumns) {
      const plain = jsonPath.replace(/\[\?\(@\.type=="(Ready|Reachable)"\)\]/, '[]');
      if (!plain.startsWith('.metadata.')) expect(known).toContain(plain);
    }
  });
});

const INVALID: readonly [what: string, kind: FleetKind, spec: unknown, words: RegExp][] = [
  ['a URL without scheme', 'Edge', { ...EDGE, url: 'store-1.example.com' }, /http\(s\):\/\/host/],
  ['a URL with a user', 'Edge', { ...EDGE, url: 'https://me:pw@store-1.example.com' }, /without user/],
  ['a URL with a query', 'Edge', { ...EDGE, url: 'https://store-1.example.com/?a=b' }, /without user, query/],
  ['port 0', 'Edge', { ...EDGE, url: 'https://store-1.example.com:0' }, /port \(1 to 65535\)/],
  ['port 65536', 'Edge', { ...EDGE, url: 'https://store-1.example.com:65536/x' }, /port \(1 to 65535\)/],
  ['a Connector name with a dot', 'Edge', { ...EDGE, connectorRef: { name: 'a.b' } }, /DNS label/],
  ['a duration of two units', 'Edge', { ...EDGE, contact: { staleAfter: '1h30m' } }, /one whole number and one unit/],
  ['a time zone as an offset', 'Edge', { ...EDGE, timeZone: '+02:00' }, /IANA time zone/],
  ['a cron line of four fields', 'Edge', { ...EDGE, windows: [{ cron: '0 1 * *', duration: '4h' }] }, /five fields/],
  [
    'a date that does not exist',
    'Edge',
    { ...EDGE, pins: [{ product: 'pos', version: '1', reason: 'x', until: '2027-02-29' }] },
    /date that exists/,
  ],
  ['two ways at once', 'Connector', { cloudflare: { accessSecretRef: { name: 'a' } }, direct: {} }, /exactly one of cloudflare and direct/],
  ['no way at all', 'Connector', {}, /exactly one of cloudflare and direct/],
  [
    'no check of a certificate from elsewhere',
    'Connector',
    { direct: { insecureSkipVerify: true, address: '10.0.0.1:443' } },
    /loopback host/,
  ],
  ['an address without port', 'Connector', { direct: { address: '127.0.0.1' } }, /host:port/],
  ['a beacon that is no path', 'Connector', { cloudflare: { accessSecretRef: { name: 'a' }, beaconPath: 'x?y' } }, /Write a path/],
  ['no Applications named', 'Product', { ...PRODUCT, applications: {} }, /annotation, selector, or both/],
  ['two rules in one', 'Product', { ...PRODUCT, version: [{ chart: true, revision: true }] }, /exactly one of image, chart/],
  ['another annotation', 'Product', { ...PRODUCT, applications: { annotation: 'a=b' } }, /edgefleet\.dev\/product=<name>/],
  ['an empty selector', 'Product', { ...PRODUCT, applications: { selector: { matchLabels: {} } } }, /at least one label/],
  ['a label key with a space', 'Product', { ...PRODUCT, applications: { selector: { matchLabels: { 'a b': 'c' } } } }, /label key/],
  [
    'file and manifest in one',
    'Product',
    { ...PRODUCT, keep: [{ file: 'a', manifest: 'b', paths: ['c'] }] },
    /exactly one of file and manifest/,
  ],
];

describe('what the Kubernetes API refuses', () => {
  test.each(INVALID)('%s in %s, with our words', (_what, kind, spec, words) => {
    const object = anObject(kind, spec);
    expect(refusals(kind, object).join('\n')).toMatch(words);
    expect(zodTakes(kind, object)).toBe(false);
  });

  test.each(FLEET_KINDS)('a name of %s that is no DNS label', (kind) => {
    const spec = kind === 'Edge' ? EDGE : kind === 'Product' ? PRODUCT : { direct: {} };
    expect(refusals(kind, anObject(kind, spec))).toEqual([]);
    expect(refusals(kind, anObject(kind, spec, 'store.1')).join()).toMatch(/DNS label as the name/);
    expect(zodTakes(kind, anObject(kind, spec, 'store.1'))).toBe(false);
  });
});

const oddText = fc.constantFrom('', 'a', 'x'.repeat(257), 'x'.repeat(201), 'x'.repeat(513), '\u{1f600}'.repeat(200), '\u{1f600}'.repeat(256), '\u{1f600}'.repeat(257), 'store-1', 'Store', 'a.b', '-a', '5m', '1h30m', '12345678s', 'UTC', 'Europe/Oslo', '0 1 * * *', '@daily', '* * * * * *', '2026-12-15', '2028-02-29', '2027-02-29', '2026-04-31', '2026-13-01', 'https://a.example.com', 'http://[::1]:8080/x', 'https://a:65535/p', 'https://a:65536', 'https://a/x:0', 'https://a:80/x:0', 'https://u@a', 'ftp://a', '127.0.0.1:8443', 'LOCALHOST:1', 'x.localhost:80', '10.0.0.1:443', 'a:70000', '[::1]:443', '/healthz', '/x?y', 'edgefleet.dev/product=pos', 'edgefleet.dev/product=', 'a=b'); // prettier-ignore
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: oddText },
  fc.boolean(),
  fc.integer(),
  fc.constant([]),
  fc.constant({}),
);
const ref = fc.record({ name: oddText, namespace: oddText }, { requiredKeys: ['name'] });
const labels = fc.dictionary(fc.constantFrom('region', 'example.com/ring', 'a b', '', '-x'), fc.constantFrom('north', '', 'a b', '-'), {
  maxKeys: 3,
});
const maybe = { requiredKeys: [] };
const SPECS: Readonly<Record<FleetKind, fc.Arbitrary<unknown>>> = {
  Edge: fc.record(
    {
      url: fc.oneof(fc.constant(EDGE.url), oddText), connectorRef: fc.oneof(fc.constant(EDGE.connectorRef), ref), tokenSecretRef: fc.oneof(fc.constant(EDGE.tokenSecretRef), ref),
      displayName: oddText, timeZone: oddText, access: fc.constantFrom('ReadOnly', 'Operate', 'CountsOnly', 'readonly'), identity: fc.constantFrom('Pinned', 'x'), lifecycle: fc.constantFrom('Active', 'active'),
      contact: fc.record({ staleAfter: oddText, silentAfter: oddText, maxExpectedOutage: oddText, judgedWithin: oddText, stale: oddText }, maybe), windows: fc.array(fc.record({ cron: oddText, duration: oddText, extra: oddText }, { requiredKeys: ['cron'] }), { maxLength: 2 }),
      pins: fc.array(fc.record({ product: oddText, version: oddText, reason: oddText, until: oddText, untill: oddText }, { requiredKeys: ['product', 'version'] }), { maxLength: 2 }), extra: fc.constant(1),
    },
    maybe,
  ),
  Connector: fc.record(
    {
      cloudflare: fc.record({ accessSecretRef: ref, beaconPath: oddText, statusApi: fc.record({ accountId: oddText, tokenSecretRef: ref, tunnelPrefix: oddText }, maybe) }, maybe),
      direct: fc.record({ caSecretRef: ref, clientCertificateSecretRef: ref, serverName: oddText, address: oddText, insecureSkipVerify: fc.boolean(), other: oddText }, maybe),
    },
    maybe,
  ),
  Product: fc.record(
    {
      applications: fc.record({ annotation: oddText, selector: fc.record({ matchLabels: labels }, maybe) }, maybe),
      version: fc.array(fc.record({ image: oddText, chart: fc.boolean(), revision: fc.constant(true) }, maybe), { maxLength: 3 }),
      promote: fc.array(fc.record({ file: oddText, paths: fc.array(oddText, { maxLength: 2 }), extra: oddText }, maybe), { maxLength: 2 }),
      keep: fc.array(fc.record({ file: oddText, manifest: oddText, paths: fc.array(oddText, { maxLength: 2 }) }, maybe), { maxLength: 2 }),
    },
    maybe,
  ),
}; // prettier-ignore
const GOOD: Readonly<Record<FleetKind, Readonly<Record<string, unknown>>>> = { Edge: EDGE, Connector: { direct: {} }, Product: PRODUCT };

/** A good object with one part of an odd one put in, or an odd value anywhere: single mistakes are what a person makes. */
const candidate = (kind: FleetKind): fc.Arbitrary<unknown> =>
  fc.oneof(
    SPECS[kind].map((spec) => anObject(kind, spec)),
    SPECS[kind].chain((spec) => fc.constantFrom(...Object.entries(spec as object), ['none', undefined] as const).map(([key, value]) => anObject(kind, value === undefined ? GOOD[kind] : { ...GOOD[kind], [key]: value }))),
    fc.tuple(fc.constantFrom(...Object.keys(GOOD[kind])), oddValue).map(([key, value]) => anObject(kind, { ...GOOD[kind], [key]: value })),
    oddText.map((name) => anObject(kind, GOOD[kind], name)),
  ); // prettier-ignore

/** What the CRD cannot know: whether a zone exists, whether cron numbers fit, whether an IP address is one. */
const isLeft = (kind: FleetKind, object: unknown): boolean => {
  const left = Object.entries(CEL_RULES).filter(([, rule]) => rule.leftToProxyServer !== undefined);
  const issues = SCHEMAS[kind].safeParse(object).error?.issues ?? [];
  return issues.length > 0 && issues.every((issue) => left.some(([beginning]) => issue.message.startsWith(beginning)));
};

const many = <T>(count: number, one: (n: number) => T): readonly T[] => Array.from({ length: count }, (_, n) => one(n));
const LONG = 'a'.repeat(253);
const SIZED: readonly [what: string, kind: FleetKind, atMost: number, spec: (size: number) => unknown][] = [
  ['windows', 'Edge', 32, (size) => ({ ...EDGE, windows: many(size, () => ({ cron: '0 1 * * *', duration: '1h' })) })],
  ['pins', 'Edge', 64, (size) => ({ ...EDGE, pins: many(size, (n) => ({ product: `p-${n}`, version: '1', reason: 'x' })) })],
  ['characters of a display name', 'Edge', 256, (size) => ({ ...EDGE, displayName: 'x'.repeat(size) })],
  ['characters of a display name outside the basic plane', 'Edge', 256, (size) => ({ ...EDGE, displayName: '\u{1f600}'.repeat(size) })],
  ['characters of a URL', 'Edge', 2_048, (size) => ({ ...EDGE, url: 'https://a/'.padEnd(size, 'x') })],
  ['characters of a label of DNS', 'Edge', 63, (size) => ({ ...EDGE, connectorRef: { name: 'x'.repeat(size) } })],
  ['characters of the name of a Secret', 'Edge', 253, (size) => ({ ...EDGE, tokenSecretRef: { name: many(4, () => 'a'.repeat(63)).join('.').slice(0, 253).padEnd(size, 'b') } })],
  ['characters of a tunnel prefix', 'Connector', 200, (size) => ({ cloudflare: { accessSecretRef: { name: 'a' }, statusApi: { accountId: 'a', tokenSecretRef: { name: 'a' }, tunnelPrefix: '\u{1f600}'.repeat(size) } } })],
  ['characters of an account', 'Connector', 64, (size) => ({ cloudflare: { accessSecretRef: { name: 'a' }, statusApi: { accountId: 'a'.repeat(size), tokenSecretRef: { name: 'a' } } } })],
  ['characters of a server name', 'Connector', 253, (size) => ({ direct: { serverName: LONG.padEnd(size, 'a').slice(0, size) } })],
  ['rules of a version', 'Product', 16, (size) => ({ ...PRODUCT, version: many(size, () => ({ chart: true })) })],
  ['paths', 'Product', 64, (size) => ({ ...PRODUCT, promote: [{ file: 'a', paths: many(size, () => 'x') }] })],
  ['files', 'Product', 64, (size) => ({ ...PRODUCT, keep: many(size, () => ({ file: 'a', paths: ['x'] })) })],
  ['characters of a path', 'Product', 512, (size) => ({ ...PRODUCT, promote: [{ file: '\u{1f600}'.repeat(size), paths: ['x'] }] })],
  ['labels', 'Product', 400, (size) => ({ ...PRODUCT, applications: { selector: { matchLabels: Object.fromEntries(many(size, (n) => [`l${n}`, 'x'])) } } })],
  ['characters of a label value', 'Product', 63, (size) => ({ ...PRODUCT, applications: { selector: { matchLabels: { a: 'x'.repeat(size) } } } })],
  ['characters of a label key', 'Product', 63, (size) => ({ ...PRODUCT, applications: { selector: { matchLabels: { ['x'.repeat(size)]: 'a' } } } })],
]; // prettier-ignore

describe('limits', () => {
  test.each(SIZED)('%s of %s end at %d for both', (_what, kind, atMost, spec) => {
    const both = (size: number) => [zodTakes(kind, anObject(kind, spec(size))), refusals(kind, anObject(kind, spec(size))).length === 0];
    expect([both(atMost), both(atMost + 1)]).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe('zod and CRD', () => {
  test.each(FLEET_KINDS)('take and refuse the same objects: %s', (kind) => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(candidate(kind), (object) => {
        const words = refusals(kind, object);
        const zod = zodTakes(kind, object);
        if (zod) taken += 1;
        else refused += 1;
        if (zod) expect(words).toEqual([]);
        else if (!isLeft(kind, object)) expect(words).not.toEqual([]);
      }),
      { numRuns: 4_000 },
    );
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
});

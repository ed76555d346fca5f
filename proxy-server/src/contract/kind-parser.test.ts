import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseObject } from './kind-parser.ts';

const EDGE = `
apiVersion: edgefleet.dev/v1alpha1
kind: Edge
metadata:
  name: store-0417
  labels: {region: north, ring: "2"}
spec:
  url: https://store-0417.edge.example.com/argo/
  connectorRef: {name: retail-north}
  tokenSecretRef: {name: store-0417.argocd}
`;
const read = (yaml: string) => parseObject(parse(yaml), 1);
/** The Edge above with one line put in place of another, or after it. */
const edgeWith = (line: string, instead?: string) => read(instead === undefined ? `${EDGE}  ${line}\n` : EDGE.replace(instead, line));

describe('an Edge', () => {
  test('that says the least has the defaults of the design', () => {
    const { object, problems } = read(EDGE);
    expect(problems).toEqual([]);
    expect(object).toMatchObject({
      kind: 'Edge',
      edge: {
        id: 'store-0417', displayName: 'store-0417', timeZone: 'UTC', url: 'https://store-0417.edge.example.com/argo', access: 'ReadOnly', identity: 'Pinned',
        contact: { staleAfterMs: 300_000, silentAfterMs: 21_600_000, maxExpectedOutageMs: 1_209_600_000, judgedWithinMs: 1_800_000 },
        windows: [], pins: [], lifecycle: 'Active', generation: 1,
      },
    }); // prettier-ignore
  });

  test('keeps what it says', () => {
    const { object } = edgeWith(
      'contact: {staleAfter: 90s, silentAfter: 2d}\n  windows: [{cron: "0 1 * * *", duration: 4h}]\n  pins: [{product: pos, version: 4.11.2, reason: printer driver, until: "2026-12-15"}]',
    );
    expect(object).toMatchObject({
      edge: {
        contact: { staleAfterMs: 90_000, silentAfterMs: 172_800_000 },
        windows: [{ cron: '0 1 * * *', durationMs: 14_400_000 }],
        pins: [{ product: 'pos', version: '4.11.2', reason: 'printer driver', until: '2026-12-15' }],
      },
    });
  });

  test.each<[what: string, yaml: ReturnType<typeof read>, field: string, remedy: RegExp]>([
    ['an unknown field near a known one', edgeWith('lifecicle: Active'), 'spec.lifecicle', /Did you mean lifecycle\?/],
    ['an unknown field far from all', edgeWith('colour: red'), 'spec.colour', /Remove it: known here are .*url/],
    ['an unknown field deep inside', edgeWith('contact: {staleAfer: 5m}'), 'spec.contact.staleAfer', /Did you mean staleAfter\?/],
    [
      'an unknown field in a list',
      edgeWith('windows: [{crn: "0 1 * * *", duration: 4h, cron: "0 1 * * *"}]'),
      'spec.windows[0].crn',
      /Did you mean cron\?/,
    ],
    ['a missing field', edgeWith('', '  url: https://store-0417.edge.example.com/argo/'), 'spec.url', /^Add it/],
    [
      'a number where text is meant',
      edgeWith('labels: {region: north, ring: 2}', 'labels: {region: north, ring: "2"}'),
      'metadata.labels.ring',
      /Put it in quotes: "2"/,
    ],
    [
      'an enum a little off',
      edgeWith('access: Readonly'),
      'spec.access',
      /Did you mean ReadOnly\? Write one of ReadOnly, Operate, CountsOnly/,
    ],
    ['a duration of two units', edgeWith('contact: {staleAfter: 1h30m}'), 'spec.contact.staleAfter', /one whole number and one unit/],
    ['a cron line of six fields', edgeWith('windows: [{cron: "0 0 1 * * *", duration: 4h}]'), 'spec.windows[0].cron', /five fields/],
    ['a cron line out of range', edgeWith('windows: [{cron: "0 25 * * *", duration: 4h}]'), 'spec.windows[0].cron', /25/],
    ['a time zone that is none', edgeWith('timeZone: Europe/Oslow'), 'spec.timeZone', /IANA/],
    ['an offset as time zone', edgeWith('timeZone: "+02:00"'), 'spec.timeZone', /IANA/],
    [
      'a URL with credentials',
      edgeWith('url: https://jane:hunter2@store.example.com', 'url: https://store-0417.edge.example.com/argo/'),
      'spec.url',
      /without user/,
    ],
    [
      'a URL with a query',
      edgeWith('url: https://store.example.com/?a=b', 'url: https://store-0417.edge.example.com/argo/'),
      'spec.url',
      /without user, query/,
    ],
    [
      'a URL of another scheme',
      edgeWith('url: ftp://store.example.com', 'url: https://store-0417.edge.example.com/argo/'),
      'spec.url',
      /http\(s\)/,
    ],
    [
      'a port that is none',
      edgeWith('url: https://store.example.com:70000', 'url: https://store-0417.edge.example.com/argo/'),
      'spec.url',
      /port/,
    ],
    ['a name that is none', edgeWith('name: Store_0417', 'name: store-0417'), 'metadata.name', /DNS label/],
    [
      'a label key that is none',
      edgeWith('labels: {"a b": c}', 'labels: {region: north, ring: "2"}'),
      'metadata.labels["a b"]',
      /label key/,
    ],
    [
      'a date that is none',
      edgeWith('pins: [{product: pos, version: "1", reason: r, until: "2026-02-31x"}]'),
      'spec.pins[0].until',
      /date/,
    ],
    ['another API version', edgeWith('apiVersion: edgefleet.dev/v1', 'apiVersion: edgefleet.dev/v1alpha1'), 'apiVersion', /v1alpha1/],
  ])('with %s is refused, and the problem names field and remedy', (_what, { object, problems }, field, remedy) => {
    expect(object).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ field, severity: 'error', remedy: expect.stringMatching(remedy) }));
    expect(problems[0]?.object).toMatch(/^Edge (store-0417|Store_0417)$/);
  });

  test('shows the offending value without the credentials in it', () => {
    const { problems } = edgeWith('url: https://jane:hunter2@store.example.com', 'url: https://store-0417.edge.example.com/argo/');
    expect(problems[0]?.value).toBe('https://[redacted]@store.example.com');
  });
});

const connector = (spec: string) => read(`apiVersion: edgefleet.dev/v1alpha1\nkind: Connector\nmetadata: {name: c}\nspec: ${spec}`);

describe('a Connector', () => {
  test.each([
    ['{cloudflare: {accessSecretRef: {name: a}}}', { kind: 'cloudflare', accessSecret: 'a' }],
    [
      '{cloudflare: {accessSecretRef: {name: a}, statusApi: {accountId: 0123abcd, tokenSecretRef: {name: t}, tunnelPrefix: edge-}}}',
      { statusApi: { tunnelPrefix: 'edge-' } },
    ],
    ['{direct: {}}', { kind: 'direct', insecureSkipVerify: false }],
    ['{direct: {address: "127.0.0.1:8443", insecureSkipVerify: true}}', { insecureSkipVerify: true }],
    ['{direct: {address: "[::1]:8443", insecureSkipVerify: true}}', { address: '[::1]:8443' }],
  ])('%s is read', (spec, wanted) => {
    expect(connector(spec).object).toMatchObject({ connector: wanted });
  });

  test.each([
    ['{}', /exactly one/],
    ['{direct: {}, cloudflare: {accessSecretRef: {name: a}}}', /exactly one/],
    ['{direct: {address: "10.0.0.1:8443", insecureSkipVerify: true}}', /loopback/],
    ['{direct: {address: "127.0.0.1.evil.example.com:8443", insecureSkipVerify: true}}', /loopback/],
    ['{direct: {address: "127.0.0.1"}}', /host:port/],
    ['{cloudflare: {}}', /^Add it/],
  ])('%s is refused', (spec, remedy) => {
    const { object, problems } = connector(spec);
    expect(object).toBeUndefined();
    expect(problems.map((problem) => problem.remedy).join()).toMatch(remedy);
  });
});

const product = (applications: string, version: string) =>
  read(
    `apiVersion: edgefleet.dev/v1alpha1\nkind: Product\nmetadata: {name: pos}\nspec: {applications: ${applications}, version: ${version}}`,
  );

describe('a Product', () => {
  test('is read with its rules in their order', () => {
    const { object } = product(
      '{annotation: edgefleet.dev/product=pos, selector: {matchLabels: {a/b: c}}}',
      '[{image: r/pos}, {chart: true}, {revision: true}]',
    );
    expect(object).toMatchObject({
      product: {
        annotation: { key: 'edgefleet.dev/product', value: 'pos' },
        matchLabels: { 'a/b': 'c' },
        version: [{ kind: 'image', image: 'r/pos' }, { kind: 'chart' }, { kind: 'revision' }],
      },
    });
  });

  test.each([
    ['{}', '[{chart: true}]', /annotation, selector/],
    ['{annotation: other/product=pos}', '[{chart: true}]', /edgefleet.dev\/product/],
    ['{selector: {matchLabels: {}}}', '[{chart: true}]', /at least one label/],
    ['{selector: {matchLabels: {a: b}}}', '[]', /empty/],
    ['{selector: {matchLabels: {a: b}}}', '[{chart: true, revision: true}]', /exactly one/],
    ['{selector: {matchLabels: {a: b}}}', '[{chart: false}]', /true/],
  ])('of %s with %s is refused', (applications, version, remedy) => {
    expect(product(applications, version).problems.map((problem) => problem.remedy).join()).toMatch(remedy); // prettier-ignore
  });
});

describe('other objects', () => {
  test('a Secret is read from stringData and data, stringData wins', () => {
    const { object } = read('apiVersion: v1\nkind: Secret\nmetadata: {name: a.b}\ndata: {read: ZsO4cg==, x: eA==}\nstringData: {x: y}');
    expect(object).toMatchObject({ secret: { id: 'a.b', values: new Map([['read', 'før'], ['x', 'y']]) } }); // prettier-ignore
  });

  test.each([
    'stringData: {read: 12345678}',
    'stringData: hunter2-hunter2',
    'data: {read: "hunter2 hunter2!"}',
    'hunter2field: hunter2-hunter2',
    'type: [hunter2]',
  ])('no value of a bad Secret is ever shown: %s', (line) => {
    const { object, problems } = read(`apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n${line}`);
    expect(object).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems.map(({ value, remedy }) => [value, remedy]))).not.toMatch(/hunter2|12345678/);
  });

  test('the policy is one ConfigMap, and a key a little off is told its neighbour', () => {
    const policy = (data: string) => read(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: edge-fleet-policy}\ndata: ${data}`);
    expect(policy('{policy.csv: "p, a", policy.default: "", hubVersion: "3.5.1"}').object).toMatchObject({
      policy: { csv: 'p, a', default: '', hubVersion: '3.5.1' },
    });
    expect(policy('{}').object).toEqual({ kind: 'ConfigMap', name: 'edge-fleet-policy', policy: { csv: '' } });
    expect(policy('{policy.csw: ""}').problems[0]?.remedy).toMatch(/Did you mean policy.csv\?/);
  });

  test.each([
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}', 'warning'],
    ['apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}', 'warning'],
    ['apiVersion: edgefleet.dev/v1alpha1\nkind: Promotion\nmetadata: {name: pos}', 'warning'],
    ['apiVersion: edgefleet.dev/v1alpha1\nkind: Egde\nmetadata: {name: pos}', 'error'],
    ['just: a map', 'error'],
    ['- a list', 'error'],
  ])('%p is no object of ours: %s', (yaml, severity) => {
    const { object, problems } = read(yaml);
    expect(object).toBeUndefined();
    expect(problems).toEqual([expect.objectContaining({ severity, field: 'kind' })]);
  });

  test('whatever it is given, it gives an object or problems and never throws', () => {
    const kinds = fc.constantFrom('Edge', 'Connector', 'Product', 'Secret', 'ConfigMap');
    const anything = fc.record(
      { apiVersion: fc.string(), kind: fc.oneof(kinds, fc.string()), metadata: fc.anything(), spec: fc.anything(), data: fc.anything() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, fc.anything()), (raw) => {
        const { object, problems } = parseObject(raw, 1);
        expect(object !== undefined || problems.length > 0).toBe(true);
      }),
    );
  });
});

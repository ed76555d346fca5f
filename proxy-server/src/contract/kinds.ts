/**
 * Our kinds (`edgefleet.dev/v1alpha1`) on the wire: what a YAML file and the hub's Kubernetes API may hold. The schemas describe and refuse;
 * nothing is transformed here, so that the CRDs can be made from them. `kind-parser.ts` turns what passed into `domain/edge.ts`.
 * Every message is a remedy: it says what to write.
 */
import { z } from 'zod';
import { DURATION_PATTERN } from '../domain/duration.ts';
import { isLoopbackHost } from '../domain/loopback.ts';
import { cronProblem, isTimeZone } from '../domain/schedule-words.ts';

export const API_GROUP = 'edgefleet.dev';
export const API_VERSION = 'edgefleet.dev/v1alpha1';
export const FLEET_KINDS = ['Edge', 'Connector', 'Product'] as const;
export type FleetKind = (typeof FLEET_KINDS)[number];

/** Sizes that keep one object readable and a CRD's rules affordable. */
export const KIND_LIMITS = {
  textChars: 256,
  urlChars: 2_048,
  labels: 400,
  windows: 32,
  pins: 64,
  versionRules: 16,
  paths: 64,
  pathChars: 512,
  prefixChars: 200,
} as const;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const HOST = String.raw`([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])`;
const URL_PATTERN = new RegExp(String.raw`^https?://${HOST}(:[0-9]{1,5})?(/[-A-Za-z0-9._~!$&'()*+,;=:@%/]*)?$`);
const ADDRESS_PATTERN = new RegExp(String.raw`^${HOST}:[0-9]{1,5}$`);
const PRODUCT_ANNOTATION = /^edgefleet\.dev\/product=[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const dnsLabel = z
  .string()
  .regex(DNS_LABEL, 'Use a DNS label: 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit');
const dnsSubdomain = z
  .string()
  .max(253)
  .regex(DNS_SUBDOMAIN, 'Use lower-case letters, digits, hyphens and dots, as Kubernetes allows for names');
const duration = z.string().regex(DURATION_PATTERN, 'Write one whole number and one unit, such as 30s, 5m, 6h or 14d');
const tooLong = (chars: number): string => `Use no more than ${chars} characters`;
/** Characters are counted as Kubernetes counts them: one that is not in the basic plane is one, where JavaScript counts two. */
const upTo = (chars: number) =>
  z
    .string()
    .max(2 * chars, { error: tooLong(chars), abort: true })
    .refine((value) => [...value].length <= chars, { message: tooLong(chars) });
const text = upTo(KIND_LIMITS.textChars);
const path = upTo(KIND_LIMITS.pathChars);
const timeZone = text.refine(isTimeZone, { message: 'Use a name of the IANA time zone database, such as Europe/Oslo or UTC' });
const cron = text.refine((value) => cronProblem(value) === undefined, {
  error: (issue) => `Write a cron line of five fields, such as "0 1 * * *": ${cronProblem(String(issue.input)) ?? ''}`,
});
const calendarDate = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'Write a date in quotes, such as "2026-12-15"')
  .refine((value) => new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true, {
    message: 'Write a date that exists, such as "2026-12-15"',
  });

const portIsValid = (value: string): boolean => {
  const port = /^[^/]*:([0-9]{1,5})(\/|$)/.exec(value.replace(/^https?:\/\//, ''))?.[1];
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
};

/** Scheme, host, optional port and path prefix. What else a URL may hold would be sent to every request, or leak. */
const edgeUrl = z
  .string()
  .max(KIND_LIMITS.urlChars)
  .regex(URL_PATTERN, 'Write http(s)://host[:port][/prefix], without user, query or fragment')
  .refine((value) => portIsValid(value) && URL.canParse(value), { message: 'Write a host and a port (1 to 65535) that exist' });

const hostAndPort = z
  .string()
  .max(300)
  .regex(ADDRESS_PATTERN, 'Write host:port, such as 127.0.0.1:8443')
  .refine(portIsValid, { message: 'Use a port from 1 to 65535' });

const labels = z
  .record(
    z
      .string()
      .regex(LABEL_KEY, 'Use a Kubernetes label key: letters, digits, "-", "_", ".", at most 63, with an optional DNS prefix and "/"'),
    z.string().regex(LABEL_VALUE, 'Use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit'),
  )
  .refine((value) => Object.keys(value).length <= KIND_LIMITS.labels, { message: `Use at most ${KIND_LIMITS.labels} labels` });

/** What Kubernetes itself writes into metadata is accepted and not looked at. */
const metadataOf = (name: z.ZodType<string>): z.ZodType<Metadata> =>
  z.strictObject({
    name,
    namespace: z.string().optional(),
    labels: labels.optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    generation: z.number().int().optional(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    creationTimestamp: z.unknown().optional(),
    deletionTimestamp: z.unknown().optional(),
    deletionGracePeriodSeconds: z.unknown().optional(),
    generateName: z.unknown().optional(),
    managedFields: z.unknown().optional(),
    ownerReferences: z.unknown().optional(),
    finalizers: z.unknown().optional(),
    selfLink: z.unknown().optional(),
  });

export interface Metadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly generation?: number | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

const connectorRef = z.strictObject({ name: dnsLabel });
const secretRef = z.strictObject({ name: dnsSubdomain });

export const EdgeSpec = z.strictObject({
  displayName: text.min(1).optional().describe('What people call this place. Default: the name'),
  timeZone: timeZone.optional().describe('IANA time zone of the place. Default: UTC'),
  url: edgeUrl.describe("Address of the edge's Argo CD: http(s)://host[:port][/prefix]"),
  connectorRef: connectorRef.describe('The Connector that leads there'),
  tokenSecretRef: secretRef.describe('Secret with the key read, and operate when access is Operate'),
  access: z.enum(['ReadOnly', 'Operate', 'CountsOnly']).optional().describe('What the hub may do there. Default: ReadOnly'),
  identity: z
    .enum(['Pinned', 'AcceptNext'])
    .optional()
    .describe('AcceptNext: the next Argo CD that answers becomes the known one, once. Default: Pinned'),
  contact: z
    .strictObject({
      staleAfter: duration.optional().describe('Default: 5m'),
      silentAfter: duration.optional().describe('Default: 6h'),
      maxExpectedOutage: duration.optional().describe('Default: 14d'),
      judgedWithin: duration.optional().describe('Default: 30m'),
    })
    .optional()
    .describe('After which silence the edge is called stale, silent and overdue, and how old a comparison may be'),
  windows: z
    .array(z.strictObject({ cron: cron.describe('Start, in the time zone of the edge'), duration }))
    .max(KIND_LIMITS.windows)
    .optional()
    .describe('When changes may start'),
  pins: z
    .array(z.strictObject({ product: dnsLabel, version: text.min(1), reason: text.min(1), until: calendarDate.optional() }))
    .max(KIND_LIMITS.pins)
    .optional()
    .describe('Products held at a version'),
  lifecycle: z.enum(['Enrolling', 'Active', 'Parked', 'Quarantined', 'Retired']).optional().describe('Default: Active'),
});

/** Status is written by proxy-server; only what it reads back is named. */
export const EdgeStatus = z.looseObject({
  identity: z.looseObject({ id: z.string(), acceptedGeneration: z.number().int() }).optional(),
});

const CloudflareSpec = z.strictObject({
  accessSecretRef: secretRef.describe(
    'Secret with the keys client-id and client-secret; next-client-id and next-client-secret while rotating',
  ),
  beaconPath: z
    .string()
    .max(KIND_LIMITS.urlChars)
    .regex(/^\/[-A-Za-z0-9._~/]*$/, 'Write a path, such as /healthz-tunnel')
    .optional()
    .describe('A route that cloudflared answers itself: tells a lost site from a dead Argo CD'),
  statusApi: z
    .strictObject({
      accountId: z.string().regex(/^[0-9A-Za-z]{1,64}$/, 'Write the account id of Cloudflare, letters and digits only'),
      tokenSecretRef: secretRef.describe('Secret with the key token'),
      tunnelPrefix: upTo(KIND_LIMITS.prefixChars)
        .optional()
        .describe("What stands before the edge's name in the name of its tunnel. Default: nothing"),
    })
    .optional()
    .describe("Optional bulk oracle: the account's list of tunnels"),
});

const DirectSpec = z
  .strictObject({
    caSecretRef: secretRef.optional().describe('Secret with the key ca.crt; absent: the CAs of the system'),
    clientCertificateSecretRef: secretRef.optional().describe('Secret with the keys tls.crt and tls.key'),
    serverName: z
      .string()
      .max(253)
      .regex(/^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/, 'Write the host name that is on the certificate')
      .optional(),
    address: hostAndPort.optional().describe("Connect here, whatever host the edge's URL names"),
    insecureSkipVerify: z.boolean().optional().describe('Only for a loopback host. Default: false'),
  })
  .refine(
    (spec) => spec.insecureSkipVerify !== true || spec.address === undefined || isLoopbackHost(spec.address.replace(/:[0-9]+$/, '')),
    {
      path: ['insecureSkipVerify'],
      message: 'Remove it, or connect to a loopback host: certificates of other hosts are always checked; put their CA into caSecretRef',
    },
  );

export const ConnectorSpec = z
  .strictObject({ cloudflare: CloudflareSpec.optional(), direct: DirectSpec.optional() })
  .refine((spec) => (spec.cloudflare === undefined) !== (spec.direct === undefined), {
    message: 'Write exactly one of cloudflare and direct',
  });

const labelSelector = z.strictObject({
  matchLabels: labels.refine((value) => Object.keys(value).length > 0, { message: 'Name at least one label' }),
});
const paths = z.array(path.min(1)).min(1).max(KIND_LIMITS.paths);
const filePaths = z.strictObject({ file: path.min(1), paths });

const VersionRuleSpec = z
  .strictObject({
    image: path.min(1).optional().describe('Image without tag, as the Application lists it'),
    chart: z.literal(true).optional().describe('The version of the Helm chart'),
    revision: z.literal(true).optional().describe('The resolved revision'),
  })
  .refine((rule) => [rule.image, rule.chart, rule.revision].filter((part) => part !== undefined).length === 1, {
    message: 'Write exactly one of image, chart: true and revision: true',
  });

export const ProductSpec = z.strictObject({
  applications: z
    .strictObject({
      annotation: z
        .string()
        .regex(PRODUCT_ANNOTATION, 'Write edgefleet.dev/product=<name>: the one annotation that is read of an Application')
        .optional()
        .describe('Wins over the selector'),
      selector: labelSelector.optional(),
    })
    .refine((value) => value.annotation !== undefined || value.selector !== undefined, {
      message: 'Write annotation, selector, or both: without them no Application belongs to the Product',
    }),
  version: z.array(VersionRuleSpec).min(1).max(KIND_LIMITS.versionRules).describe('The first rule that yields a value decides'),
  promote: z.array(filePaths).max(KIND_LIMITS.paths).optional().describe('What may travel'),
  keep: z
    .array(z.union([filePaths, z.strictObject({ manifest: path.min(1), paths })]))
    .max(KIND_LIMITS.paths)
    .optional()
    .describe('What stays local; shown as expected difference'),
});

const apiVersion = z.literal(API_VERSION, { error: `Write apiVersion: ${API_VERSION}` });

export const EdgeObject = z.strictObject({
  apiVersion,
  kind: z.literal('Edge'),
  metadata: metadataOf(dnsLabel),
  spec: EdgeSpec,
  status: EdgeStatus.optional(),
});
export const ConnectorObject = z.strictObject({
  apiVersion,
  kind: z.literal('Connector'),
  metadata: metadataOf(dnsLabel),
  spec: ConnectorSpec,
  status: z.looseObject({}).optional(),
});
export const ProductObject = z.strictObject({
  apiVersion,
  kind: z.literal('Product'),
  metadata: metadataOf(dnsLabel),
  spec: ProductSpec,
  status: z.looseObject({}).optional(),
});

const coreVersion = z.literal('v1', { error: 'Write apiVersion: v1' });

export const SecretObject = z.strictObject({
  apiVersion: coreVersion,
  kind: z.literal('Secret'),
  metadata: metadataOf(dnsSubdomain),
  type: z.string().optional(),
  immutable: z.boolean().optional(),
  data: z.record(z.string(), z.string().regex(/^[A-Za-z0-9+/\s]*={0,2}\s*$/, 'Write base64, or move the key to stringData')).optional(),
  stringData: z.record(z.string(), z.string()).optional(),
});

/** The ConfigMap that holds the policy of rights. */
export const POLICY_NAME = 'edge-fleet-policy';
/** The Secret that holds the secrets of the hub's proxy extensions. */
export const SCOPES_SECRET_NAME = 'edge-fleet-scopes';

export const PolicyObject = z.strictObject({
  apiVersion: coreVersion,
  kind: z.literal('ConfigMap'),
  metadata: metadataOf(dnsSubdomain),
  immutable: z.boolean().optional(),
  data: z
    .strictObject({
      'policy.csv': z.string().optional(),
      'policy.default': z.string().optional(),
      hubVersion: z
        .string()
        .regex(/^v?[0-9]+\.[0-9]+(\.[0-9]+)?([-+].*)?$/, 'Write a version, such as "3.5.1"')
        .optional(),
    })
    .optional(),
});

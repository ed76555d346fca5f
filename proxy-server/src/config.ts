/**
 * The environment as configuration: the only place that reads it. Every limit of the program has its name, default and words here, and
 * docs/settings.md is rendered from the table. What cannot be read is one line that names variable, value and remedy.
 */
import { z } from 'zod';
import { nearestWord } from './domain/nearest-word.ts';

export interface SettingWords {
  readonly name: string;
  readonly default?: string;
  /** What it sets, and what is worth knowing. */
  readonly words: string;
  /** What a value looks like, for the line about a bad one. */
  readonly form: string;
}

const WORDS = z.registry<SettingWords>();

const choice = <const T extends string>(name: string, values: readonly [T, ...T[]], words: string) =>
  z.enum(values).default(values[0]).register(WORDS, { name, default: values[0], words, form: `one of ${values.join(', ')}` }); // prettier-ignore

const number = (name: string, absent: number, [min, max]: readonly [number, number], words: string) =>
  z
    .string()
    .regex(/^[0-9]+$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(absent)
    .register(WORDS, { name, default: String(absent), words, form: `a whole number from ${min} to ${max}` });

const text = (name: string, absent: string, words: string) =>
  z.string().default(absent).register(WORDS, { name, default: absent, words, form: 'some text' }); // prettier-ignore

const optionalText = (name: string, words: string) => z.string().optional().register(WORDS, { name, words, form: 'some text' });

const httpUrl = (name: string, words: string) =>
  z.url({ protocol: /^https?$/ }).optional().register(WORDS, { name, words, form: 'http(s)://host[:port]' }); // prettier-ignore

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[::1]:port`, or `:port` for every address of this machine. */
function parseListen(raw: string): ListenAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]*)):([0-9]{1,5})$/.exec(raw) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  return { host: bracketed ?? (plain === '' || plain === undefined ? '0.0.0.0' : plain), port: Number(port) };
}

const address = z.string().transform((raw, context): ListenAddress => {
  const parsed = parseListen(raw);
  if (parsed !== undefined) return parsed;
  context.addIssue('not host:port');
  return z.NEVER;
});
const ADDRESS_FORM = 'host:port, such as 127.0.0.1:8080; port 0 takes a free one';

/** Every setting there is. */
// prettier-ignore
export const SETTINGS = {
  source: choice('EDGE_FLEET_SOURCE', ['folder', 'kubernetes'],
    "Where Edge, Connector, Product and Secret objects come from: a folder of YAML, or the hub's Kubernetes API"),
  configDir: text('EDGE_FLEET_CONFIG_DIR', './config', 'The folder of YAML, for EDGE_FLEET_SOURCE=folder'),
  namespace: optionalText('EDGE_FLEET_NAMESPACE', 'The namespace of our objects, for EDGE_FLEET_SOURCE=kubernetes. Absent: that of the service account'),
  kubeconfig: optionalText('EDGE_FLEET_KUBECONFIG', 'A kubeconfig file, for EDGE_FLEET_SOURCE=kubernetes outside a Pod. Absent: the service account of the Pod'),
  edgeNamespace: text('EDGE_FLEET_EDGE_NAMESPACE', 'argocd',
    "The edges' control-plane namespace: the policy names Applications elsewhere together with their namespace"),
  listen: address.default({ host: '127.0.0.1', port: 8080 })
    .register(WORDS, { name: 'EDGE_FLEET_LISTEN', default: '127.0.0.1:8080', words: 'Where the API is served', form: ADDRESS_FORM }),
  opsListen: address.optional()
    .register(WORDS, { name: 'EDGE_FLEET_OPS_LISTEN', words: 'Where /metrics, /livez and /readyz are served. Absent: beside the API', form: ADDRESS_FORM }),
  stateFile: text('EDGE_FLEET_STATE_FILE', './edge-fleet.sqlite', 'The SQLite file that keeps the last known fleet'),
  logLevel: choice('EDGE_FLEET_LOG_LEVEL', ['info', 'error', 'warn', 'debug'], 'The least level that is logged'),
  hubUrl: httpUrl('EDGE_FLEET_HUB_URL',
    "The hub's argocd-server, asked for its version where the policy does not say it. Absent: not asked, and user ids are not believed"),
  connectsPerSecond: number('EDGE_FLEET_CONNECTS_PER_SECOND', 200, [1, 100_000], 'New connections to edges a second after an outage'),
  firstConnectsPerSecond: number('EDGE_FLEET_FIRST_CONNECTS_PER_SECOND', 1_500, [1, 100_000], 'New connections to edges a second after a start'),
  pollIntervalSeconds: number('EDGE_FLEET_POLL_INTERVAL_SECONDS', 10, [1, 3_600], 'How often a page asks where the stream does not work'),
  maxStreamClients: number('EDGE_FLEET_MAX_STREAM_CLIENTS', 1_000, [1, 100_000], 'Open streams in all'),
  maxStreamClientsPerUser: number('EDGE_FLEET_MAX_STREAM_CLIENTS_PER_USER', 20, [1, 10_000], 'Open streams of one user, one per tab'),
  maxStreamBacklogBytes: number('EDGE_FLEET_MAX_STREAM_BACKLOG_BYTES', 1_048_576, [16_384, 1_073_741_824],
    'Bytes a reader of the stream may be behind before it is sent a snapshot instead'),
  maxPageSize: number('EDGE_FLEET_MAX_PAGE_SIZE', 500, [1, 10_000], 'Rows of one page of a list'),
  passThroughTimeoutSeconds: number('EDGE_FLEET_PASS_THROUGH_TIMEOUT_SECONDS', 30, [1, 3_600],
    'How long one request of the pass-through may take; one that follows logs or a tree: how long until it begins'),
  maxPassThroughBytes: number('EDGE_FLEET_MAX_PASS_THROUGH_BYTES', 67_108_864, [65_536, 4_294_967_296], 'Bytes of one answer of the pass-through'),
  maxPassThroughsPerEdge: number('EDGE_FLEET_MAX_PASS_THROUGHS_PER_EDGE', 16, [1, 1_000], 'Requests of the pass-through to one edge at once'),
  stopDeadlineSeconds: number('EDGE_FLEET_STOP_DEADLINE_SECONDS', 20, [1, 600], 'How long a graceful stop may take'),
};

const Settings = z.object(SETTINGS);
export type Config = Readonly<z.infer<typeof Settings>>;

/** The settings with their words, in order, for the documentation. */
export const settingWords = (): readonly SettingWords[] => Object.values(SETTINGS).flatMap((setting) => WORDS.get(setting) ?? []);

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const SHOWN_CHARS = 80;
/** Names that Kubernetes puts there for a Service called edge-fleet are none of ours. */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT)|PORT)(_|$)/;

function strangers(environment: Environment): readonly string[] {
  const known = settingWords().map((setting) => setting.name);
  return Object.keys(environment)
    .filter((name) => name.startsWith('EDGE_FLEET_') && !known.includes(name) && !SERVICE_LINK.test(name))
    .map((name) => {
      const near = nearestWord(name, known);
      return near === undefined ? `${name} is not a setting` : `${name} is not a setting. Did you mean ${near}?`;
    });
}

/** Pure but for its default: the environment is an argument. An empty variable counts as absent. */
export function readConfig(environment: Environment = process.env): ConfigOutcome {
  const raw: Record<string, string> = {};
  const nameOf = new Map<string, SettingWords>();
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const words = WORDS.get(setting);
    if (words === undefined) throw new Error(`setting ${key} has no words`);
    nameOf.set(key, words);
    const value = environment[words.name];
    if (value !== undefined && value !== '') raw[key] = value;
  }
  const parsed = Settings.safeParse(raw);
  if (parsed.success) return { ok: true, config: parsed.data, warnings: strangers(environment) };
  const bad = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  return {
    ok: false,
    problems: [...bad].map((key) => {
      const words = nameOf.get(key);
      return `${words?.name ?? key}=${(raw[key] ?? '').slice(0, SHOWN_CHARS)} cannot be used: write ${words?.form ?? 'something else'}`;
    }),
  };
}

/** The command line of `npm start`, and the environment that its child processes are given. */
import { parseArgs } from 'node:util';
import { hubVersionOfReact } from '../hub/profile.ts';
import type { HubVersion } from '../hub/profile.ts';

export interface StartConfig {
  readonly edges: number;
  /** Port of the page; everything else takes free ones. */
  readonly port: number;
  /** A folder of YAML with real edges; absent: the simulator makes its own. */
  readonly configFolder: string | undefined;
  readonly version: HubVersion;
  /** Empty, or `/argocd`. */
  readonly basePath: string;
}

/** What the command line asks for: to start, to be told how, or something that cannot be. */
export type StartCommand =
  | { readonly kind: 'start'; readonly config: StartConfig }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string };

const DEFAULT_PORT = 4000;
const DEFAULT_EDGES = 600;
const MAX_EDGES = 50_000;
const MAX_PORT = 65_535;

export const HELP = `npm start -- [options]

  --edges N            edges that the simulator plays (${DEFAULT_EDGES})
  --config DIR         no simulator: the Edges, Connectors and Secrets of the YAML files in DIR
  --port N             port of the page (${DEFAULT_PORT})
  --react 16|19        the React of the page: 16 plays Argo CD 3.4, 19 plays 3.5 (19)
  --base-path PATH     sub-path of the page, as /argocd (none)
  --help               this text
`;

const OPTIONS = {
  edges: { type: 'string', default: String(DEFAULT_EDGES) },
  config: { type: 'string' },
  port: { type: 'string', default: String(DEFAULT_PORT) },
  react: { type: 'string', default: '19' },
  'base-path': { type: 'string', default: '' },
  help: { type: 'boolean', default: false },
} as const;

function parseWhole(text: string, max: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value <= max ? value : undefined;
}

/** `/argocd/`, `argocd` and `/argocd` are the same sub-path; `/` is none. */
function parseBasePath(text: string): string | undefined {
  const trimmed = text.replace(/^\/+|\/+$/g, '');
  if (trimmed === '') return '';
  return /^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(trimmed) ? `/${trimmed}` : undefined;
}

const refused = (message: string): StartCommand => ({ kind: 'refused', message });

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
  } catch (thrown) {
    return String(thrown).replace(/^TypeError[^:]*: /, '');
  }
}

/** Reads the arguments after `npm start --`. Never throws: what cannot be is said in one sentence. */
export function readCommand(args: readonly string[]): StartCommand {
  const values = readOptions(args);
  if (typeof values === 'string') return refused(values);
  if (values.help) return { kind: 'help' };
  const edges = parseWhole(values.edges, MAX_EDGES);
  if (edges === undefined) return refused(`--edges wants a whole number up to ${MAX_EDGES}, not ${values.edges}`);
  const port = parseWhole(values.port, MAX_PORT);
  if (port === undefined) return refused(`--port wants a whole number up to ${MAX_PORT}, not ${values.port}`);
  if (values.react !== '16' && values.react !== '19') return refused(`--react wants 16 or 19, not ${values.react}`);
  const basePath = parseBasePath(values['base-path']);
  if (basePath === undefined) return refused(`--base-path wants a path as /argocd, not ${values['base-path']}`);
  const version = hubVersionOfReact(values.react === '16' ? 16 : 19);
  return { kind: 'start', config: { edges, port, configFolder: values.config, version, basePath } };
}

/** The environment of this process with `additions`: children find the registry's certificates and proxies as we do. */
export function childEnvironment(additions: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...process.env, ...additions };
}

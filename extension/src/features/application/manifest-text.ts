import { fieldAt, textAt } from '../../api/json-fields.ts';

/** A manifest as an edge's Argo CD sends it: JSON in a string, `null` where there is none. */
export function parseManifest(raw: unknown): unknown {
  if (typeof raw !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(raw);
    return parsed ?? undefined;
  } catch {
    return undefined;
  }
}

const MASK = '++++++++';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the edge has masked keeps its own run of plus signs: their number tells equal values from changed ones. */
const masked = (value: unknown): string => (typeof value === 'string' && /^\++$/.test(value) ? value : MASK);

/**
 * A Secret without its values. Argo CD masks them before they leave the edge (hideSecretData, controller/appcontroller.go @ v3.5.1); this is
 * for the edge that does not.
 */
export function maskSecret(manifest: unknown): unknown {
  if (!isObject(manifest) || textAt(manifest, 'kind') !== 'Secret') return manifest;
  const maskAll = (values: unknown): unknown =>
    isObject(values) ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key, masked(value)])) : values;
  const annotations = fieldAt(manifest, 'metadata', 'annotations');
  const metadata = manifest['metadata'];
  const quiet =
    isObject(metadata) && isObject(annotations) && LAST_APPLIED in annotations
      ? { metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: MASK } } }
      : {};
  return {
    ...manifest,
    ...('data' in manifest ? { data: maskAll(manifest['data']) } : {}),
    ...('stringData' in manifest ? { stringData: maskAll(manifest['stringData']) } : {}),
    ...quiet,
  };
}

/** Without the bookkeeping of the API server, which nobody reads. */
export function withoutBookkeeping(manifest: unknown): unknown {
  const metadata = fieldAt(manifest, 'metadata');
  if (!isObject(manifest) || !isObject(metadata)) return manifest;
  return { ...manifest, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields')) };
}

const PLAIN = /^[A-Za-z_./][\w./@-]*$/;
const WORDS = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
}

const MAX_DEPTH = 60;

/** An empty list or object, which has no lines of its own. */
function emptyWord(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined;
  return isObject(value) && Object.keys(value).length === 0 ? '{}' : undefined;
}

function entry(head: string, item: unknown, indent: string, depth: number): readonly string[] {
  if (typeof item === 'string' && item.includes('\n')) return [`${head} |`, ...item.split('\n').map((line) => `${indent}  ${line}`)];
  const word = emptyWord(item) ?? (typeof item !== 'object' || item === null ? scalar(item) : undefined);
  return word === undefined ? [head, ...lines(item, `${indent}  `, depth + 1)] : [`${head} ${word}`];
}

function lines(value: unknown, indent: string, depth: number): readonly string[] {
  if (depth > MAX_DEPTH) return [`${indent}...`];
  const empty = emptyWord(value);
  if (empty !== undefined) return [indent + empty];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => listItem(item, indent, depth));
  if (!isObject(value)) return [indent + scalar(value)];
  return Object.keys(value)
    .sort()
    .flatMap((key) => entry(`${indent}${scalar(key)}:`, value[key], indent, depth));
}

/** The first line of an item stands beside its dash. */
function listItem(item: unknown, indent: string, depth: number): readonly string[] {
  const [first = '', ...rest] = lines(item, `${indent}  `, depth + 1);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

/** The value as YAML with sorted keys: for reading and comparing, not for applying. */
export const toYaml = (value: unknown): string => (value === undefined ? '' : `${lines(value, '', 0).join('\n')}\n`);

/** A manifest as it is shown. */
export const manifestText = (manifest: unknown): string => toYaml(withoutBookkeeping(maskSecret(manifest)));

/** The manifest in an answer of `/resource`, masked where it is a Secret. */
export const parseLive = (answer: unknown): unknown => maskSecret(parseManifest(textAt(answer, 'manifest')));

/**
 * From Argo CD's JSON to the Application that we keep. Written by hand, because every event of every edge passes here. Tolerant by rule: a
 * field of the wrong type is absent, an unknown word is Unknown, texts and lists are cut at their limits, and nothing ever throws. Shapes are
 * those of pkg/apis/application/v1alpha1/types.go @ v2.10.20 to v3.5.1; each field may be missing on some of them.
 */
import type { Application, ApplicationCondition, ApplicationSource } from '../domain/application.ts';
import { toHealthStatus, toSyncStatus } from '../domain/health.ts';
import { applicationKeyText } from '../domain/ids.ts';
import { NO_OPERATION, toOperationState, type Operation } from '../domain/operation.ts';

export const APPLICATION_LIMITS = {
  nameChars: 253,
  wordChars: 512,
  urlChars: 2_048,
  messageChars: 4_096,
  items: 64,
  images: 256,
  labels: 64,
} as const;

/** The annotation that names a Product; read by its dotted key. */
export const PRODUCT_ANNOTATION = 'edgefleet.dev/product';

type Fields = Readonly<Record<string, unknown>>;
const NOTHING: Fields = Object.freeze({});
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});
const { nameChars, wordChars, urlChars, messageChars, items, images, labels } = APPLICATION_LIMITS;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : NOTHING);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Absent where it is no text or an empty one. A cut text is copied: a slice would keep all of what it was cut from in memory. Halves of
 * characters are replaced: they can neither be stored nor asked for.
 */
function textOf(value: unknown, limit: number): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const text = value.length > limit ? Buffer.from(value.slice(0, limit), 'utf16le').toString('utf16le') : value;
  return text.isWellFormed() ? text : text.toWellFormed();
}

/**
 * A name as Kubernetes allows it, or absent. Anything else is no name of an object: cut or mended, two of them could become one, and a slash
 * would shift the border between namespace and name.
 */
const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= nameChars && OBJECT_NAME.test(value) ? value : undefined;
const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/** Later than any time that is meant: what is stored is whole seconds in 32 bits. */
const END_OF_TIME = Date.UTC(2100, 0);

/** Times of Kubernetes are RFC 3339 in UTC; one before 1970 or after 2100 is none. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length < 10 || value.length > 40) return undefined;
  const ms = Date.parse(value);
  return ms > 0 && ms < END_OF_TIME ? ms : undefined;
}

const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, 1_000_000) : 0;

function textsOf(value: unknown, most: number, chars: number): readonly string[] {
  const texts: string[] = [];
  for (const entry of listOf(value)) {
    const text = textOf(entry, chars);
    if (text !== undefined) texts.push(text);
    if (texts.length >= most) break;
  }
  return texts;
}

function labelsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return NO_LABELS;
  const kept: Record<string, string> = {};
  let count = 0;
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (typeof text !== 'string' || key === '__proto__' || key.length > wordChars) continue;
    kept[key] = text.length > wordChars ? text.slice(0, wordChars) : text;
    count += 1;
    if (count >= labels) break;
  }
  return count === 0 ? NO_LABELS : kept;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function sourceOf(value: unknown): ApplicationSource | undefined {
  if (!isFields(value)) return undefined;
  const repoUrl = textOf(value['repoURL'], urlChars);
  if (repoUrl === undefined) return undefined;
  const source: Mutable<ApplicationSource> = { repoUrl };
  const path = textOf(value['path'], urlChars);
  if (path !== undefined) source.path = path;
  const chart = textOf(value['chart'], wordChars);
  if (chart !== undefined) source.chart = chart;
  const targetRevision = textOf(value['targetRevision'], wordChars);
  if (targetRevision !== undefined) source.targetRevision = targetRevision;
  const ref = textOf(value['ref'], wordChars);
  if (ref !== undefined) source.ref = ref;
  const name = textOf(value['name'], wordChars);
  if (name !== undefined) source.name = name;
  return source;
}

/** Several sources where `sources` has any; with a hydrator the dry source is what people wrote. */
function sourcesOf(spec: Fields): { readonly sources: readonly ApplicationSource[]; readonly several: boolean } {
  const hydrated = sourceOf(fieldsOf(spec['sourceHydrator'])['drySource']);
  if (hydrated !== undefined) return { sources: [hydrated], several: false };
  const several = listOf(spec['sources'])
    .slice(0, items)
    .map(sourceOf)
    .filter((source) => source !== undefined);
  if (several.length > 0) return { sources: several, several: true };
  const single = sourceOf(spec['source']);
  return { sources: single === undefined ? [] : [single], several: false };
}

/** A multi-source Application has `revisions`, any other `revision`; the other field may be an empty remnant. */
function revisionsOf(holder: Fields, several: boolean): readonly string[] {
  const list = several ? textsOf(holder['revisions'], items, wordChars) : [];
  if (list.length > 0) return list;
  const single = textOf(holder['revision'], wordChars);
  return single === undefined ? textsOf(holder['revisions'], items, wordChars) : [single];
}

function conditionsOf(value: unknown): readonly ApplicationCondition[] {
  const conditions: ApplicationCondition[] = [];
  for (const entry of listOf(value)) {
    if (!isFields(entry)) continue;
    const type = textOf(entry['type'], wordChars);
    if (type === undefined) continue;
    const lastTransitionAt = timeOf(entry['lastTransitionTime']);
    const message = textOf(entry['message'], messageChars) ?? '';
    conditions.push({ type, message, ...(lastTransitionAt === undefined ? undefined : { lastTransitionAt }) });
    if (conditions.length >= items) break;
  }
  return conditions;
}

const initiatorOf = (value: unknown): string | undefined => {
  const by = fieldsOf(value);
  return by['automated'] === true ? 'automated' : textOf(by['username'], wordChars);
};

/** No list names a retry count; an end beside Running is that of the try before (controller/appcontroller.go @ v3.5.1). */
const triesOf = (phase: string | undefined, retryCount: number, finishedAt: number | undefined): number =>
  phase === 'Running' && finishedAt !== undefined ? Math.max(retryCount, 1) : retryCount;

function operationOf(root: Fields, status: Fields, several: boolean): Operation {
  const state = fieldsOf(status['operationState']);
  const requested = isFields(root['operation']);
  const phase = textOf(state['phase'], 64);
  if (phase === undefined && !requested) return NO_OPERATION;
  const operation = fieldsOf(state['operation']);
  const sync = fieldsOf(operation['sync']);
  const dryRun = sync['dryRun'] === true;
  const retryCount = countOf(state['retryCount']);
  const message = textOf(state['message'], messageChars);
  const startedAt = timeOf(state['startedAt']);
  const finishedAt = timeOf(state['finishedAt']);
  const initiatedBy = initiatorOf(operation['initiatedBy']) ?? initiatorOf(fieldsOf(root['operation'])['initiatedBy']);
  return {
    state: toOperationState({
      requested,
      retryCount: triesOf(phase, retryCount, finishedAt),
      dryRun,
      ...(phase === undefined ? undefined : { phase }),
    }),
    dryRun,
    retryCount,
    revisions: revisionsOf(fieldsOf(state['syncResult']), several),
    ...(message === undefined ? undefined : { message }),
    ...(startedAt === undefined ? undefined : { startedAt }),
    ...(finishedAt === undefined ? undefined : { finishedAt }),
    ...(initiatedBy === undefined ? undefined : { initiatedBy }),
  };
}

function destinationOf(value: unknown): Application['destination'] {
  const raw = fieldsOf(value);
  const destination: Mutable<Application['destination']> = {};
  const server = textOf(raw['server'], urlChars);
  if (server !== undefined) destination.server = server;
  const name = textOf(raw['name'], nameChars);
  if (name !== undefined) destination.name = name;
  const namespace = textOf(raw['namespace'], nameChars);
  if (namespace !== undefined) destination.namespace = namespace;
  return destination;
}

/** `automated` present means on, unless `enabled: false` says otherwise (3.1 and later). */
const isAutoSync = (spec: Fields): boolean => {
  const automated = fieldsOf(spec['syncPolicy'])['automated'];
  return isFields(automated) && automated['enabled'] !== false;
};

/** The Application in an event or list item. Undefined without a name: such a thing cannot be kept. */
export function toApplication(raw: unknown): Application | undefined {
  const root = fieldsOf(raw);
  const metadata = fieldsOf(root['metadata']);
  const key = keyOf(root);
  if (key === undefined) return undefined;
  const spec = fieldsOf(root['spec']);
  const status = fieldsOf(root['status']);
  const health = fieldsOf(status['health']);
  const summary = fieldsOf(status['summary']);
  const sync = fieldsOf(status['sync']);
  const { sources, several } = sourcesOf(spec);
  return {
    ...key,
    uid: uidOf(root),
    project: textOf(spec['project'], nameChars) ?? 'default',
    labels: labelsOf(metadata['labels']),
    destination: destinationOf(spec['destination']),
    sources,
    revisions: revisionsOf(sync, several),
    sync: toSyncStatus(textOf(sync['status'], 64)),
    health: toHealthStatus(textOf(health['status'], 64)),
    images: textsOf(summary['images'], images, urlChars),
    externalUrls: textsOf(summary['externalURLs'], items, urlChars),
    conditions: conditionsOf(status['conditions']),
    operation: operationOf(root, status, several),
    autoSync: isAutoSync(spec),
    ...optionalParts(metadata, health),
  };
}

type OptionalParts = Pick<Application, 'productAnnotation' | 'healthMessage' | 'healthSince' | 'deletingSince'>;

function optionalParts(metadata: Fields, health: Fields): OptionalParts {
  const productAnnotation = textOf(fieldsOf(metadata['annotations'])[PRODUCT_ANNOTATION], wordChars);
  const healthMessage = textOf(health['message'], messageChars);
  const healthSince = timeOf(health['lastTransitionTime']);
  const deletingSince = timeOf(metadata['deletionTimestamp']);
  return {
    ...(productAnnotation === undefined ? undefined : { productAnnotation }),
    ...(healthMessage === undefined ? undefined : { healthMessage }),
    ...(healthSince === undefined ? undefined : { healthSince }),
    ...(deletingSince === undefined ? undefined : { deletingSince }),
  };
}

/** What a stream says about one Application. An unknown type is an upsert: types only ever grow. */
export interface ApplicationEvent {
  readonly kind: 'upsert' | 'deleted';
  /** `namespace/name`, made once for all who look it up by it. */
  readonly keyText: string;
  readonly application: Application;
  /** `status.operationState.phase` as it stands: what a repair list compares. */
  readonly phase: string;
  readonly reconciledAt: number | undefined;
}

/** Undefined for a message that is no event about a named Application. */
export function toApplicationEvent(message: object): ApplicationEvent | undefined {
  const result = fieldsOf(Reflect.get(message, 'result'));
  const raw = result['application'];
  const application = toApplication(raw);
  if (application === undefined) return undefined;
  return {
    kind: result['type'] === 'DELETED' ? 'deleted' : 'upsert',
    keyText: applicationKeyText(application),
    application,
    phase: phaseOf(raw),
    reconciledAt: reconciledAtOf(raw),
  };
}

/** The raw phase of an Application's operation, or an empty text. */
export const phaseOf = (raw: unknown): string => textOf(fieldsOf(fieldsOf(fieldsOf(raw)['status'])['operationState'])['phase'], 64) ?? '';

/** When the controller last compared it. */
export const reconciledAtOf = (raw: unknown): number | undefined => timeOf(fieldsOf(fieldsOf(raw)['status'])['reconciledAt']);

const metadataOf = (raw: unknown): Fields => fieldsOf(fieldsOf(raw)['metadata']);
/** Empty where it is not told, as in every list. */
export const uidOf = (raw: unknown): string => textOf(metadataOf(raw)['uid'], 128) ?? '';
/** When the Application was created, in the edge's own words. */
export const birthOf = (raw: unknown): string => textOf(metadataOf(raw)['creationTimestamp'], 40) ?? '';

/** What an answer of `GET /api/v1/applications` holds: items (null where empty, up to 3.5), and the version its replica had last seen. */
export interface ApplicationList {
  readonly items: readonly unknown[];
  readonly resourceVersion: string | undefined;
}

/** Undefined where this is no list: an object without `items` is not an empty fleet. */
export function toApplicationList(body: unknown): ApplicationList | undefined {
  const root = fieldsOf(body);
  const raw = root['items'];
  if (!('items' in root) || !(raw === null || Array.isArray(raw))) return undefined;
  return { items: raw ?? [], resourceVersion: textOf(fieldsOf(root['metadata'])['resourceVersion'], 32) };
}

/** Namespace and name; undefined without a name, or where either could not be one. */
export function keyOf(raw: unknown): { readonly namespace: string; readonly name: string } | undefined {
  const metadata = metadataOf(raw);
  const name = nameOf(metadata['name']);
  const namespace = (metadata['namespace'] ?? '') === '' ? '' : nameOf(metadata['namespace']);
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}

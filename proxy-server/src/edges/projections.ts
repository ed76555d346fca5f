/**
 * What we ask for, to the byte: the projections that keep an edge's answers small. On lists `fields` is a whitelist of exact names, on streams
 * any path below `result.` (server/application forwarder_overwrite.go and argoproj/pkg grpc/http/forwarders.go, v2.10.20 to v3.5.1). `error` has
 * to be asked for, or errors of a stream arrive as `{}`; namespace and type, or the server merges events that differ.
 */
import type { ApplicationKey } from '../domain/ids.ts';
import { PRODUCT_ANNOTATION } from './to-application.ts';

const LIST = '/api/v1/applications';
const STREAM = '/api/v1/stream/applications';

const items = (paths: readonly string[]): string => paths.map((path) => `items.${path}`).join(',');
const stream = (paths: readonly string[]): string =>
  ['error', 'result.type', ...paths.map((path) => `result.application.${path}`)].join(',');

const IDS = ['metadata.name', 'metadata.namespace'];
const REPAIR = [...IDS, 'status.sync.status', 'status.health', 'status.operationState.phase'];
const STATUS = [
  ...IDS, 'metadata.creationTimestamp', 'metadata.labels', 'status.sync.status', 'status.health', 'status.summary',
  'status.operationState.phase', 'status.operationState.startedAt', 'status.operationState.finishedAt',
]; // prettier-ignore
const LIVE = [
  ...IDS, 'metadata.uid', 'metadata.labels', 'metadata.deletionTimestamp', `metadata.annotations.${PRODUCT_ANNOTATION}`,
  'spec.project', 'spec.destination', 'spec.source.repoURL', 'spec.source.path', 'spec.source.chart', 'spec.source.targetRevision',
  'spec.sources.repoURL', 'spec.sources.path', 'spec.sources.chart', 'spec.sources.targetRevision', 'spec.sources.ref', 'spec.sources.name',
  'spec.sourceHydrator.drySource', 'spec.syncPolicy.automated',
  'status.sync.status', 'status.sync.revision', 'status.sync.revisions', 'status.health', 'status.summary', 'status.conditions',
  'status.operationState.phase', 'status.operationState.message', 'status.operationState.startedAt', 'status.operationState.finishedAt',
  'status.operationState.retryCount', 'status.operationState.operation.initiatedBy', 'status.operationState.operation.sync.dryRun',
  'status.operationState.syncResult.revision', 'status.operationState.syncResult.revisions', 'operation.initiatedBy',
]; // prettier-ignore
const TICK = [...IDS, 'status.reconciledAt'];

/** Names only: what exists. */
export const idsFields = items(IDS);
/** Names and the fields a lost event would show in. */
export const repairFields = items(REPAIR);
/** The same with what tells two Argo CDs apart where lists are all there is: no list of any version names a uid. */
export const pollFields = items([...REPAIR, 'metadata.creationTimestamp']);
/** All that a list can tell where streams do not work; before 3.5 only with the whole spec, and without revision. */
export const statusFields = (narrow: boolean): string =>
  items(narrow ? [...STATUS, 'spec.project', 'spec.destination', 'status.sync.revision'] : [...STATUS, 'spec']);

const LIVE_FIELDS = stream(LIVE);
const TICK_FIELDS = stream(TICK);

/** Half a character cannot be encoded, and names of projects are the edge's own words. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

export const VERSION_PATH = '/api/version';
export const livePath = `${STREAM}?fields=${LIVE_FIELDS}`;
export const tickPath = `${STREAM}?fields=${TICK_FIELDS}`;
/** About 60 bytes: moves when an Application changed, on the replica that answers. */
export const changeProbePath = `${LIST}?name=edge-fleet-matches-nothing&fields=items.metadata.name`;
export const projectsPath = '/api/v1/projects?fields=items.metadata.name';

/** A list, of all or of some projects: the limit of a message is the edge's, the split is ours. */
export const listPath = (fields: string, projects: readonly string[] = []): string =>
  `${LIST}?${projects.map((project) => `projects=${encoded(project)}&`).join('')}fields=${fields}`;

/** One Application with the live projection; nothing ever comes where it is missing or not to be seen. */
export const oneApplicationPath = ({ namespace, name }: ApplicationKey): string =>
  `${STREAM}?name=${encoded(name)}${namespace === '' ? '' : `&appNamespace=${encoded(namespace)}`}&fields=${LIVE_FIELDS}`;

/** One Application as it is, whole: 20 to 60 KB, and the only way to its uid where no stream comes through. */
export const wholeApplicationPath = ({ namespace, name }: ApplicationKey, project: string | undefined): string =>
  `${LIST}/${encoded(name)}?appNamespace=${encoded(namespace)}${project === undefined ? '' : `&project=${encoded(project)}`}`;

/** Whether our account may read this Application. */
export const canReadPath = (project: string, name: string): string =>
  `/api/v1/account/can-i/applications/get/${encoded(`${project}/${name}`)}`;

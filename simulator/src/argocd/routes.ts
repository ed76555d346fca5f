/** Every route of the API that is played, and which version knows it. */
import { sendJson } from './answer.ts';
import { type Call, sessionOf } from './call.ts';
import { createEventWriter } from './event-writer.ts';
import { answerEvents } from './events.ts';
import { answerLogs } from './logs.ts';
import { findApplication, namedBy } from './find-application.ts';
import * as instance from './instance.ts';
import { answerList } from './list.ts';
import { getApplication } from './one-application.ts';
import type { VersionProfile } from './profiles.ts';
import { answerTree, openTreeStream } from './resource-tree.ts';
import { answerActions, answerManagedResources, answerManifests, answerResource, runAction } from './resources.ts';
import { answerChartDetails, answerRevisionMetadata } from './revisions.ts';
import { openApplicationStream } from './stream.ts';
import { answerSyncWindows } from './sync-windows.ts';
import { patchApplication, rollBackApplication, syncApplication, terminateApplication } from './writes.ts';

/** Answers a call, or throws an ArgoError. */
export type Answer = (call: Call) => Promise<void> | void;

interface Route {
  readonly method: string;
  readonly path: string;
  readonly answer: Answer;
  readonly since?: (profile: VersionProfile) => boolean;
}

const get = (path: string, answer: Answer, since?: Route['since']): Route => ({
  method: 'GET',
  path,
  answer,
  ...(since === undefined ? {} : { since }),
});
const post = (path: string, answer: Answer, since?: Route['since']): Route => ({ ...get(path, answer, since), method: 'POST' });
const APPLICATION = '/api/v1/applications/:name';

function answerLinks(call: Call): void {
  findApplication(call, sessionOf(call), { ...namedBy(call), appNamespace: call.query.get('namespace') ?? '' });
  sendJson(call, {});
}

/** The ApplicationSets of an edge: none, so the stream says nothing and shows nothing. */
function openApplicationSetStream(call: Call): void {
  sessionOf(call);
  createEventWriter(call, call.streams, () => undefined);
}

const ROUTES: readonly Route[] = [
  get('/api/version', instance.answerVersion),
  get('/api/v1/applications', answerList),
  get('/api/v1/stream/applications', openApplicationStream),
  get('/api/v1/stream/applications/:name/resource-tree', openTreeStream),
  get('/api/v1/stream/applicationsets', openApplicationSetStream, (profile) => profile.applicationSetStream),
  get(APPLICATION, getApplication),
  { method: 'PATCH', path: APPLICATION, answer: patchApplication },
  post(`${APPLICATION}/sync`, syncApplication),
  post(`${APPLICATION}/rollback`, rollBackApplication),
  { method: 'DELETE', path: `${APPLICATION}/operation`, answer: terminateApplication },
  get(`${APPLICATION}/resource-tree`, answerTree),
  get(`${APPLICATION}/managed-resources`, answerManagedResources),
  get(`${APPLICATION}/manifests`, answerManifests),
  get(`${APPLICATION}/resource`, answerResource),
  get(`${APPLICATION}/resource/actions`, answerActions),
  post(`${APPLICATION}/resource/actions`, runAction),
  post(`${APPLICATION}/resource/actions/v2`, runAction, (profile) => profile.actionsV2),
  get(`${APPLICATION}/revisions/:revision/metadata`, answerRevisionMetadata),
  get(`${APPLICATION}/revisions/:revision/chartdetails`, answerChartDetails),
  get(`${APPLICATION}/syncwindows`, answerSyncWindows),
  get(`${APPLICATION}/events`, answerEvents),
  get(`${APPLICATION}/logs`, answerLogs),
  get(`${APPLICATION}/pods/:pod/logs`, answerLogs),
  get(`${APPLICATION}/links`, answerLinks),
  get('/api/v1/settings', instance.answerSettings),
  get('/api/v1/session/userinfo', instance.answerUserInfo),
  get('/api/v1/account/can-i/:resource/:action/*', instance.answerCanI),
  get('/api/v1/account', instance.answerAccounts),
  get('/api/v1/account/:name', instance.answerAccount),
  post('/api/v1/account/:name/token', instance.createToken),
  { method: 'DELETE', path: '/api/v1/account/:name/token/:id', answer: instance.deleteToken },
  get('/api/v1/clusters', instance.answerClusters),
  get('/api/v1/clusters/*', instance.answerCluster),
  get('/api/v1/projects', instance.answerProjects),
  get('/api/v1/projects/:name', instance.answerProject),
  get('/api/v1/applicationsets', instance.answerEmptyList),
  get('/api/v1/repositories', instance.answerEmptyList),
];

function match(pattern: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (given.length < pattern.length || (given.length > pattern.length && pattern.at(-1) !== '*')) return undefined;
  if (!pattern.every((part, index) => part === given[index] || part.startsWith(':') || part === '*')) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part === '*') parameters['*'] = decoded(given.slice(index).join('/'));
    else if (part.startsWith(':')) parameters[part.slice(1)] = decoded(given[index] ?? '');
  }
  return parameters;
}

/** A path that does not decode stands for itself: nothing has that name. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'URIError') return text;
    throw thrown;
  }
}

const PATTERNS = ROUTES.map((route) => ({ ...route, parts: route.path.split('/') }));

export interface Found {
  readonly answer: Answer;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The route of a request, or the status a server of this version answers: 404 for a path it does not know, 405 for another method. */
export function routeOf(method: string, path: string, profile: VersionProfile): Found | 404 | 405 {
  const given = path.split('/');
  let status: 404 | 405 = 404;
  for (const route of PATTERNS) {
    const parameters = route.since === undefined || route.since(profile) ? match(route.parts, given) : undefined;
    if (parameters === undefined) continue;
    if (route.method === method) return { answer: route.answer, parameters };
    status = 405;
  }
  return status;
}

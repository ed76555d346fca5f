/** What is asked of the Argo CD itself: version, settings, who am I, what may I, accounts and their tokens, clusters, projects. */
import type { Edge, IssuedToken } from '../world/edge.ts';
import { uuidOf } from '../world/random.ts';
import { sendJson } from './answer.ts';
import { type Json, without } from './go-json.ts';
import { timeOf } from './application-text.ts';
import { invalidArgument, isArgoError, notFound, permissionDenied } from './argo-error.ts';

import { parseFields, project } from './projection.ts';
import { readJsonBody, textOf } from './request-body.ts';
import { ACTIONS, RESOURCES } from './rights.ts';
import { type Call, sessionOf } from './call.ts';
import type { Session } from './session.ts';
import { PROJECTS, type Project } from './sync-windows.ts';
import { ACCOUNTS, SEED_TOKENS_ISSUED_AT, seedTokenId, signToken } from './tokens.ts';

/** Who asks, or undefined: for what needs no account but says more to one. */
function sessionIfAny(call: Call): Session | undefined {
  try {
    return sessionOf(call);
  } catch (thrown) {
    if (isArgoError(thrown)) return undefined;
    throw thrown;
  }
}

/** GET /api/version: the version alone, and the build beside it for a session. */
export function answerVersion(call: Call): void {
  sendJson(call, { Version: call.profile.version });
}

const OVERRIDE = 'jqPathExpressions: null\njsonPointers:\n- /status\nmanagedFieldsManagers: null\n';

/** GET /api/v1/settings: more of it for a session than for anybody. */
export function answerSettings(call: Call): void {
  const { profile } = call;
  const session = sessionIfAny(call);
  const overrides = {
    [profile.overridesNeedLogin ? '*/*' : 'apiextensions.k8s.io/CustomResourceDefinition']: {
      ignoreDifferences: OVERRIDE,
      ignoreResourceUpdates: OVERRIDE.replace('\n- /status', ' null'),
    },
  };
  sendJson(
    call,
    without({
      url: `https://argocd.${call.edge.name}.example.com`,
      appLabelKey: 'app.kubernetes.io/instance',
      resourceOverrides: session !== undefined || !profile.overridesNeedLogin ? overrides : undefined,
      googleAnalytics: { anonymizeUsers: true },
      kustomizeOptions: { BuildOptions: '', BinaryPath: '', ...(profile.replaceSetting ? { Versions: null } : {}) },
      help: {},
      passwordPattern: session === undefined ? undefined : '^.{8,32}$',
      trackingMethod: profile.trackingMethod,
      controllerNamespace: session === undefined ? undefined : 'argocd',
      syncWithReplaceAllowed: profile.replaceSetting ? true : undefined,
    }),
  );
}

/** GET /api/v1/session/userinfo: 200 for any token, `loggedIn` only for a good one. */
export function answerUserInfo(call: Call): void {
  const session = sessionIfAny(call);
  sendJson(call, session === undefined ? {} : { loggedIn: true, username: session.account, iss: 'argocd' });
}

/** GET /api/v1/account/can-i/...: "yes" or "no"; an unknown resource or action is 400. */
export function answerCanI(call: Call): void {
  const session = sessionOf(call);
  const { resource = '', action = '', '*': object = '' } = call.parameters;
  const isKnown = ACTIONS.has(action) || action.startsWith('action/') || (action === 'rollback' && call.profile.hasRollbackRight);
  if (!RESOURCES.has(resource))
    throw invalidArgument(`resource type '${resource}' is not valid, options are: ${[...RESOURCES].join(', ')}`);
  if (!isKnown) throw invalidArgument(`action type '${action}' is not valid, options are: ${[...ACTIONS].join(', ')}`);
  sendJson(call, { value: session.can(resource, action, object) ? 'yes' : 'no' });
}

const seconds = (at: number): number => Math.floor(at / 1000);

function accountView(call: Call, name: string): Json {
  const { edge, world } = call;
  const seeded: IssuedToken = {
    account: name,
    id: seedTokenId(world.seed, edge, name),
    issuedAt: SEED_TOKENS_ISSUED_AT,
    expiresAt: undefined,
  };
  const listed = [seeded, ...edge.access.issued.values()].filter(
    (token) => token.account === name && name !== 'admin' && !edge.access.revoked.has(token.id),
  );
  const tokens = listed.map((token) =>
    without({
      id: token.id,
      issuedAt: seconds(token.issuedAt),
      expiresAt: token.expiresAt === undefined ? undefined : seconds(token.expiresAt),
    }),
  );
  return without({
    name,
    enabled: !edge.access.disabled.has(name),
    capabilities: ACCOUNTS[name],
    tokens: tokens.length > 0 ? tokens : undefined,
  });
}

/** GET /api/v1/account: the accounts that the caller may see. */
export function answerAccounts(call: Call): void {
  const session = sessionOf(call);
  const names = Object.keys(ACCOUNTS).filter((name) => name === session.account || session.can('accounts', 'get', name));
  sendJson(call, { items: names.map((name) => accountView(call, name)) });
}

function accountOf(call: Call, action: string): string {
  const session = sessionOf(call);
  const name = call.parameters['name'] ?? '';
  if (name !== session.account) session.enforce('accounts', action, name);
  if (ACCOUNTS[name] === undefined) throw notFound(`account '${name}' does not exist`);
  return name;
}

/** GET /api/v1/account/{name}: always one's own, others with the right. */
export function answerAccount(call: Call): void {
  sendJson(call, accountView(call, accountOf(call, 'get')));
}

/** POST /account/{name}/token. `expiresIn` 0 or absent: a token without end. */
export async function createToken(call: Call): Promise<void> {
  const account = accountOf(call, 'update');
  const body = await readJsonBody(call.request);
  const { edge, world } = call;
  const now = world.clock.now() + edge.skewMs;
  const expiresIn = Number(body['expiresIn'] ?? 0) || 0;
  const id = textOf(body['id']) || uuidOf(world.seed, 'issued', edge.name, account, edge.access.issued.size, now);
  if (edge.access.issued.has(id) || id === seedTokenId(world.seed, edge, account))
    throw invalidArgument(`account already has token with id '${id}'`);
  const token = { account, id, issuedAt: now, expiresAt: expiresIn > 0 ? now + expiresIn * 1000 : undefined };
  edge.access.issued.set(id, token);
  sendJson(call, { token: signToken(world.seed, edge, token) });
}

/** DELETE /api/v1/account/{name}/token/{id}: the token is refused from then on. */
export function deleteToken(call: Call): void {
  const account = accountOf(call, 'update');
  const id = call.parameters['id'] ?? '';
  const { edge, world } = call;
  const seeded = id === seedTokenId(world.seed, edge, account) && !edge.access.revoked.has(id);
  const issued = edge.access.issued.get(id)?.account === account;
  if (!seeded && !issued) throw notFound(`token with id '${id}' does not exist`);
  edge.access.issued.delete(id);
  edge.access.revoked.add(id);
  sendJson(call, {});
}

const API_VERSIONS = [
  'apps/v1',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
  'batch/v1',
  'batch/v1/CronJob',
  'batch/v1/Job',
  'v1',
  'v1/ConfigMap',
  'v1/Pod',
  'v1/Secret',
  'v1/Service',
];

function clusterOf(edge: Edge, call: Call): Json {
  const at = timeOf(call.world.clock.now() + edge.skewMs);
  const serverVersion = call.profile.longClusterVersion ? 'v1.36.1' : '1.36';
  const connectionState = { status: 'Successful', message: '', attemptedAt: at };
  return {
    server: 'https://kubernetes.default.svc',
    name: 'in-cluster',
    config: { tlsClientConfig: { insecure: false } },
    connectionState,
    serverVersion,
    info: {
      connectionState,
      serverVersion,
      cacheInfo: { resourcesCount: 200 + edge.applications.length * 30, apisCount: 59, lastCacheSyncTime: timeOf(call.world.startAt) },
      applicationsCount: edge.applications.length,
      apiVersions: API_VERSIONS,
    },
  };
}

/** GET /api/v1/clusters: with the info that the controller writes. */
export function answerClusters(call: Call): void {
  const session = sessionOf(call);
  const allowed = session.can('clusters', 'get', 'https://kubernetes.default.svc');
  sendJson(call, { metadata: {}, items: allowed ? [clusterOf(call.edge, call)] : null });
}

/** GET /clusters/{id}: by server URL, escaped, or by name with `?id.type=name`. What is missing is 403 like what is forbidden. */
export function answerCluster(call: Call): void {
  const session = sessionOf(call);
  const id = call.parameters['*'] ?? '';
  const isName = call.query.get('id.type') === 'name';
  const isThis = id === (isName ? 'in-cluster' : 'https://kubernetes.default.svc');
  if (!isThis || !session.can('clusters', 'get', 'https://kubernetes.default.svc')) throw permissionDenied();
  sendJson(call, clusterOf(call.edge, call));
}

function projectOf(call: Call, item: Project): Json {
  const at = timeOf(call.world.startAt);
  const windows = item.windows.map((window) =>
    without({
      kind: window.kind,
      schedule: window.schedule,
      duration: window.duration,
      applications: window.applications,
      timeZone: window.timeZone,
    }),
  );
  return {
    metadata: {
      name: item.name,
      namespace: 'argocd',
      uid: uuidOf('project', call.edge.name, item.name),
      resourceVersion: '237',
      generation: 1,
      creationTimestamp: at,
      managedFields: [
        {
          manager: 'setup',
          operation: 'Apply',
          apiVersion: 'argoproj.io/v1alpha1',
          time: at,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:spec': {} },
        },
      ],
    },
    spec: without({
      sourceRepos: ['*'],
      destinations: item.namespaces.map((namespace) => ({ server: namespace === '*' ? '*' : 'https://kubernetes.default.svc', namespace })),
      description: item.description,
      clusterResourceWhitelist: item.name === 'default' ? [{ group: '*', kind: '*' }] : undefined,
      syncWindows: windows.length > 0 ? windows : undefined,
    }),
    status: {},
  };
}

const projectsOf = (call: Call): readonly Project[] =>
  PROJECTS.filter(({ name }) => name === 'default' || call.edge.applications.some(({ component }) => component.project === name));

/** GET /api/v1/projects: generic projection, unlike the list of Applications. */
export function answerProjects(call: Call): void {
  const session = sessionOf(call);
  const items = projectsOf(call)
    .filter(({ name }) => session.can('projects', 'get', name))
    .map((item) => projectOf(call, item));
  sendJson(
    call,
    project(
      { metadata: { resourceVersion: String(call.edge.resourceVersion) }, items: items.length > 0 ? items : null },
      parseFields(call.query.get('fields') ?? undefined),
    ),
  );
}

/** GET /api/v1/projects/{name}. */
export function answerProject(call: Call): void {
  const session = sessionOf(call);
  const name = call.parameters['name'] ?? '';
  session.enforce('projects', 'get', name);
  const item = projectsOf(call).find((candidate) => candidate.name === name);
  if (item === undefined) throw notFound(`appprojects.argoproj.io "${name}" not found`);
  sendJson(call, projectOf(call, item));
}

/** Lists of which the simulated edges have nothing. */
export function answerEmptyList(call: Call): void {
  sessionOf(call);
  sendJson(call, { metadata: {}, items: null });
}

/**
 * What changes an Application: sync, rollback, terminate, patch (`server/application/application.go`). The order of checks decides which of several
 * errors is told; it is the server's.
 */
import type { Application, Operation } from '../world/edge.ts';
import { beginOperation, terminateOperation } from '../world/operations.ts';
import { sendJson } from './answer.ts';
import { deploymentAt, historyLengthOf } from './application-text.ts';
import { ArgoError, failedPrecondition, invalidArgument, permissionDenied } from './argo-error.ts';
import { findApplication, namedBy } from './find-application.ts';
import { rbacName } from './list.ts';
import { sendApplication } from './one-application.ts';
import { isRecord, readJsonBody, textOf } from './request-body.ts';
import { type Call, sessionOf } from './call.ts';
import { canSync } from './sync-windows.ts';
import type { Session } from './session.ts';

type Body = Readonly<Record<string, unknown>>;

const SHA = /^[0-9a-f]{7,40}$/;

async function findForWrite(call: Call): Promise<{ readonly session: Session; readonly application: Application; readonly body: Body }> {
  const session = sessionOf(call);
  const body = await readJsonBody(call.request);
  const named = { ...namedBy(call), project: textOf(body['project']), appNamespace: textOf(body['appNamespace']) };
  return { session, application: findApplication(call, session, named), body };
}

function refuseWhileRunning(application: Application): void {
  if (application.operation !== undefined) throw failedPrecondition('another operation is already in progress');
}

/** The version that a revision of the request means; none asked for: what Git asks for now. */
function resolveVersion(call: Call, application: Application, body: Body): string {
  const first: unknown = Array.isArray(body['revisions']) ? body['revisions'][0] : undefined;
  const asked = textOf(body['revision']) || textOf(first);
  if (['', 'main', application.desired].includes(asked)) return application.desired;
  if (application.automated !== undefined && body['dryRun'] !== true)
    throw failedPrecondition(`Cannot sync to ${asked}: auto-sync currently set to main`);
  const known = call.world.revisions.versionOf(asked);
  if (known !== undefined) return known;
  if (application.component.chart !== undefined && !SHA.test(asked)) return asked;
  throw failedPrecondition(`error resolving repo revision: rpc error: code = Unknown desc = unable to resolve '${asked}' to a commit SHA`);
}

const records = (value: unknown): Readonly<Record<string, string>>[] =>
  Array.isArray(value)
    ? value.filter(isRecord).map((item) => Object.fromEntries(Object.entries(item).map(([key, text]) => [key, textOf(text)])))
    : [];

function infosOf(value: unknown): Operation['infos'] {
  return records(value).map((info) => ({ name: info['name'] ?? '', value: info['value'] ?? '' }));
}

function strategyOf(value: unknown): Operation['strategy'] {
  if (!isRecord(value)) return undefined;
  return 'apply' in value ? 'apply' : 'hook' in value ? 'hook' : undefined;
}

function syncOptionsOf(application: Application, value: unknown): readonly string[] | undefined {
  if (isRecord(value)) return Array.isArray(value['items']) ? value['items'].map(textOf) : [];
  const own = application.component.syncOptions;
  return own.length > 0 ? own : undefined;
}

/** POST /{name}/sync. */
export async function syncApplication(call: Call): Promise<void> {
  const { session, application, body } = await findForWrite(call);
  if (!canSync(call.world, application)) throw permissionDenied('cannot sync: blocked by sync window');
  session.enforce('applications', 'sync', rbacName(application));
  if (Array.isArray(body['manifests']) && body['manifests'].length > 0) session.enforce('applications', 'override', rbacName(application));
  if (application.deletedAt !== undefined) throw failedPrecondition('application is deleting');
  const version = resolveVersion(call, application, body);
  refuseWhileRunning(application);
  const { retryLimit } = application.component;
  const retry = isRecord(body['retryStrategy']) ? body['retryStrategy'] : retryLimit === undefined ? {} : { limit: retryLimit };
  beginOperation(call.world, application, {
    username: session.account,
    version,
    dryRun: body['dryRun'] === true,
    prune: body['prune'] === true,
    strategy: strategyOf(body['strategy']),
    infos: infosOf(body['infos']),
    resources: records(body['resources']),
    syncOptions: syncOptionsOf(application, body['syncOptions']),
    retry,
    rollback: false,
  });
  sendApplication(call, application, 'stored');
}

/** POST /{name}/rollback. */
export async function rollBackApplication(call: Call): Promise<void> {
  const { session, application, body } = await findForWrite(call);
  session.enforce('applications', 'sync', rbacName(application));
  if (body['id'] === undefined) throw new ArgoError(13, 'grpc: error while marshaling: proto: required field "id" not set');
  if (application.deletedAt !== undefined) throw failedPrecondition('application is deleting');
  if (application.automated !== undefined) throw failedPrecondition('rollback cannot be initiated when auto-sync is enabled');
  const id = Number(body['id']);
  const deployment = Array.from({ length: historyLengthOf(application) }, (_, index) => deploymentAt(application, index)).find(
    (entry) => entry.id === id,
  );
  if (deployment === undefined)
    throw invalidArgument(`application argocd/${application.component.name} does not have deployment with id ${id}`);
  if (!call.profile.multiSourceRevisions && application.component.chart !== undefined) {
    throw failedPrecondition('cannot rollback to revision deployed with Argo CD v0.11 or lower. sync to revision instead.');
  }
  refuseWhileRunning(application);
  const own = application.component.syncOptions;
  beginOperation(call.world, application, {
    username: session.account,
    version: deployment.version,
    dryRun: body['dryRun'] === true,
    prune: body['prune'] === true,
    strategy: 'apply',
    infos: [],
    resources: [],
    syncOptions: own.length > 0 ? own : undefined,
    retry: {},
    rollback: true,
  });
  sendApplication(call, application, 'stored');
}

/** DELETE /{name}/operation. */
export function terminateApplication(call: Call): void {
  const session = sessionOf(call);
  const application = findApplication(call, session, namedBy(call));
  session.enforce('applications', 'sync', rbacName(application));
  if (!terminateOperation(call.world, application)) throw invalidArgument('Unable to terminate operation. No operation is in progress');
  sendJson(call, {});
}

/** Merge patch of RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** JSON patch (RFC 6902) as far as members of objects go: add, replace and remove, turned into one merge patch. */
function toMergePatch(patch: unknown): unknown {
  if (!Array.isArray(patch)) return patch;
  let merged: unknown = {};
  for (const step of patch.filter(isRecord)) {
    const path = textOf(step['path'])
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const value = step['op'] === 'remove' ? null : step['value'];
    const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    merged = isRecord(merged) && isRecord(nested) ? deepMerge(merged, nested) : nested;
  }
  return merged;
}

function deepMerge(left: Body, right: Body): Body {
  const result: Record<string, unknown> = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = result[key];
    result[key] = isRecord(before) && isRecord(value) ? deepMerge(before, value) : value;
  }
  return result;
}

const texts = (value: unknown): Record<string, string> =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, textOf(text)])) : {};

function automatedOf(value: unknown): Application['automated'] {
  if (!isRecord(value) || value['enabled'] === false) return undefined;
  return { prune: value['prune'] === true, ...(value['selfHeal'] === true ? { selfHeal: true } : {}) };
}

/** PATCH /{name}: auto-sync, labels and annotations are taken over; everything else of a patch has no effect here. */
export async function patchApplication(call: Call): Promise<void> {
  const { session, application, body } = await findForWrite(call);
  session.enforce('applications', 'update', rbacName(application));
  if (body['patchType'] === undefined) throw new ArgoError(13, 'grpc: error while marshaling: proto: required field "patchType" not set');
  const text = textOf(body['patch']);
  let patch: unknown;
  try {
    patch = toMergePatch(JSON.parse(text));
  } catch (thrown) {
    throw invalidArgument(`error unmarshaling patch: ${String(thrown)}`);
  }
  const { metadata, spec } = call.fragments.object(application, 'stored');
  const next = mergePatch({ metadata, spec }, patch);
  if (!isRecord(next) || !isRecord(next['metadata']) || !isRecord(next['spec'])) throw invalidArgument('error unmarshaling patched app');
  const given = isRecord(patch) ? patch : {};
  if (isRecord(given['metadata'])) {
    application.labels = texts(next['metadata']['labels']);
    application.annotations = texts(next['metadata']['annotations']);
  }
  const policy = next['spec']['syncPolicy'];
  const automated = automatedOf(isRecord(policy) ? policy['automated'] : undefined);
  const same = JSON.stringify(automated) === JSON.stringify(application.component.automated);
  application.automated = same ? application.component.automated : automated;
  call.world.touch(application);
  sendApplication(call, application, 'stored');
  syncForward(call, application);
}

/** Auto-sync that is turned on acts on what is behind. */
function syncForward(call: Call, application: Application): void {
  if (application.automated === undefined || application.operation !== undefined || application.live === application.desired) return;
  beginOperation(call.world, application, {
    username: '',
    version: application.desired,
    dryRun: false,
    prune: application.automated.prune,
    strategy: undefined,
    infos: [],
    resources: [],
    syncOptions: application.component.syncOptions.length > 0 ? application.component.syncOptions : undefined,
    retry: { limit: 5 },
    rollback: false,
  });
}

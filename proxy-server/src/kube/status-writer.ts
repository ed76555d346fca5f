/**
 * The one place that writes to the Kubernetes API: status of our kinds, by server-side apply of the status subresource, under one field owner.
 * Whether a write is due is decided before, in `domain/conditions.ts`; an apply that changes nothing is no write on the server either.
 */
import { CustomObjectsApi, PatchStrategy, setHeaderOptions, type KubeConfig } from '@kubernetes/client-node';
import { API_GROUP, API_VERSION } from '../contract/kinds.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { thrownWords } from '../domain/thrown-words.ts';
import type { KindStatus, StatusFailure, StatusKind } from '../ports/status-writer.ts';
import { PLURALS } from './resources.ts';

export const FIELD_OWNER = 'edge-fleet';

export interface KubeStatusOptions {
  readonly namespace: string;
  readonly loadConfig: () => KubeConfig;
}

function failureOf(thrown: unknown): StatusFailure {
  const code: unknown = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  if (code === 404) return { kind: 'gone', message: 'The object is gone' };
  if (code === 409) return { kind: 'conflict', message: 'Somebody else wrote at the same time' };
  return { kind: 'failed', message: (thrownWords(thrown).split('\n')[0] ?? '').slice(0, 200) };
}

export type ApplyStatus = (kind: StatusKind, name: string, status: KindStatus) => Promise<Result<void, StatusFailure>>;

export function createKubeStatusWriter({ namespace, loadConfig }: KubeStatusOptions): ApplyStatus {
  let api: CustomObjectsApi | undefined;
  return async (kind, name, status) => {
    api ??= loadConfig().makeApiClient(CustomObjectsApi);
    const body = { apiVersion: API_VERSION, kind, metadata: { name, namespace }, status };
    const at = { group: API_GROUP, version: 'v1alpha1', namespace, plural: PLURALS[kind], name };
    try {
      await api.patchNamespacedCustomObjectStatus(
        { ...at, body, fieldManager: FIELD_OWNER, force: true },
        setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
      );
      return ok(undefined);
    } catch (thrown) {
      api = undefined; // The token may have been rotated: the next call loads it anew.
      return err(failureOf(thrown));
    }
  };
}

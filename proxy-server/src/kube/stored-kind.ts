import type { KubernetesObject } from '@kubernetes/client-node';
import { KindStatusObject } from '../contract/kind-status.ts';
import type { KindStatus, StoredKind } from '../ports/status-writer.ts';

/** The status an object carries; one that is not of our form counts as none, and is written over. */
function statusOf(raw: KubernetesObject): KindStatus | undefined {
  const parsed = KindStatusObject.safeParse('status' in raw ? raw.status : undefined);
  if (!parsed.success) return undefined;
  const { observedGeneration, conditions, identity } = parsed.data;
  return { observedGeneration, conditions, ...(identity === undefined ? {} : { identity }) };
}

/** One of our objects with its status; undefined for kinds that have none. */
export function storedKind(kind: string, raw: KubernetesObject): StoredKind | undefined {
  if (kind !== 'Edge' && kind !== 'Connector' && kind !== 'Product') return undefined;
  const { name = '', generation = 1, resourceVersion = '' } = raw.metadata ?? {};
  return { kind, name, generation, version: resourceVersion, status: statusOf(raw) };
}

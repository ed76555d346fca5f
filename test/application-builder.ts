import fc from 'fast-check';
import type { Application } from '../proxy-server/src/domain/application.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../proxy-server/src/domain/health.ts';
import { NO_OPERATION, OPERATION_STATES } from '../proxy-server/src/domain/operation.ts';

/** A Synced, Healthy Application named `pos` in `argocd`, without anything that may be absent. */
export function anApplication(over: Partial<Application> = {}): Application {
  return {
    namespace: 'argocd',
    name: 'pos',
    uid: 'f1d2d2f9-24e9-4e1a-9c1a-000000000001',
    project: 'default',
    labels: {},
    destination: {},
    sources: [],
    revisions: [],
    sync: 'Synced',
    health: 'Healthy',
    images: [],
    externalUrls: [],
    conditions: [],
    operation: NO_OPERATION,
    autoSync: false,
    ...over,
  };
}

const second = fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const map = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });

/** Applications with everything there can be; times are whole seconds, as Argo CD writes them. */
export const anyApplication: fc.Arbitrary<Application> = fc.record(
  {
    namespace: fc.constantFrom('argocd', 'team-a'),
    name: fc.constantFrom('pos', 'kds', 'loyalty', 'signage'),
    uid: fc.oneof(fc.uuid(), text),
    project: fc.constantFrom('default', 'retail'),
    labels: map,
    productAnnotation: text,
    destination: fc.record({ server: text, name: text, namespace: text }, { requiredKeys: [], noNullPrototype: true }),
    sources: fc.array(fc.record({ repoUrl: text, path: text, chart: text, targetRevision: text }, { requiredKeys: ['repoUrl'], noNullPrototype: true }), { maxLength: 2 }),
    revisions: fc.array(text, { maxLength: 2 }),
    sync: fc.constantFrom(...SYNC_STATUSES),
    health: fc.constantFrom(...HEALTH_STATUSES),
    healthMessage: text,
    healthSince: second,
    images: fc.array(text, { maxLength: 3 }),
    externalUrls: fc.array(text, { maxLength: 2 }),
    conditions: fc.array(fc.record({ type: fc.constantFrom('ComparisonError', 'SyncError', 'OrphanedResourceWarning'), message: text }, { noNullPrototype: true }), { maxLength: 2 }),
    operation: fc.record(
      {
        state: fc.constantFrom(...OPERATION_STATES),
        dryRun: fc.boolean(),
        message: text,
        startedAt: second,
        finishedAt: second,
        retryCount: fc.nat(5),
        initiatedBy: text,
        revisions: fc.array(text, { maxLength: 2 }),
      },
      { requiredKeys: ['state', 'dryRun', 'retryCount', 'revisions'], noNullPrototype: true },
    ),
    autoSync: fc.boolean(),
    deletingSince: second,
  },
  {
    requiredKeys: [
      'namespace', 'name', 'uid', 'project', 'labels', 'destination', 'sources', 'revisions', 'sync', 'health', 'images', 'externalUrls', 'conditions', 'operation', 'autoSync',
    ],
    noNullPrototype: true,
  },
); // prettier-ignore

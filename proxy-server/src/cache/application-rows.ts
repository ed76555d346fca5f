import { EDGE_STATES } from '../domain/edge-state.ts';
import type { ApplicationDetail, ApplicationRow } from '../domain/fleet-view.ts';
import { HEALTH_STATUSES, SYNC_STATUSES } from '../domain/health.ts';
import { UNJUDGED_REASONS } from '../domain/judged.ts';
import { timeOf, toApplication, toOperation } from './application-record.ts';
import { byteAt, uintAt } from './column.ts';
import type { FieldSource } from './fields.ts';
import { applicationLookOf, Messages } from './messages.ts';
import { optional, someText } from './optional.ts';

/** The Application in a row as a line of a list. */
export function toApplicationRow({ table, view }: FieldSource, row: number): ApplicationRow {
  const { applications, edges } = table;
  const slot = uintAt(applications.edge, row);
  const { state, dryRun, message, startedAt, finishedAt, retryCount, initiatedBy } = toOperation(applications.readOperation(row));
  const unjudged = UNJUDGED_REASONS[byteAt(applications.unjudged, row) - 1];
  return {
    edge: edges.names[slot] ?? '',
    edgeState: EDGE_STATES[edges.stateCode(slot, view.figures.worstLook(slot))] ?? 'Empty',
    namespace: applications.text('namespace', row),
    name: applications.text('name', row),
    project: applications.text('project', row),
    ...optional('product', someText(applications.product.text(row))),
    ...optional('version', someText(applications.version.text(row))),
    look: applicationLookOf(byteAt(applications.look, row)),
    health: HEALTH_STATUSES[byteAt(applications.health, row)] ?? 'Unknown',
    judged: unjudged === undefined,
    ...optional('unjudgedReason', unjudged),
    sync: SYNC_STATUSES[byteAt(applications.sync, row)] ?? 'Unknown',
    operation: {
      state, dryRun, retryCount,
      ...optional('message', message), ...optional('startedAt', startedAt), ...optional('finishedAt', finishedAt), ...optional('initiatedBy', initiatedBy),
    },
    ...optional('message', someText(new Messages(applications).of(row))),
    ...optional('healthSince', timeOf(applications.time('healthSince', row))),
    ...optional('readAt', edges.readAt(slot)),
    ...optional('observedAt', timeOf(applications.time('observedAt', row))),
    autoSync: applications.autoSync(row),
  }; // prettier-ignore
}

/** All that is known of one Application. */
export function toApplicationDetail(source: FieldSource, row: number): ApplicationDetail {
  const application = toApplication(source.table.applications.read(row));
  return {
    ...toApplicationRow(source, row),
    now: source.now,
    revision: source.table.revision,
    uid: application.uid,
    labels: application.labels,
    destination: application.destination,
    sources: application.sources,
    revisions: application.revisions,
    images: application.images,
    externalUrls: application.externalUrls,
    conditions: application.conditions,
    ...optional('healthMessage', application.healthMessage),
    ...optional('deletingSince', application.deletingSince),
  };
}

import type { Application } from '../world/edge.ts';
import { hashOf } from '../world/random.ts';
import { sendJson } from './answer.ts';
import { timeOf } from './application-text.ts';
import { ArgoError, unknownError } from './argo-error.ts';
import { findApplication, namedBy } from './find-application.ts';
import { noSuchRevision } from './resources.ts';
import { type Call, sessionOf } from './call.ts';

const MINUTE_MS = 60_000;

/** When the commit of a version was made: some time before it was deployed here. */
function committedAt(application: Application, version: string): number {
  return application.deployedAt - (20 + (hashOf('commit', application.component.product, version) % 600)) * MINUTE_MS;
}

/** GET /{name}/revisions/{revision}/metadata. 2.10 knows no sourceIndex and asks the first source, which for a chart is no Git repository. */
export function answerRevisionMetadata(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const revision = call.parameters['revision'] ?? '';
  const { chart } = application.component;
  if (chart !== undefined && (!call.profile.multiSourceRevisions || (call.query.get('sourceIndex') ?? '0') === '0')) {
    throw unknownError(
      `error acquiring repo lock: failed to initialize repository resources: rpc error: code = Internal desc = Failed to fetch default: \`git fetch origin --tags --force --prune\` failed exit status 128: fatal: repository '${chart.repoUrl}/' not found`,
    );
  }
  if (!/^[0-9a-f]{7,40}$/.test(revision)) throw unknownError(`revision ${revision} must be resolved`);
  const version = call.world.revisions.versionOf(revision);
  if (version === undefined) throw noSuchRevision(revision, 'error acquiring repo lock: ');
  sendJson(call, {
    author: 'Release Robot <releases@example.com>',
    date: timeOf(committedAt(application, version)),
    message: `Release ${application.component.product} ${version}`,
  });
}

/** GET /{name}/revisions/{revision}/chartdetails. */
export function answerChartDetails(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const { chart, product } = application.component;
  if (chart === undefined) throw unknownError('no chart found for application');
  if (!call.profile.multiSourceRevisions) throw new ArgoError(13, 'runtime error: invalid memory address or nil pointer dereference');
  sendJson(call, {
    description: `The chart of ${chart.name}`,
    home: `https://${product}.example.com`,
    maintainers: ['Retail Platform <platform@example.com>'],
  });
}

import type { Application } from '../world/edge.ts';
import { refresh } from '../world/operations.ts';
import { sendJsonText } from './answer.ts';
import { type View } from './application-status.ts';
import { invalidArgument } from './argo-error.ts';
import { findApplication, namedBy } from './find-application.ts';
import { type Call, sessionOf } from './call.ts';

/** Answers with the whole object, as get and every write do. */
export function sendApplication(call: Call, application: Application, view: View): void {
  sendJsonText(call, call.fragments.renderer('', view, (object) => object).render(application));
}

/** GET /api/v1/applications/{name}; with `refresh` it blocks until the controller has compared again. */
export async function getApplication(call: Call): Promise<void> {
  const session = sessionOf(call);
  const projects = call.query.getAll('project').length > 0 ? call.query.getAll('project') : call.query.getAll('projects');
  if (projects.length > 1) throw invalidArgument('multiple projects specified - the get endpoint accepts either zero or one project');
  const application = findApplication(call, session, { ...namedBy(call), project: projects[0] ?? '' });
  if ((call.query.get('refresh') ?? '') !== '') await new Promise<void>((resolve) => refresh(call.world, application, resolve));
  if (!call.response.destroyed) sendApplication(call, application, 'inferred');
}

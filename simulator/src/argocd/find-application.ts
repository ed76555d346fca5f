import type { Application } from '../world/edge.ts';
import { homeOf } from './component-facts.ts';
import { notFound, permissionDenied, unknownError } from './argo-error.ts';
import { TROUBLES } from '../world/trouble.ts';
import { rbacName } from './list.ts';
import type { Call } from './call.ts';
import type { Session } from './session.ts';

export interface Named {
  readonly name: string;
  readonly project: string;
  readonly appNamespace: string;
}

/** The Application a call names in its path and query. */
export function namedBy(call: Call): Named {
  return {
    name: call.parameters['name'] ?? '',
    project: call.query.get('project') ?? '',
    appNamespace: call.query.get('appNamespace') ?? '',
  };
}

/**
 * Finds an Application as `getAppEnforceRBAC` does (`server/application/application.go`, the same from 2.10 to 3.6): without a project what is missing
 * and what is forbidden are both 403; with one that may be seen, what is missing is 404, and so is what lives in another project.
 */
export function findApplication(call: Call, session: Session, named: Named): Application {
  const home = named.appNamespace === '' ? 'argocd' : named.appNamespace;
  const isEnabled = home === 'argocd' || call.edge.applications.some(({ component }) => homeOf(component) === home);
  const application = call.edge.applications.find(({ component }) => component.name === named.name && homeOf(component) === home);
  if (!isEnabled) throw permissionDenied();
  return named.project === '' ? findAnywhere(session, application) : findInProject(session, application, named);
}

function findAnywhere(session: Session, application: Application | undefined): Application {
  if (application === undefined || !session.can('applications', 'get', rbacName(application))) throw permissionDenied();
  return application;
}

function findInProject(session: Session, application: Application | undefined, { name, project }: Named): Application {
  if (!session.can('applications', 'get', `${project}/${name}`)) throw permissionDenied();
  if (application?.component.project !== project) throw notFound(`applications.argoproj.io "${name}" not found`);
  return application;
}

/** Refuses what lives in the controller's cache while that is empty, in the words of `server/application/application.go`. */
export function checkCache(call: Call, application: Application, what: string): void {
  if (!call.edge.cacheEmpty) return;
  const condition = TROUBLES[application.trouble].condition;
  if (condition?.type.endsWith('Error') === true) throw unknownError(`application is not yet loaded: ${condition.message(application)}`);
  throw unknownError(`error getting cached app ${what}: cache: key is missing`);
}

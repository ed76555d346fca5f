/** The two questions that the hub's RBAC is asked by this page: may this user see an Application, may this user invoke an extension. */
import type { HubApplication, HubUser, HubWorld } from './hub-world.ts';

const matches = (pattern: string, value: string): boolean => pattern === '*' || pattern === value;

/** True when one of the user's `applications, get` lines covers `<project>/<application>`: always the two-part form. */
export function mayGetApplication(user: HubUser, project: string, name: string): boolean {
  return user.mayGet.some((object) => {
    const [projectPattern = '', namePattern = ''] = object.split('/');
    return matches(projectPattern, project) && matches(namePattern, name);
  });
}

/** True when one of the user's `extensions, invoke` lines covers the extension. */
export function mayInvokeExtension(user: HubUser, extension: string): boolean {
  return user.mayInvoke.some((pattern) => matches(pattern, extension));
}

/** The Applications that the user sees, in the order of the world. */
export function visibleApplications(world: HubWorld, user: HubUser): readonly HubApplication[] {
  return world.applications.filter((application) => mayGetApplication(user, application.project, application.name));
}

/**
 * Whether the hub's proxy lets a request through to an extension's backend, and what it answers when not: pure, in Argo CD's own order.
 * https://github.com/argoproj/argo-cd/blob/v3.5.1/server/extension/extension.go (ValidateHeaders, authorize, CallExtension)
 */
import type { HubApplication, HubUser, HubWorld } from './hub-world.ts';
import { mayGetApplication, mayInvokeExtension } from './rbac.ts';

/** What of a request the decision rests on. */
export interface ProxyQuestion {
  readonly extension: string;
  /** False when the request has no session cookie at all: a Bearer header does not count here. */
  readonly hasCookie: boolean;
  readonly user: HubUser | undefined;
  readonly applicationHeader: string | undefined;
  readonly projectHeader: string | undefined;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly user: HubUser; readonly application: HubApplication }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string };

const refuse = (status: number, text: string): Admission => ({ kind: 'refused', status, text });
const UNAUTHORIZED = refuse(401, 'Unauthorized extension request');

const APPLICATION = 'Argocd-Application-Name';
const PROJECT = 'Argocd-Project-Name';

interface NamedResources {
  readonly namespace: string;
  readonly name: string;
  readonly project: string;
}

/** The Application and project that the headers name, or what is wrong with them in the words of Argo CD. */
function parseHeaders(applicationHeader: string | undefined, projectHeader: string | undefined): NamedResources | string {
  if (!applicationHeader) return `header "${APPLICATION}" must be provided`;
  const [namespace, name, ...rest] = applicationHeader.split(':');
  if (!namespace || !name || rest.length > 0) {
    return `error getting app details: invalid value for "${APPLICATION}" header: expected format: <namespace>:<app-name>`;
  }
  if (!projectHeader) return `header "${PROJECT}" must be provided`;
  return { namespace, name, project: projectHeader };
}

function authorize(named: NamedResources, user: HubUser, extension: string, world: HubWorld): HubApplication | undefined {
  if (!mayGetApplication(user, named.project, named.name) || !mayInvokeExtension(user, extension)) return undefined;
  const application = world.applications.find(({ namespace, name }) => namespace === named.namespace && name === named.name);
  if (application?.project !== named.project || !world.projects.includes(named.project)) return undefined;
  return application;
}

/** Cookie, headers, RBAC, the Application and its project, and last the extension: the first that fails answers. */
export function admit(question: ProxyQuestion, world: HubWorld, extensions: ReadonlySet<string>): Admission {
  if (!question.hasCookie) return refuse(400, 'Auth cookie not found');
  if (question.user === undefined) return refuse(401, 'Invalid token');
  if (question.extension === '') return refuse(400, 'Invalid URL: extension name must be provided');
  const named = parseHeaders(question.applicationHeader, question.projectHeader);
  if (typeof named === 'string') return refuse(400, `Invalid headers: ${named}`);
  const application = authorize(named, question.user, question.extension, world);
  if (application === undefined) return UNAUTHORIZED;
  if (!extensions.has(question.extension)) return refuse(404, 'Extension not found');
  return { kind: 'admitted', user: question.user, application };
}

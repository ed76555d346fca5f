/**
 * The Application on whose behalf the hub lets us call the extension: every request names one (argo-cd#25613). Its name comes from the
 * variables file; where the hub refuses that one, the first Application the user can see in the control-plane namespace stands in.
 */
export interface Anchor {
  readonly application: string;
  readonly project: string;
}

const DEFAULT_ANCHOR: Anchor = { application: 'argocd:edge-fleet', project: 'edge-fleet' };
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const PROJECT = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** From `ANCHOR` (`namespace:name`) and `ANCHOR_PROJECT`; whatever is not a name is ignored. */
export function anchorOf(vars: Readonly<Record<string, unknown>> | undefined): Anchor {
  const application = vars?.['ANCHOR'];
  const project = vars?.['ANCHOR_PROJECT'];
  return {
    application: typeof application === 'string' && NAME.test(application) ? application : DEFAULT_ANCHOR.application,
    project: typeof project === 'string' && PROJECT.test(project) ? project : DEFAULT_ANCHOR.project,
  };
}

export const anchorHeaders = (anchor: Anchor): Readonly<Record<string, string>> => ({
  'Argocd-Application-Name': anchor.application,
  'Argocd-Project-Name': anchor.project,
});

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

/** Whole `items.spec`, since `spec.project` alone cannot be asked for before Argo CD 3.5. */
export const DISCOVERY_PATH = 'api/v1/applications?fields=items.metadata.name,items.metadata.namespace,items.spec';

/** The best stand-in among the Applications a user sees: one of the anchor's name first, then any in its namespace. */
export function discoverAnchor(list: unknown, wanted: Anchor): Anchor | undefined {
  const items = field(list, 'items');
  if (!Array.isArray(items)) return undefined;
  const [namespace, name] = wanted.application.split(':');
  const candidates = items.flatMap((item: unknown): Anchor[] => {
    const metadata = field(item, 'metadata');
    const project = field(field(item, 'spec'), 'project');
    const application = `${String(field(metadata, 'namespace'))}:${String(field(metadata, 'name'))}`;
    return typeof project === 'string' && NAME.test(application) && PROJECT.test(project) ? [{ application, project }] : [];
  });
  return (
    candidates.find((anchor) => anchor.application.endsWith(`:${name ?? ''}`)) ??
    candidates.find((anchor) => anchor.application.startsWith(`${namespace ?? ''}:`))
  );
}

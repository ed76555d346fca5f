import type { Edge } from '../world/edge.ts';

/** One question of RBAC: argocd-rbac-cm's line `p, account, resource, action, object, allow`. */
export interface Question {
  readonly resource: string;
  readonly action: string;
  readonly object: string;
}

type Line = readonly [resource: string, action: string, object: string];

const VIEWER: readonly Line[] = [
  ['applications', 'get', '*'],
  ['applicationsets', 'get', '*'],
  ['projects', 'get', '*'],
  ['clusters', 'get', '*'],
  ['logs', 'get', '*'],
];
/** The policy of every edge: the viewer and operator of docs, an account of one project, one without rights, and the administrator. */
const POLICY: Readonly<Record<string, readonly Line[]>> = {
  admin: [['*', '*', '*']],
  fleet: VIEWER,
  operator: [
    ...VIEWER,
    ['applications', 'sync', '*'],
    ['applications', 'rollback', '*'],
    ['applications', 'update', '*'],
    ['applications', 'action/*', '*'],
  ],
  teamb: [['applications', 'get', 'team-b/*']],
  nobody: [],
};

/** What can-i knows; anything else is an invalid argument. */
export const RESOURCES: ReadonlySet<string> = new Set([
  'clusters',
  'projects',
  'applications',
  'applicationsets',
  'repositories',
  'write-repositories',
  'certificates',
  'accounts',
  'gpgkeys',
  'logs',
  'exec',
  'extensions',
]);
export const ACTIONS: ReadonlySet<string> = new Set(['get', 'create', 'update', 'delete', 'sync', 'override', 'invoke', 'action']);

/** `*` stands for any text, slashes included. */
function matches(glob: string, text: string): boolean {
  if (glob === '*' || glob === text) return true;
  const star = glob.indexOf('*');
  return star >= 0 && text.startsWith(glob.slice(0, star)) && text.endsWith(glob.slice(star + 1));
}

/** Whether the edge's policy allows it now. */
export function isAllowed(edge: Edge, account: string, question: Question): boolean {
  if (edge.access.withoutRights.has(account)) return false;
  for (const [resource, action, object] of POLICY[account] ?? []) {
    if (matches(resource, question.resource) && matches(action, question.action) && matches(object, question.object)) return true;
  }
  return false;
}

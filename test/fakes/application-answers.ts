/** What proxy-server would answer about the Applications of the invented fleet; what their edges answer is as an Argo CD 3.5.1 was recorded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationDetail, ApplicationGroup, ApplicationRow } from '../../proxy-server/src/domain/fleet-view.ts';
import { NOW } from './fleet-answers.ts';

const RECORDED = join(process.cwd(), 'test/fixtures/argocd/3.5.1');
const recorded = (name: string): unknown => {
  const text = readFileSync(join(RECORDED, `${name}.json`), 'utf8');
  return JSON.parse((JSON.parse(text) as { response: { body: string } }).response.body);
};

/** By what follows the Application's name in the path to its edge. */
const RECORDED_PARTS: Readonly<Record<string, string>> = {
  '': 'app-pos',
  'resource-tree': 'tree-inventory',
  events: 'events-pos',
  'managed-resources': 'managed-resources-signage-out-of-sync',
};

/** An answer of the edge itself, through the pass-through; undefined where nothing of that name was recorded. */
export function answerOfEdge(part: string, fields: boolean): unknown {
  if (part === 'managed-resources' && fields)
    return { items: [{ group: 'apps', kind: 'Deployment', namespace: 'retail', name: 'signage', modified: true }] };
  const name = RECORDED_PARTS[part];
  return name === undefined ? undefined : recorded(name);
}

export const applicationDetail = (row: ApplicationRow): ApplicationDetail => ({
  ...row,
  now: NOW,
  revision: 1,
  uid: 'u',
  labels: {},
  destination: { namespace: 'retail' },
  revisions: ['e8f9fc4'],
  images: [`registry.example.com/${row.name}:3.2.1`],
  sources: [{ repoUrl: 'https://git.example.com/deploy.git', path: row.name }],
  externalUrls: ['https://shop.example.com'],
  conditions: [{ type: 'OrphanedResourceWarning', message: row.message ?? 'two orphans' }],
});

const VALUE_OF: Readonly<Record<string, (row: ApplicationRow) => string>> = {
  name: (row) => row.name,
  message: (row) => row.message ?? '',
  version: (row) => row.version ?? '',
  product: (row) => row.project,
};

export function groupsOf(rows: readonly ApplicationRow[], by: string): readonly ApplicationGroup[] {
  const groups = Map.groupBy(rows, VALUE_OF[by] ?? (() => ''));
  return [...groups].flatMap(([value, ofGroup]): ApplicationGroup[] => {
    const [first] = ofGroup;
    if (first === undefined || value === '') return [];
    const { length } = ofGroup;
    return [{ value, applications: length, edges: length, worst: first.look, notHeard: 0, query: `application:"${first.name}"` }];
  });
}

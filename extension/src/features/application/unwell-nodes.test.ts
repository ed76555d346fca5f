import { describe, expect, test } from '@jest/globals';
import type { ResourceNode } from './resource-nodes.ts';
import { unwellNodes } from './unwell-nodes.ts';

const aNode = (kind: string, over: Partial<ResourceNode> = {}): ResourceNode => ({
  group: '', kind, namespace: 'retail', name: kind.toLowerCase(), key: kind, version: 'v1', parents: [], info: [], images: [], orphaned: false, ...over,
}); // prettier-ignore
const kinds = (nodes: readonly ResourceNode[]): readonly string[] => unwellNodes(nodes).map(({ kind }) => kind);

describe('what keeps an Application from healthy', () => {
  test('is the Pod, not the owners that are unwell because of it', () => {
    const nodes = [
      aNode('Deployment', { health: 'Degraded' }),
      aNode('ReplicaSet', { health: 'Degraded', parents: ['Deployment'] }),
      aNode('Pod', { health: 'Degraded', parents: ['ReplicaSet'], healthMessage: 'back-off' }),
    ];
    expect(kinds(nodes)).toEqual(['Pod']);
  });

  test('is the owner too where it has something to say', () => {
    const nodes = [
      aNode('Deployment', { health: 'Degraded', healthMessage: 'exceeded its deadline' }),
      aNode('Pod', { health: 'Degraded', parents: ['Deployment'] }),
    ];
    expect(kinds(nodes)).toEqual(['Deployment', 'Pod']);
  });

  test('comes worst first, and leaves out what is well, on purpose, unknown, or not its own', () => {
    const nodes = [
      aNode('Job', { health: 'Progressing' }),
      aNode('Service', { health: 'Missing' }),
      aNode('Ingress', { health: 'Degraded' }),
      aNode('ConfigMap'),
      aNode('CronJob', { health: 'Suspended' }),
      aNode('Secret', { health: 'Unknown' }),
      aNode('Pod', { health: 'Degraded', orphaned: true }),
      aNode('Deployment', { health: 'Healthy' }),
    ];
    expect(kinds(nodes)).toEqual(['Ingress', 'Service', 'Job']);
  });
});

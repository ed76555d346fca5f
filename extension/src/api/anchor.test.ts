import { describe, expect, test } from '@jest/globals';
import { anchorHeaders, anchorOf, discoverAnchor } from './anchor.ts';

const DEFAULT = { application: 'argocd:edge-fleet', project: 'edge-fleet' };

describe('the anchor from the variables file', () => {
  test.each([
    ['no variables', undefined, DEFAULT],
    ['both given', { ANCHOR: 'cd:fleet', ANCHOR_PROJECT: 'platform' }, { application: 'cd:fleet', project: 'platform' }],
    ['a name without a namespace', { ANCHOR: 'fleet' }, DEFAULT],
    ['a header in a name', { ANCHOR: 'cd:fleet\r\nX: y', ANCHOR_PROJECT: 'a b' }, DEFAULT],
    ['no strings', { ANCHOR: 7, ANCHOR_PROJECT: {} }, DEFAULT],
  ])('%s', (_when, vars, expected) => {
    expect(anchorOf(vars)).toEqual(expected);
  });

  test('is sent as the two headers of the proxy', () => {
    expect(anchorHeaders(DEFAULT)).toEqual({ 'Argocd-Application-Name': 'argocd:edge-fleet', 'Argocd-Project-Name': 'edge-fleet' });
  });
});

describe('a stand-in for the anchor', () => {
  const item = (namespace: string, name: string, project: unknown) => ({ metadata: { namespace, name }, spec: { project } });

  test('the same name in another place comes first', () => {
    const list = { items: [item('argocd', 'shop', 'default'), item('tools', 'edge-fleet', 'platform')] };
    expect(discoverAnchor(list, DEFAULT)).toEqual({ application: 'tools:edge-fleet', project: 'platform' });
  });

  test('else the first in the control-plane namespace', () => {
    const list = { items: [item('team', 'x', 'default'), item('argocd', 'shop', 'default')] };
    expect(discoverAnchor(list, DEFAULT)).toEqual({ application: 'argocd:shop', project: 'default' });
  });

  test.each([[null], [{}], [{ items: 'x' }], [{ items: [null, 1, {}, item('argocd', 'shop', undefined)] }]])(
    'nothing usable in %j',
    (list) => {
      expect(discoverAnchor(list, DEFAULT)).toBeUndefined();
    },
  );
});

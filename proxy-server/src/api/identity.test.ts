import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { aSecret } from '../../../test/edge-builders.ts';
import { throughHub } from '../../../test/api-harness.ts';
import { setsUserId } from '../domain/identity.ts';
import { identify } from './identity.ts';

const scopes = aSecret('edge-fleet-scopes', {
  'edge-fleet': 'view-secret',
  'edge-fleet.next': 'view-secret-to-come',
  'edge-fleet-ops': 'ops-secret',
  'edge-fleet-release-board': 'board-secret',
  'something-else': 'foreign-secret',
  'edge-fleet-empty': '',
});

const asRequest = (headers: Record<string, string>, raw?: readonly (readonly [string, string])[]): IncomingMessage =>
  ({ headers, rawHeaders: (raw ?? Object.entries(headers)).flat() }) as unknown as IncomingMessage;

const identityOf = (over: Record<string, string | undefined>, hubVersion: string | undefined) => {
  const headers = { ...throughHub('jane', 'view-secret'), ...over };
  const kept = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return identify(asRequest(kept), { scopes, hubVersion });
};

describe('identify', () => {
  test.each([
    ['no secret', { 'x-edge-fleet-secret': undefined }],
    ['an empty secret', { 'x-edge-fleet-secret': '' }],
    ['a wrong secret', { 'x-edge-fleet-secret': 'view-secre' }],
    ['the secret of a key that is no registration', { 'x-edge-fleet-secret': 'foreign-secret' }],
    ['no user name', { 'argocd-username': undefined }],
    ['no user id on a hub that sets it', { 'argocd-user-id': undefined }],
    ['no anchor Application', { 'argocd-application-name': undefined }],
    ['an anchor that cannot be read', { 'argocd-application-name': 'edge-fleet' }],
    ['no project', { 'argocd-project-name': undefined }],
    ['control characters in the name', { 'argocd-username': 'ja\u0007ne' }],
    ['a name without end', { 'argocd-username': 'j'.repeat(2_000) }],
  ])('with %s refuses with the 401 problem', (_what, over) => {
    expect(() => identityOf(over, '3.5.1')).toThrow(expect.objectContaining({ problem: 'Unauthenticated' }) as unknown as Error);
  });

  test('without configured secrets nobody comes in, not even with an empty one', () => {
    const headers = asRequest(throughHub('jane', ''));
    expect(() => identify(headers, { scopes: undefined, hubVersion: '3.5.1' })).toThrow(/secret/);
  });

  test('a header that comes twice refuses, whichever of them is ours', () => {
    const headers = throughHub('jane', 'view-secret');
    const doubled = [...Object.entries(headers), ['Argocd-Username', 'root'] as const];
    expect(() => identify(asRequest({ ...headers, 'argocd-username': 'jane' }, doubled), { scopes, hubVersion: '3.5.1' })).toThrow(
      /came twice/,
    );
  });

  test('the current secret and the next one both prove a registration while it is rotated', () => {
    expect([...identityOf({ 'x-edge-fleet-secret': 'view-secret-to-come' }, '3.5.1').scopes]).toEqual(['edge-fleet']);
    expect([...identityOf({ 'x-edge-fleet-secret': 'ops-secret' }, '3.5.1').scopes]).toEqual(['edge-fleet-ops']);
    expect([...identityOf({ 'x-edge-fleet-secret': 'board-secret' }, '3.5.1').scopes]).toEqual(['edge-fleet-release-board']);
  });

  test('groups that a client claims are kept for the record and prove nothing', () => {
    const identity = identityOf({ 'argocd-user-groups': 'admins,release-board' }, '3.5.1');
    expect(identity.claimedGroups).toEqual(['admins', 'release-board']);
    expect([...identity.scopes]).toEqual(['edge-fleet']);
  });

  test.each([
    ['3.5.1', 'sub-42'],
    ['v3.2.0', 'sub-42'],
    ['3.1.9', 'jane'],
    ['2.14.21', 'jane'],
    [undefined, 'jane'],
  ])('on hub %s the subject is %s', (hubVersion, subject) => {
    expect(identityOf({ 'argocd-user-id': 'sub-42' }, hubVersion).subject).toBe(subject);
    expect(setsUserId(hubVersion)).toBe(subject === 'sub-42');
  });
});

const RECORDINGS = new URL('../../../test/fixtures/hub/', import.meta.url);
const versions = readdirSync(RECORDINGS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name); // prettier-ignore

/** The headers that reached the backend behind a real hub, as recorded. */
function recorded(version: string, name: string): IncomingMessage {
  const { backendSaw } = JSON.parse(readFileSync(new URL(`${version}/${name}.json`, RECORDINGS), 'utf8')) as {
    backendSaw: { headers: [string, string][] };
  };
  return asRequest(Object.fromEntries(backendSaw.headers.map(([key, value]) => [key.toLowerCase(), value])), backendSaw.headers);
}

describe.each(versions)('behind a real hub %s', (version) => {
  test('a local user is who the hub says', () => {
    const identity = identify(recorded(version, 'ok-local-user'), { scopes, hubVersion: version });
    expect(identity).toMatchObject({
      subject: 'teamb',
      username: 'teamb',
      anchor: { namespace: 'argocd', name: 'frozen', project: 'team-b' },
    });
  });

  test('a user who claims to be somebody else stays who they are', () => {
    const identity = identify(recorded(version, 'forged-identity'), { scopes, hubVersion: version });
    expect(identity.subject).toBe('teamb');
    expect([...identity.scopes]).toEqual(['edge-fleet']);
  });

  test('a client that has our headers stripped on the way comes in as nobody', () => {
    expect(() => identify(recorded(version, 'hop-by-hop-strip'), { scopes, hubVersion: version })).toThrow(
      /secret of the extension is missing/,
    );
  });
});

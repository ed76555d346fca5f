import * as React from 'react';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanup, configure, render, screen, within } from '@testing-library/react';
import { anEdgeRow, NOW } from '../../test/fakes/fleet-answers.ts';
import { installHub, type FakeHub } from '../../test/fakes/page-host.ts';
import { HubApp } from './HubApp.tsx';
import { servicesOf } from './services.ts';

// What is hidden is asked of the whole ancestry of every element, which jsdom takes seconds for.
configure({ defaultHidden: true });

const REFUSAL = { allowed: false, reason: 'no line', missingLine: 'p, ann, edges, doctor, *, allow' };
const LATEST = {
  startedAt: NOW - 2_000,
  finishedAt: NOW,
  username: 'ann',
  checks: [{ id: 'anchor', result: 'failed', message: 'There is no anchor', remedy: 'kubectl apply -k manifests/hub/anchor' }],
  edges: 0,
  shownEdges: 0,
  edgesBy: { ok: 0, warning: 0, failed: 0, notChecked: 0 },
};

let hub: FakeHub;
let posted: FakeHub['posted'];

beforeEach(() => {
  hub = installHub([anEdgeRow(0)]);
  document.head.innerHTML = '<base href="/">';
  ({ posted } = hub);
});
afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

/** The hub says `mayOps` about acting; what is passed on to doctor is answered with one check. */
function open(mayOps: string, doctor: object): void {
  const { answer } = hub;
  const json = (body: object) => ({ status: 200, type: 'application/json', body: JSON.stringify(body) });
  const checks = [{ id: 'through-the-hub-ops', result: 'failed', message: 'The hub does not reach proxy-server', remedy: 'Look there' }];
  const ends: readonly (readonly [end: string, answer: ReturnType<FakeHub['answer']>])[] = [
    ['invoke/edge-fleet-ops', json({ value: mayOps })],
    ['invoke/edge-fleet', json({ value: 'yes' })],
    ['api/version', json({ Version: 'v3.5.1+abc' })],
    ['session/userinfo', json({ username: 'ann', loggedIn: true })],
    ['edge-fleet-ops/api/v1/config', { status: 502, type: 'text/plain', body: '' }],
    ['/doctor/through', json({ checks })],
    ['/can-act', json({ actions: {}, doctor })],
    ['/doctor', json({ now: NOW, latest: LATEST })],
  ];
  hub.answer = (path) => ends.find(([end]) => path.endsWith(end))?.[1] ?? answer(path);
  window.history.replaceState(null, '', '/fleet/doctor');
  render(<HubApp services={servicesOf(window)} />);
}
const passedOn = () => posted.find(({ path }) => path === 'extensions/edge-fleet/api/v1/doctor/through')?.body;
const region = () => screen.findByRole('region', { name: 'Your own way through the hub' });

describe('doctor on the page', () => {
  test('passes on what the hub answers to the session of the page, and shows what it means beside the rest', async () => {
    open('yes', { allowed: true });
    expect(within(await region()).getByText('The hub does not reach proxy-server')).toBeTruthy();
    expect(await screen.findByText(/: 2 failed, 0 warnings/)).toBeTruthy();
    expect(passedOn()).toMatchObject({
      answers: { 'edge-fleet': { known: true, value: { status: 200 } }, 'edge-fleet-ops': { known: true, value: { status: 502 } } },
      mayInvoke: { 'edge-fleet': { value: 'yes' }, 'edge-fleet-ops': { value: 'yes' } },
      hubVersion: { value: 'v3.5.1+abc' },
      username: { value: 'ann' },
    });
  });

  test('tells who may not run it how their own calls arrive, without a refused request in the log of the hub', async () => {
    open('no', REFUSAL);
    expect(await region()).toBeTruthy();
    expect(hub.asked.filter((path) => path.endsWith('edge-fleet-ops/api/v1/config'))).toEqual([]);
    expect(passedOn()).toMatchObject({ answers: { 'edge-fleet-ops': { value: { status: 401, text: 'Unauthorized extension request' } } } });
  });
});

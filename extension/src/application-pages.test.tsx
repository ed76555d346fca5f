import * as React from 'react';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanup, configure, fireEvent, render, screen, within } from '@testing-library/react';
import type { ApplicationDetail } from '../../proxy-server/src/domain/fleet-view.ts';
import { anEdgeRow, applicationsOf, NOW } from '../../test/fakes/fleet-answers.ts';
import { installHub, type FakeHub } from '../../test/fakes/page-host.ts';
import { HubApplicationView } from './features/hub-app/HubApplicationView.tsx';
import { HubStatusItem } from './features/hub-app/HubStatusItem.tsx';
import { HubApp } from './HubApp.tsx';
import { servicesOf } from './services.ts';

// What is hidden is asked of the whole ancestry of every element, which jsdom takes seconds for.
configure({ defaultHidden: true });

const ROWS = Array.from({ length: 40 }, (_unused, row) =>
  anEdgeRow(row, { name: `store-${row}`, state: row === 1 ? 'Silent' : 'Healthy' }),
);
const ALL = ROWS.slice(0, 3).flatMap(applicationsOf);
const INVENTORY: ApplicationDetail = {
  ...ALL.find(({ name }) => name === 'inventory')!,
  now: NOW, revision: 1, uid: 'u', labels: {}, destination: { namespace: 'retail' }, revisions: ['e8f9fc4'], images: ['registry.example.com/inventory:3.2.1'],
  sources: [{ repoUrl: 'https://git.example.com/deploy.git', path: 'inventory' }], externalUrls: ['javascript:alert(1)'], conditions: [{ type: 'OrphanedResourceWarning', message: 'two orphans' }],
}; // prettier-ignore

const recorded = (name: string): string => {
  const text = readFileSync(join(process.cwd(), 'test/fixtures/argocd/3.5.1', `${name}.json`), 'utf8');
  return (JSON.parse(text) as { response: { body: string } }).response.body;
};
type Answer = ReturnType<FakeHub['answer']>;
const json = (body: unknown): Answer => ({
  status: 200,
  type: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const problem = (status: number, more: object): Answer => ({
  status, type: 'application/problem+json', body: JSON.stringify({ title: 'Problem', status, ...more }),
}); // prettier-ignore
const page = (items: readonly unknown[]): Answer => json({ items, total: items.length, revision: 1, now: NOW });

/** Answers by what a path contains, first match; everything else as the invented fleet has it. */
const answerWith = (hub: FakeHub, answers: Readonly<Record<string, Answer>>): void => {
  hub.answer = (path) => Object.entries(answers).find(([part]) => path.includes(part))?.[1];
};
const EDGE_ANSWERS: Readonly<Record<string, Answer>> = {
  '/resource-tree?': json(recorded('tree-inventory')),
  '/events?': json(recorded('events-pos')),
  '/managed-resources?appNamespace=argocd&fields': json({ items: [{ group: 'apps', kind: 'Deployment', namespace: 'retail', name: 'signage', modified: true }] }),
  '/managed-resources?': json(recorded('managed-resources-signage-out-of-sync')),
  '/argocd/api/v1/applications/inventory?': json(recorded('app-pos')),
  'edges/store-0/applications/argocd/inventory': json(INVENTORY),
}; // prettier-ignore

let hub: FakeHub;
const open = (path: string): void => {
  window.history.replaceState(null, '', path);
  render(<HubApp services={servicesOf(window)} />);
};
beforeEach(() => {
  hub = installHub(ROWS);
  document.head.innerHTML = '<base href="/argocd/">';
});
afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

describe('the Applications page', () => {
  test('finds Applications over all edges, old ones in the past tense, and asks for the worst first', async () => {
    answerWith(hub, { 'applications?query': page(ALL) });
    open('/argocd/fleet/applications?q=inventory');
    const links = await screen.findAllByRole('link', { name: 'inventory' });
    expect(links.map((link) => link.getAttribute('href'))).toContain('/argocd/fleet/edges/store-2/applications/argocd/inventory');
    const old = links.find((link) => link.getAttribute('href')?.includes('store-1/'))!.closest('tr')!;
    expect(within(old).getByText('was degraded')).toBeTruthy();
    expect(within(old).queryByText('Degraded')).toBeNull();
    expect(hub.asked).toContain('extensions/edge-fleet/api/v1/applications?query=inventory&sort=look&limit=200');
  });

  test('j and Enter open an Application; Enter on a link stays the link’s own', async () => {
    answerWith(hub, { 'applications?query': page(ALL), ...EDGE_ANSWERS });
    open('/argocd/fleet/applications');
    const [link] = await screen.findAllByRole('link', { name: 'inventory' });
    expect(fireEvent.keyDown(link!, { key: 'Enter' })).toBe(true);
    fireEvent.keyDown(document.body, { key: 'j' });
    fireEvent.keyDown(document.body, { key: 'j' });
    fireEvent.keyDown(document.body, { key: 'Enter' });
    expect(window.location.pathname).toBe('/argocd/fleet/edges/store-0/applications/argocd/inventory');
    expect(await screen.findByRole('heading', { name: 'inventory', level: 1 })).toBeTruthy();
  });

  test('groups by message say how many edges share it, and lead to them', async () => {
    const group = {
      value: 'no matches for kind Oven',
      applications: 37,
      edges: 37,
      worst: 'Failing',
      notHeard: 2,
      oldestReadAt: NOW - 600_000,
      query: 'message:"no matches for kind Oven"',
    };
    answerWith(hub, { 'applications/groups?by=message': json({ revision: 1, items: [group] }), 'applications?query': page([]) });
    open('/argocd/fleet/applications?group=message');
    expect(await screen.findByText('37 edges fail with the same message')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /Show the Applications of no matches/ }));
    expect(window.location.search).toBe(`?q=${new URLSearchParams({ q: group.query }).toString().slice(2)}`);
    expect(await screen.findByRole('heading', { name: 'Nothing matches' })).toBeTruthy();
  });

  test('who may not see is told which line would allow it', async () => {
    answerWith(hub, { 'applications?query': problem(403, { missingLine: 'p, jane, applications, get, */*/*, allow' }) });
    open('/argocd/fleet/applications');
    expect(await screen.findByText('p, jane, applications, get, */*/*, allow')).toBeTruthy();
  });
});

const PAGE = '/argocd/fleet/edges/store-0/applications/argocd/inventory';

describe('the Application page', () => {
  test('shows state, both clocks and conditions, and opens no address that is none', async () => {
    answerWith(hub, EDGE_ANSWERS);
    open(PAGE);
    expect(await screen.findByRole('heading', { name: 'inventory', level: 1 })).toBeTruthy();
    expect(screen.getAllByText('Degraded')[0]?.closest('.ef-app__head')).toBeTruthy();
    expect(screen.getByText(/Compared by its controller/)).toBeTruthy();
    expect(screen.getByText(/edge heard/)).toBeTruthy();
    expect(screen.getByText('two orphans')).toBeTruthy();
    expect(await screen.findByRole('region', { name: 'What keeps it from healthy' })).toBeTruthy();
    expect(screen.getByText('javascript:alert(1)').closest('a')).toBeNull();
  });

  test('the last known part is there, and says so, when the edge went away while the page was left', async () => {
    const services = servicesOf(window);
    const enter = (): void => {
      window.history.replaceState(null, '', `${PAGE}?tab=resources`);
      render(<HubApp services={services} />);
    };
    answerWith(hub, EDGE_ANSWERS);
    enter();
    await screen.findByRole('tree');
    cleanup();
    const gone = { ...INVENTORY, edgeState: 'OutOfReach' };
    answerWith(hub, {
      ...EDGE_ANSWERS,
      '/resource-tree?': problem(424, { reason: 'edgeOffline' }),
      'edges/store-0/applications/argocd/inventory': json(gone),
    });
    enter();
    expect(await screen.findByRole('tree')).toBeTruthy();
    hub.push('edge', { edge: 'store-0', revision: 2 });
    expect(await screen.findByText(/^last known, as of/, {}, { timeout: 5_000 })).toBeTruthy(); // at most once a second
  });

  test('the tree is walked by keyboard, and each part says as of when it is', async () => {
    answerWith(hub, EDGE_ANSWERS);
    open(`${PAGE}?tab=resources`);
    const tree = await screen.findByRole('tree');
    expect(screen.getByText(/^as of \d\d:\d\d:\d\d/)).toBeTruthy();
    expect(within(tree).getAllByRole('treeitem')).toHaveLength(3);
    fireEvent.keyDown(tree, { key: 'ArrowDown' });
    const chosen = within(tree).getByRole('treeitem', { selected: true });
    expect(chosen.id).toBe(tree.getAttribute('aria-activedescendant'));
    expect(chosen.getAttribute('aria-expanded')).toBe('true');
    fireEvent.keyDown(tree, { key: 'ArrowLeft' });
    expect(within(tree).getAllByRole('treeitem')).toHaveLength(1);
  });

  test('an edge that fails says so in words; the last known part stays, marked as such', async () => {
    answerWith(hub, EDGE_ANSWERS);
    open(`${PAGE}?tab=events`);
    const part = await screen
      .findByRole('region', { name: 'Events', hidden: false })
      .catch(() => screen.getAllByRole('region', { name: 'Events' })[0]!);
    await within(part).findAllByText(/Updated sync status/);
    answerWith(hub, { '/events?': problem(424, { reason: 'EdgeOffline', detail: 'cloudflared on site is off' }), ...EDGE_ANSWERS });
    hub.answer = ((before) => (path: string) =>
      path.includes('/events?') ? problem(424, { detail: 'cloudflared on site is off' }) : before(path))(hub.answer);
    fireEvent.click(screen.getByRole('button', { name: 'Ask again' }));
    expect(await screen.findByText('cloudflared on site is off')).toBeTruthy();
    expect(screen.getByText(/^last known, as of/)).toBeTruthy();
    expect(screen.getAllByText(/Updated sync status/).length).toBeGreaterThan(0);
  });

  test('the diff asks for the list first, then for the one resource', async () => {
    answerWith(hub, EDGE_ANSWERS);
    open(`${PAGE}?tab=diff`);
    expect(await screen.findByText('1 of 1 resource differs')).toBeTruthy();
    const diff = await screen.findByRole('region', { name: 'Difference' });
    expect(within(diff).getByText(/retail\/signage:2\.1\./)).toBeTruthy();
    const asked = hub.asked.filter((path) => path.includes('managed-resources')).map((path) => path.includes('fields='));
    expect(asked).toEqual([true, false]);
  });

  test('an empty list of an Application with resources is not known, not equal', async () => {
    answerWith(hub, { ...EDGE_ANSWERS, '/managed-resources?appNamespace=argocd&fields': json({}) });
    open(`${PAGE}?tab=diff`);
    expect(await screen.findByText(/Not known: the edge has no comparison at hand/)).toBeTruthy();
  });

  test('logs are a right of their own: without it the line of policy is shown', async () => {
    answerWith(hub, { '/logs?': problem(403, { missingLine: 'p, jane, logs, get, store-0/retail/inventory, allow' }), ...EDGE_ANSWERS });
    open(`${PAGE}?tab=logs`);
    expect(await screen.findByText('p, jane, logs, get, store-0/retail/inventory, allow')).toBeTruthy();
  });

  test('arrows move between tabs, and the tab is in the address', async () => {
    answerWith(hub, EDGE_ANSWERS);
    open(PAGE);
    fireEvent.keyDown(await screen.findByRole('tab', { name: 'Summary' }), { key: 'ArrowLeft' });
    expect(new URLSearchParams(window.location.search).get('tab')).toBe('history');
    expect(screen.getByRole('tab', { name: 'History' }).getAttribute('aria-selected')).toBe('true');
    expect((await screen.findAllByRole('button', { name: 'Who and why' })).length).toBeGreaterThan(0);
  });

  test('one that is not there says so', async () => {
    answerWith(hub, { 'edges/store-0/applications/argocd/inventory': problem(404, { detail: 'gone' }) });
    open(PAGE);
    expect(await screen.findByRole('heading', { name: 'There is no such Application' })).toBeTruthy();
  });
});

describe('on an Application of the hub', () => {
  const POS = { metadata: { labels: { 'edgefleet.dev/product': 'pos' } } };
  const answers = {
    'facets?': json({ items: [{ field: 'version:pos', title: 'pos', more: 0, values: [{ value: '4.12.0', edges: 3 }, { value: '4.9.0', edges: 5 }] }] }),
    'edges?query': json({ items: [], total: 8, revision: 1, now: NOW }),
    'applications?query': json({ items: [], total: 2, revision: 1, now: NOW }),
  }; // prettier-ignore

  test('the tab has the figures of its Product, each a link into the fleet', async () => {
    answerWith(hub, answers);
    render(<HubApplicationView services={servicesOf(window)} application={POS} />);
    const behind = await screen.findByRole('link', { name: /^Behind\s*5/ });
    expect(behind.getAttribute('href')).toBe('/argocd/fleet?q=product%3Apos%20version%3Apos%3C4.12.0');
    expect(screen.getByRole('link', { name: '4.9.0' })).toBeTruthy();
  });

  test('the status item says how many edges, and how many are behind and failing', async () => {
    answerWith(hub, answers);
    render(<HubStatusItem services={servicesOf(window)} application={POS} />);
    expect(await screen.findByRole('link', { name: '8 edges' })).toBeTruthy();
    expect(screen.getByText('5 behind, 2 failing')).toBeTruthy();
  });

  test('an Application that has nothing to do with the fleet gets no item, and asks nothing', () => {
    const { container } = render(<HubStatusItem services={servicesOf(window)} application={{ metadata: { labels: {} } }} />);
    expect(container.textContent).toBe('');
    expect(hub.asked).toEqual([]);
  });
});

import * as React from 'react';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { anEdgeRow, deltaOf } from '../../test/fakes/fleet-answers.ts';
import { installHub, type FakeHub } from '../../test/fakes/page-host.ts';
import { HubApp } from './HubApp.tsx';
import { servicesOf } from './services.ts';

// What is hidden is asked of the whole ancestry of every element, which jsdom takes seconds for.
configure({ defaultHidden: true });

const ROWS = Array.from({ length: 40 }, (_unused, row) => anEdgeRow(row)).sort((a, b) =>
  a.name.localeCompare(b.name, 'en', { numeric: true }),
);
const GONE = ROWS.find(({ state }) => state === 'OutOfReach')!;

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

describe('the Fleet page', () => {
  test('shows figures, causes and the map once the first answer is there', async () => {
    open('/argocd/fleet');
    expect(await screen.findByRole('button', { name: /^Edges 40/ })).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Needs attention' })).toBeTruthy();
    const grid = screen.getByRole('grid', { name: /grouped by region/ });
    expect(
      within(grid)
        .getAllByRole('rowheader')
        .map((head) => head.getAttribute('aria-label'))[0],
    ).toMatch(/^east, \d+ edges · \d+ degraded · \d+ not heard/);
  });

  test('every request stays below the base href and carries the anchor', async () => {
    open('/argocd/fleet');
    await screen.findByRole('grid');
    const ours = hub.asked.filter((path) => !path.startsWith('api/v1/account/can-i/extensions/invoke/'));
    expect(ours.every((path) => /^extensions\/edge-fleet(-ops)?\/api\/v1\//.test(path))).toBe(true);
  });

  test('a tile filters, says so in the query and the address, and takes it back', async () => {
    open('/argocd/fleet');
    const tile = await screen.findByRole('button', { name: /^Healthy \d+ no history/ });
    fireEvent.click(tile);
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Query' }).value).toBe('state:healthy');
    expect(window.location.search).toBe('?q=state%3Ahealthy');
    expect(tile.getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(tile);
    expect(window.location.search).toBe('');
  });

  test('two values of a facet mean either of them', async () => {
    open('/argocd/fleet?q=region%3Anorth');
    fireEvent.click(await screen.findByRole('checkbox', { name: /^west/ }));
    expect(new URLSearchParams(window.location.search).get('q')).toBe('region:north,west');
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /^north/ }).checked).toBe(true);
  });

  test('the table shows the same edges, and an old value in the past tense', async () => {
    open(`/argocd/fleet?view=table&q=${encodeURIComponent(`name:${GONE.name}`)}`);
    const link = await screen.findByRole('link', { name: new RegExp(GONE.displayName) });
    expect(link.getAttribute('href')).toBe(`/argocd/fleet/edges/${GONE.name}`);
    const row = link.closest('tr')!;
    expect(within(row).getByText('was healthy')).toBeTruthy();
    expect(within(row).queryByText('Healthy')).toBeNull();
  });

  test('a query with a mistake names it and keeps the last good one in the address', async () => {
    open('/argocd/fleet');
    const input = await screen.findByRole('combobox', { name: 'Query' });
    fireEvent.change(input, { target: { value: 'look:dgraded ' } });
    expect(screen.getByText(/look is never dgraded/)).toBeTruthy();
    expect(input.getAttribute('aria-invalid')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: 'Use Degraded' }));
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Query' }).value).toBe('look:Degraded ');
  });

  test('nothing that matches says so and offers the way back', async () => {
    open('/argocd/fleet?q=name%3Anowhere');
    await screen.findByText('No edge matches name:nowhere');
    fireEvent.click(screen.getAllByRole('button', { name: 'Clear the query' }).at(-1)!);
    expect(await screen.findByRole('grid')).toBeTruthy();
  });

  test('a delta changes the words of the cell under the keyboard', async () => {
    open('/argocd/fleet?group=none');
    const head = await screen.findByRole('rowheader');
    fireEvent.focus(head);
    fireEvent.keyDown(head, { key: 'Enter' });
    expect(screen.getByRole('gridcell').getAttribute('aria-label')).toContain(ROWS[0]!.name);
    hub.push('delta', deltaOf(2, [[0, { ...ROWS[0]!, state: 'Degraded', look: 'Degraded' }]]));
    await waitFor(() => expect(screen.getByRole('gridcell').getAttribute('aria-label')).toContain('Degraded'));
  });

  test('the keyboard goes from the group to the edge and opens it', async () => {
    open('/argocd/fleet?group=none');
    const head = await screen.findByRole('rowheader');
    fireEvent.keyDown(head, { key: 'Enter' });
    fireEvent.keyDown(screen.getByRole('gridcell'), { key: 'Enter' });
    expect(window.location.pathname).toBe(`/argocd/fleet/edges/${ROWS[0]!.name}`);
    expect(await screen.findByRole('heading', { level: 1, name: ROWS[0]!.displayName })).toBeTruthy();
  });
});

describe('states of the Fleet page', () => {
  test('where nothing tells edges apart there is no column of filters', async () => {
    hub = installHub(ROWS.slice(0, 1));
    open('/argocd/fleet');
    await screen.findByRole('grid');
    expect(screen.queryByRole('region', { name: 'Filters' })).toBeNull();
  });

  test('a query that one edge matches leaves the filters where they are', async () => {
    open(`/argocd/fleet?q=name%3A${ROWS[0]!.name}`);
    await screen.findByRole('grid');
    expect(screen.getByRole('region', { name: 'Filters' })).toBeTruthy();
  });

  test('no edges yet is said in words', async () => {
    hub = installHub([]);
    open('/argocd/fleet');
    expect(await screen.findByText('No edges yet')).toBeTruthy();
  });

  const refuse = (body: string, status = 401): void => {
    const plain = { status, type: 'text/plain', body };
    const json = (value: unknown) => ({ status: 200, type: 'application/json', body: JSON.stringify(value) });
    hub.answer = (path) => {
      if (path.startsWith('extensions/')) return plain;
      if (path.includes('userinfo')) return json({ loggedIn: body !== 'Invalid token', username: 'maria' });
      return json(path.includes('can-i') ? { value: 'no' } : { items: [] });
    };
  };

  test('a user whom the hub does not let in sees the line that would', async () => {
    refuse('Unauthorized extension request');
    open('/argocd/fleet');
    expect(await screen.findByText('p, maria, extensions, invoke, edge-fleet, allow')).toBeTruthy();
  });

  test('a session that ended leads to the login and back', async () => {
    refuse('Invalid token');
    open('/argocd/fleet');
    const link = await screen.findByRole('link', { name: 'Log in' });
    expect(link.getAttribute('href')).toMatch(/^\/argocd\/login\?return_url=.*fleet/);
  });

  test.each([
    [404, 'Extension not found', 'Argo CD does not know the extension edge-fleet'],
    [502, '', 'The fleet service does not answer'],
    [400, 'Invalid headers: header "Argocd-Application-Name" must be provided', 'The page is set up with a wrong Application name'],
  ])('%i %s is told apart', async (status, body, title) => {
    refuse(body, status);
    open('/argocd/fleet');
    expect((await screen.findAllByText(new RegExp(title))).length).toBeGreaterThan(0);
  });

  test('a service of another version asks for the page to be loaded again, and what is there stays', async () => {
    hub.answer = (path) => (path.endsWith('/config') ? { status: 200, type: 'application/json', body: '{"apiRevision":2}' } : undefined);
    open('/argocd/fleet');
    expect(await screen.findByRole('button', { name: 'Load the page again' })).toBeTruthy();
    expect(await screen.findByRole('grid')).toBeTruthy();
  });
});

describe('the Edge page', () => {
  test('an edge out of reach: last known, why, who acts, and nothing in the present tense', async () => {
    open(`/argocd/fleet/edges/${GONE.name}`);
    expect(await screen.findByText('The tunnel has no connection to Cloudflare')).toBeTruthy();
    expect(screen.getByText(/Last known state, from/)).toBeTruthy();
    expect(screen.getByText('Network team')).toBeTruthy();
    const table = await screen.findByRole('table', { name: 'Applications' });
    expect(within(table).getAllByText('was healthy').length).toBeGreaterThan(0);
    expect(within(table).queryByText('Healthy')).toBeNull();
  });

  test('an Application that cannot be judged is not called healthy, whatever Argo CD says', async () => {
    const fine = ROWS.find(({ state }) => state === 'Healthy')!;
    open(`/argocd/fleet/edges/${fine.name}`);
    const row = (await within(await screen.findByRole('table')).findByText('ghost')).closest('tr')!;
    expect(within(row).getByText('Cannot be judged')).toBeTruthy();
    expect(within(row).getByText(/the comparison with Git fails; Argo CD said Healthy/)).toBeTruthy();
  });

  test('Try now asks the edge and says what came of it', async () => {
    open(`/argocd/fleet/edges/${GONE.name}`);
    fireEvent.click(await screen.findByRole('button', { name: 'Try now' }));
    expect((await screen.findAllByText(/The edge is asked/)).length).toBeGreaterThan(0);
    expect(hub.asked).toContain(`extensions/edge-fleet/api/v1/edges/${GONE.name}/probe`);
  });

  test('an event of its topic makes the page ask again', async () => {
    open(`/argocd/fleet/edges/${GONE.name}`);
    await screen.findByRole('table', { name: 'Applications' });
    const asked = (): number => hub.asked.filter((path) => path.endsWith(`edges/${GONE.name}`)).length;
    const before = asked();
    hub.push('edge', { edge: GONE.name, revision: 2 });
    await waitFor(() => expect(asked()).toBeGreaterThan(before), { timeout: 5_000 }); // at most once a second
  });

  test('a name that is not there says so', async () => {
    open('/argocd/fleet/edges/nowhere');
    expect(await screen.findByText('There is no edge nowhere')).toBeTruthy();
  });
});

describe('the keyboard', () => {
  test('? opens the sheet with focus inside, Escape closes it and gives focus back', async () => {
    open('/argocd/fleet');
    const tile = await screen.findByRole('button', { name: /^Edges 40/ });
    tile.focus();
    fireEvent.keyDown(tile, { key: '?' });
    const sheet = screen.getByRole('dialog', { name: 'Keyboard' });
    expect(sheet.contains(document.activeElement)).toBe(true);
    fireEvent.keyDown(sheet, { key: 'Escape' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(tile);
  });

  test('single-key shortcuts can be switched off, and stay so', async () => {
    open('/argocd/fleet');
    await screen.findByRole('grid');
    fireEvent.keyDown(document.body, { key: '?' });
    fireEvent.click(screen.getByRole('checkbox', { name: 'Use single-key shortcuts' }));
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    fireEvent.keyDown(document.body, { key: 't' });
    expect(window.location.search).toBe('');
    expect(window.localStorage.getItem('edge-fleet.settings')).toContain('"shortcuts":false');
  });

  test('t goes to the table, / to the query', async () => {
    open('/argocd/fleet');
    await screen.findByRole('grid');
    fireEvent.keyDown(document.body, { key: 't' });
    expect(await screen.findByRole('table', { name: 'Edges' })).toBeTruthy();
    fireEvent.keyDown(document.body, { key: '/' });
    expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Query' }));
  });
});

test('an address that is no page says so and leads back', async () => {
  open('/argocd/fleet/nonsense');
  expect(await screen.findByText('There is no such page')).toBeTruthy();
  fireEvent.click(screen.getByRole('link', { name: 'To the fleet' }));
  expect(await screen.findByRole('grid')).toBeTruthy();
});

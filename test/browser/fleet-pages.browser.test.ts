/** The Fleet and Edge pages in both shells and both themes: accessible in every state, whole by keyboard, and drawn in time. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createFakeBackend } from './fake-backend.ts';
import type { FakeBackend } from './fake-backend.ts';
import { axeProblems, launchBrowser, openShell, SHELLS, startTestHub } from './shell.ts';
import type { ShellOptions, TestHub } from './shell.ts';

jest.setTimeout(240_000);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Visit {
  readonly page: Page;
  readonly backend: FakeBackend;
  readonly problems: readonly string[];
}

async function visit(edges: number, options: ShellOptions, run: (visit: Visit) => Promise<void>): Promise<void> {
  const backend = createFakeBackend(edges);
  const running: TestHub = await startTestHub(backend.listener);
  const shell = await openShell(browser, running.hub, options);
  try {
    await run({ page: shell.page, backend, problems: shell.problems });
  } finally {
    await shell.close();
    backend.close();
    await running.close();
  }
}

const map = (page: Page) => page.getByRole('grid');
const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);

/** Presses a key until what has the focus reads so. */
async function pressUntil(page: Page, key: string, wanted: RegExp, limit = 60): Promise<void> {
  for (let step = 0; step < limit && !wanted.test((await focused(page)) ?? ''); step += 1) await page.keyboard.press(key);
  expect(await focused(page)).toMatch(wanted);
}

/** Presses a key until the focus is below what matches. */
async function pressUntilInside(page: Page, key: string, selector: string, limit = 40): Promise<void> {
  const inside = (): Promise<boolean> => page.evaluate((wanted) => document.activeElement?.closest(wanted) instanceof Element, selector);
  for (let step = 0; step < limit && !(await inside()); step += 1) await page.keyboard.press(key);
  expect(await inside()).toBe(true);
}

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}
type Watched = Window & { shifts?: string[] };

/** From now on notes what moves on the page by itself, as Core Web Vitals count it. */
function watchShifts(): void {
  const shifts: string[] = [];
  (window as Watched).shifts = shifts;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      const moved = entry.sources.map(({ node }) => (node instanceof Element ? node.className : node?.textContent));
      if (entry.value > 0.001) shifts.push(`${entry.value.toFixed(4)} ${moved.join(' | ')}`);
    }
  }).observe({ type: 'layout-shift' });
}
const readShifts = (): readonly string[] => (window as Watched).shifts ?? ['nothing was watched'];

const STATES: readonly (readonly [name: string, edges: number, path: string, shown: string])[] = [
  ['no edges', 0, 'fleet', 'text=No edges yet'],
  ['one edge', 1, 'fleet', '[role=grid]'],
  ['the map', 600, 'fleet', '[role=grid]'],
  ['the map by version, filtered', 600, 'fleet?color=version:pos&q=region:north', '[role=grid]'],
  ['the table', 600, 'fleet?view=table', 'table'],
  ['nothing matches', 600, 'fleet?q=name:nowhere', 'text=Nothing matches'],
  ['an edge', 600, 'fleet/edges/store-00001', 'table'],
  ['an edge out of reach', 600, 'fleet/edges/store-00004', 'text=Last known state'],
  ['an edge that is not there', 600, 'fleet/edges/nowhere', 'text=There is no edge nowhere'],
];

describe('each state, in both themes', () => {
  test.each(STATES)('%s is accessible', async (_name, edges, path, shown) => {
    const inTheme = (theme: 'light' | 'dark'): Promise<void> =>
      visit(edges, { theme, path, version: theme === 'light' ? '3.5' : '3.4' }, async ({ page }) => {
        await page.waitForSelector(shown);
        expect(await axeProblems(page)).toEqual([]);
      });
    await Promise.all([inTheme('light'), inTheme('dark')]);
  });
});

describe('acting, in both themes', () => {
  test.each(['light', 'dark'] as const)('the pages and the sheet that asks are accessible, by keyboard too: %s', async (theme) => {
    const version = theme === 'light' ? '3.5' : '3.4';
    await visit(6, { theme, version, path: 'fleet/actions' }, async ({ page, problems }) => {
      await page.getByRole('link', { name: 'Sync (dry run)' }).waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await page.getByRole('link', { name: 'Sync (dry run)' }).click();
      await page.getByRole('progressbar', { name: '5 of 9 ended' }).waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await page.getByRole('link', { name: 'Audit', exact: true }).click();
      await page.getByText('auto-sync on \u2192 off').waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await page.getByRole('link', { name: 'Doctor' }).click();
      await page.getByText('There is no anchor').waitFor();
      expect(await axeProblems(page)).toEqual([]);
      await page.getByRole('link', { name: 'Edges', exact: true }).click();
      await map(page).waitFor();
      await page.goto(page.url().replace(/fleet.*$/, 'fleet/edges/store-00001'));
      await page.getByRole('button', { name: /^Act on/ }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByText('37 Applications on 12 edges').waitFor();
      expect(await axeProblems(page, '.ef-sheet')).toEqual([]);
      const inside = await page.evaluate(() => document.activeElement?.closest('.ef-sheet') !== null);
      await page.keyboard.press('Shift+Tab');
      const stays = await page.evaluate(() => document.activeElement?.closest('.ef-sheet') !== null);
      await page.keyboard.press('Escape');
      const back = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      expect({ inside, stays, back: /^Act on/.test(back) }).toEqual({ inside: true, stays: true, back: true });
      expect(problems).toEqual([]);
    });
  });
});

describe.each(SHELLS)('in the shell of %s', (version) => {
  test('without the service everything is drawn as old, in words, and it heals by itself', async () => {
    await visit(600, { version }, async ({ page, backend }) => {
      await map(page).waitFor();
      backend.fail((res) => res.writeHead(502).end());
      backend.dropStreams();
      await page.getByText('The fleet service does not answer. What you see is from').waitFor({ timeout: 30_000 });
      expect(await page.locator('.ef-frame--old').count()).toBe(1);
      expect(await axeProblems(page)).toEqual([]);
      // By key: a click would wait for a button that is gone when the page's own next try comes first.
      await page.getByRole('button', { name: 'Try now' }).focus();
      backend.fail(undefined);
      await page.keyboard.press('Enter');
      await page.locator('.ef-live').waitFor();
      expect(await page.locator('.ef-frame--old').count()).toBe(0);
    });
  });

  test('the failing edge is found, opened and understood by keyboard alone', async () => {
    await visit(600, { version }, async ({ page, problems }) => {
      await map(page).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('region:north state:outofreach ');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => location.search.includes('outofreach'));
      await pressUntil(page, 'Tab', /^east, /);
      await pressUntil(page, 'ArrowDown', /^north, /);
      await page.keyboard.press('Enter');
      await pressUntil(page, 'ArrowRight', /Out of reach/);
      await page.keyboard.press('Enter');
      await page.getByText('The tunnel has no connection to Cloudflare').waitFor();
      await page.getByRole('cell', { name: /could not be judged/ }).waitFor();
      await page.goBack();
      await map(page).waitFor();
      expect(page.url()).toContain('outofreach');
      expect(problems).toEqual([]);
    });
  });

  test('from the failing edge in the north to why its Application fails, by keyboard alone', async () => {
    await visit(600, { version }, async ({ page, problems }) => {
      await map(page).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('region:north state:degraded,failing ');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page.keyboard.press('t');
      await page
        .getByRole('cell', { name: /^(Degraded|Failing)/ })
        .first()
        .waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('cell', { name: 'Back-off restarting failed container main' }).waitFor();
      expect(page.url()).toMatch(/\/fleet\/edges\/store-\d+$/);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const why = page.getByRole('region', { name: 'What keeps it from healthy' });
      await why.getByText(/back-off 5m0s restarting failed container/).waitFor();
      await pressUntilInside(page, 'Tab', '.ef-why');
      await page.keyboard.press('Enter');
      await page.getByRole('treeitem', { selected: true }).waitFor();
      expect(page.url()).toContain('tab=resources');
      await page.goBack();
      await why.waitFor();
      await page.goBack();
      await page.goBack();
      await page
        .getByRole('cell', { name: /^(Degraded|Failing)/ })
        .first()
        .waitFor();
      expect(page.url()).toContain('view=table');
      expect(problems).toEqual([]);
    });
  });

  test('the focus can be seen, although the host takes outlines away', async () => {
    await visit(1, { version }, async ({ page }) => {
      await map(page).waitFor();
      await page.keyboard.press('Tab');
      const outlines = await page.evaluate(async () => {
        const found: string[] = [];
        for (const element of document.querySelectorAll<HTMLElement>('.ef-root button:enabled, .ef-root a')) {
          element.focus({ focusVisible: true } as FocusOptions);
          if (document.activeElement === element) found.push(getComputedStyle(element).outlineStyle);
        }
        return [...new Set(found)];
      });
      expect(outlines).toEqual(['solid']);
    });
  });

  test('at 320 CSS pixels beside the folded sidebar nothing is cut off', async () => {
    await visit(600, { version, viewport: { width: 380, height: 900 } }, async ({ page }) => {
      await page.evaluate(() => localStorage.setItem('view_preferences', JSON.stringify({ theme: 'light', hideSidebar: true })));
      await map(page).waitFor();
      const wide = await page.evaluate(() => {
        const root = document.querySelector('.ef-root');
        return root === null ? 0 : root.scrollWidth - root.clientWidth;
      });
      expect(wide).toBeLessThanOrEqual(1);
    });
  });
});

describe('ten thousand edges, a thousand changes a second', () => {
  test('frames come in time, and the whole fleet fits', async () => {
    await visit(10_000, {}, async ({ page, backend }) => {
      await map(page).waitFor();
      await page.evaluate(watchShifts);
      backend.churn(20);
      const gaps = await page.evaluate(
        () =>
          new Promise<number[]>((resolve) => {
            const found: number[] = [];
            let last = performance.now();
            const end = last + 6_000;
            const tick = (now: number): void => {
              found.push(now - last);
              last = now;
              if (now < end) requestAnimationFrame(tick);
              else resolve(found.sort((a, b) => a - b));
            };
            requestAnimationFrame(tick);
          }),
      );
      // The median, since other programs share the machine of a test; single frames are looked at in a trace.
      expect(gaps[Math.floor(gaps.length / 2)]).toBeLessThanOrEqual(33);
      const overflow = await page.evaluate(() => {
        const stage = document.querySelector('.ef-map__stage');
        return stage === null ? 1 : stage.scrollHeight - stage.clientHeight;
      });
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await page.evaluate(readShifts)).toEqual([]);
      await page.keyboard.press('t');
      await page
        .getByRole('cell', { name: /^Healthy/ })
        .first()
        .waitFor();
      await page.evaluate(watchShifts);
      await page.waitForTimeout(1_500); // live changes, and answers to what is asked again
      expect(await page.evaluate(readShifts)).toEqual([]);
    });
  });
});

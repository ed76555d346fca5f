/** The built file inside both shells: it registers however it arrives, stays within its path and its policy, and never takes the page down. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { EXTENSIONS_DIR } from '../../simulator/src/start/bundles.ts';
import { fleetItem, launchBrowser, openShell, SHELLS, startTestHub, STRICT_POLICY } from './shell.ts';
import type { TestHub } from './shell.ts';

jest.setTimeout(120_000);

const LOADS = 6;
const NO_BACKEND: RequestListener = (_req, res) => res.writeHead(503).end();

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const withHub = async (start: Promise<TestHub>, run: (hub: TestHub['hub']) => Promise<void>): Promise<void> => {
  const running = await start;
  try {
    await run(running.hub);
  } finally {
    await running.close();
  }
};

describe.each(SHELLS)('in the shell of %s', (version) => {
  test.each([
    ['before the shell', { shell: 300 }],
    ['after the shell', { extensions: 300 }],
  ])(`an extension that arrives %s is registered, ${LOADS} of ${LOADS} times`, async (_when, delaysMs) => {
    await withHub(startTestHub(NO_BACKEND, { delaysMs }), async (hub) => {
      const { page, close } = await openShell(browser, hub, { version, path: 'applications' });
      for (let load = 0; load < LOADS; load += 1) {
        await fleetItem(page).waitFor();
        expect(await fleetItem(page).count()).toBe(1);
        await page.reload();
      }
      await close();
    });
  });

  test('an Application that is on screen before the extension arrives gets its item and its tab', async () => {
    await withHub(startTestHub(NO_BACKEND, { delaysMs: { extensions: 1_500 } }), async (hub) => {
      const { page, close } = await openShell(browser, hub, { version, path: 'applications/argocd/pos-everywhere' });
      await page.locator('.ef-hub-item').waitFor();
      await page.getByRole('button', { name: 'Edges' }).waitFor();
      await close();
    });
  });

  test('below a sub-path every request stays below it, and a deep link opens the page', async () => {
    await withHub(startTestHub(NO_BACKEND), async (hub) => {
      const { page, requested, close } = await openShell(browser, hub, { version, basePath: '/argocd', path: 'fleet' });
      await page.waitForSelector('.ef-root');
      await page.waitForFunction(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes('/extensions/edge-fleet/')),
      );
      expect(requested.filter((path) => !path.startsWith('/argocd/'))).toEqual([]);
      await close();
    });
  });

  test('under the strictest policy nothing is refused', async () => {
    await withHub(startTestHub(NO_BACKEND, { contentSecurityPolicy: STRICT_POLICY }), async (hub) => {
      const { page, problems, close } = await openShell(browser, hub, { version });
      await page.waitForSelector('.ef-root');
      expect(problems.filter((problem) => /Content Security Policy/i.test(problem))).toEqual([]);
      await close();
    });
  });

  const ANSWERS: readonly (readonly [what: string, answer: RequestListener])[] = [
    ['nothing', (req) => void req.socket.destroy()],
    ['a page of HTML', (_req, res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>')],
    [
      'JSON of another shape',
      (_req, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('{"counts":null,"status":7}'),
    ],
    ['truncated JSON', (_req, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('{"counts":{')],
    ['an error of the hub', (_req, res) => void res.writeHead(401).end('Unauthorized extension request\n')],
  ];
  test.each(ANSWERS)('a backend that answers %s leaves the host page alive', async (_what, answer) => {
    await withHub(startTestHub(answer), async (hub) => {
      const { page, close } = await openShell(browser, hub, { version });
      await page.waitForSelector('.ef-root');
      await page.waitForTimeout(500); // long enough for the first answers to be drawn
      expect(await page.getByText('Something went wrong!').count()).toBe(0);
      await page.locator('.sidebar__nav-item', { hasText: 'Applications' }).click();
      await page.waitForSelector('.applications-tiles');
      await close();
    });
  });
});

describe('beside other extensions', () => {
  /** Sorted before ours and after it. */
  const withNeighbours = (before: string, after: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'neighbours-'));
    cpSync(EXTENSIONS_DIR, folder, { recursive: true });
    writeFileSync(join(folder, 'extension-a.js'), before);
    writeFileSync(join(folder, 'extension-z.js'), after);
    return folder;
  };
  const CASES: readonly (readonly [what: string, version: (typeof SHELLS)[number], before: string, after: string])[] = [
    ['one that forgets its semicolon', '3.4', '(function () {})()', '(function () {})()'],
    ['one that forgets its semicolon', '3.5', '(function () {})()', '(function () {})()'],
    ['one that declares the same names', '3.4', 'const config = 1, React1 = 2;', 'const fleet = 1;'],
    ['one that throws before it', '3.5', 'throw new Error("x");', ''],
    ['one that throws after it', '3.4', '', 'throw new Error("x");'],
    ['a second copy of itself', '3.4', readFileSync(join(EXTENSIONS_DIR, 'extension-edge-fleet.js/extensions-edge-fleet.js'), 'utf8'), ''],
    ['a second copy of itself', '3.5', readFileSync(join(EXTENSIONS_DIR, 'extension-edge-fleet.js/extensions-edge-fleet.js'), 'utf8'), ''],
  ];
  test.each(CASES)('%s (%s) it registers once', async (_what, version, before, after) => {
    const extensionsDir = withNeighbours(before, after);
    await withHub(startTestHub(NO_BACKEND, { extensionsDir }), async (hub) => {
      const { page, close } = await openShell(browser, hub, { version, path: 'applications' });
      await fleetItem(page).first().waitFor();
      expect(await fleetItem(page).count()).toBe(1);
      await close();
    });
    rmSync(extensionsDir, { recursive: true });
  });

  test('the shell of 3.5 loses a registration that does not wait, as the real one does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'impatient-'));
    writeFileSync(
      join(folder, 'extension-impatient.js'),
      "window.extensionsAPI.registerSystemLevelExtension(() => null, 'Impatient', '/impatient', 'fa-bolt');",
    );
    await withHub(startTestHub(NO_BACKEND, { extensionsDir: folder, delaysMs: { shell: 300 } }), async (hub) => {
      const newer = await openShell(browser, hub, { version: '3.5', path: 'applications' });
      expect(await newer.page.locator('.sidebar__nav-item', { hasText: 'Impatient' }).count()).toBe(0);
      const older = await openShell(browser, hub, { version: '3.4', path: 'applications' });
      expect(await older.page.locator('.sidebar__nav-item', { hasText: 'Impatient' }).count()).toBe(1);
      await newer.close();
      await older.close();
    });
    rmSync(folder, { recursive: true });
  });
});

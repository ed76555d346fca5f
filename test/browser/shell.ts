/**
 * The harness of the browser tests: Chromium on the page that plays the hub. One hub serves every version and sub-path, chosen per page by
 * a cookie, so a fleet is started once and looked at in all shells.
 */
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startHub } from '../../simulator/src/hub/hub.ts';
import type { Hub, HubOptions } from '../../simulator/src/hub/hub.ts';
import { demoHubWorld } from '../../simulator/src/hub/hub-world.ts';
import type { HubVersion } from '../../simulator/src/hub/profile.ts';
import { SHELL_COOKIE } from '../../simulator/src/hub/shell-page.ts';
import { EXTENSIONS_DIR, SHELL_DIR } from '../../simulator/src/start/bundles.ts';
import { findChromium } from '../chromium.ts';

/** Argo CD's shells: React 16.14 in 3.4, React 19 in 3.5. */
export const SHELLS: readonly HubVersion[] = ['3.4', '3.5'];

/** The strictest policy of a hardened hub under which the bundle must work: no eval, no blobs, nothing from elsewhere. */
export const STRICT_POLICY =
  "script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'";

export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium: set CHROMIUM_PATH');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
}

export interface TestHub {
  readonly hub: Hub;
  close(): Promise<void>;
}

/** A hub whose extension's backend is `backend`: for what the bundle does with answers that proxy-server does not give. */
export async function startTestHub(backend: RequestListener, options: Partial<HubOptions> = {}): Promise<TestHub> {
  const server: Server = createServer(backend);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const registration = { url, headers: { 'X-Edge-Fleet-Secret': 'test' } };
  const hub = await startHub({
    version: '3.5',
    basePath: '',
    world: demoHubWorld(),
    extensions: { 'edge-fleet': registration, 'edge-fleet-ops': registration },
    extensionsDir: EXTENSIONS_DIR,
    shellDir: SHELL_DIR,
    ...options,
  });
  return {
    hub,
    close: async () => {
      await hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How one page looks at a hub. */
export interface ShellOptions {
  readonly version?: HubVersion;
  readonly theme?: 'light' | 'dark';
  /** Empty, or `/argocd`. */
  readonly basePath?: string;
  /** Below the base path: `fleet`, `applications`. */
  readonly path?: string;
  /** Absent: the first user of the world, admin. */
  readonly user?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface OpenShell {
  readonly page: Page;
  /** What the page threw, and what it wrote to its console as an error. */
  readonly problems: readonly string[];
  /** The paths that the page asked for, in order. */
  readonly requested: readonly string[];
  close(): Promise<void>;
}

/** Opens a page of its own (cookies, storage) and waits until the shell has rendered. */
export async function openShell(browser: Browser, hub: Hub, options: ShellOptions = {}): Promise<OpenShell> {
  const { version = '3.5', theme = 'light', basePath = '', path = 'fleet', user, viewport = { width: 1440, height: 900 } } = options;
  const origin = new URL(hub.url).origin;
  const context = await browser.newContext({ viewport });
  await context.addCookies([{ name: SHELL_COOKIE, value: encodeURIComponent(`${version}~${basePath}`), url: origin }]);
  if (user !== undefined) await context.addCookies([{ name: 'argocd.token', value: hub.signIn(user), url: `${origin}${basePath}/` }]);
  await context.addInitScript(
    (value) => localStorage.setItem('view_preferences', JSON.stringify({ theme: value, hideSidebar: false })),
    theme,
  );
  const page = await context.newPage();
  const problems: string[] = [];
  const requested: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await page.goto(`${origin}${basePath}/${path}`);
  await page.waitForSelector('.cd-layout');
  return { page, problems, requested, close: () => context.close() };
}

/** The sidebar item of the extension: there once it has registered. */
export const fleetItem = (page: Page) => page.locator('.sidebar__nav-item', { hasText: 'Fleet' });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong below `selector`, as `rule: element`; WCAG 2.2 A and AA. */
export async function axeProblems(page: Page, selector = '.ef-root'): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (root) => {
    interface Axe {
      run(root: string, options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    }
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run(root, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
  }, selector);
}

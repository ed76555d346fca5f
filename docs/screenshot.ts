/**
 * Makes the pictures of README.md from a really running `npm start`: `npm run screenshot`. A picture made by hand goes stale; this one
 * cannot show what the product does not do.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { createProgress } from '../simulator/src/start/progress.ts';
import { startFleet } from '../simulator/src/start/fleet.ts';

const CHROMIUM = '/usr/bin/chromium';
const IMAGES = join(import.meta.dirname, 'images');
const SIZE = { width: 1440, height: 900 };
const EDGES = 600;
/** Long enough for the first reading of every edge that can be read, and for icons and fonts. */
const SETTLE_MS = 8_000;

/** Theme, file, and where below the hub's address it looks. */
const PICTURES = [
  { theme: 'light', file: 'fleet.png', path: 'fleet' },
  { theme: 'dark', file: 'fleet-dark.png', path: 'fleet' },
] as const;

async function take(page: Page, url: string, picture: (typeof PICTURES)[number]): Promise<void> {
  await page.addInitScript(
    (theme) => localStorage.setItem('view_preferences', JSON.stringify({ theme, hideSidebar: true })),
    picture.theme,
  );
  await page.goto(`${url}${picture.path}`);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(IMAGES, picture.file) });
  console.log(`docs/images/${picture.file}`);
}

const progress = createProgress((line) => console.error(line), Date.now);
const fleet = await startFleet(
  { edges: EDGES, port: 0, configFolder: undefined, version: '3.5', basePath: '' },
  progress,
  new AbortController().signal,
);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await mkdir(IMAGES, { recursive: true });
  for (const picture of PICTURES) {
    const context = await browser.newContext({ viewport: SIZE, deviceScaleFactor: 2 });
    await take(await context.newPage(), fleet.url, picture);
    await context.close();
  }
} finally {
  await browser.close();
  await fleet.close();
}

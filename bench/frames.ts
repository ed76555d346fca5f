/**
 * What a person sees: the fleet page in Chromium on the page that plays the hub, the whole fleet on the map, while the reference load runs.
 * The baseline is drawn in the same browser: a tile of eight elements for every edge, as Argo CD's own page draws Applications.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startHub, type Hub } from '../simulator/src/hub/hub.ts';
import { demoHubWorld } from '../simulator/src/hub/hub-world.ts';
import { buildBundles, EXTENSIONS_DIR, SHELL_DIR, staleBundles } from '../simulator/src/start/bundles.ts';
import { VIEW_EXTENSION } from '../simulator/src/start/hub-objects.ts';
import { findChromium } from './config.ts';
import { withFleetInView, type FleetInView } from './fleet/fleet-in-view.ts';
import { VIEW_SECRET } from './fleet/home.ts';
import { percentiles, type Measurement } from './measurement.ts';

export interface FramesOptions {
  readonly edges: number;
  readonly changesPerSecond: number;
  readonly seconds: number;
}

interface Trace {
  /** Time from the start of one frame to the start of the next. */
  readonly frames: readonly number[];
  /** Tasks of the main thread that took longer than 50 ms. */
  readonly longTasks: readonly number[];
}

const VIEWPORT = { width: 1600, height: 1000 };
const COLOURS = ['sync', 'connection', 'contact', 'health'];
const RECOLOUR_ROUNDS = 3;
const SETTLE_MS = 4_000;
const PATCH_ROUNDS = 12;
const TOO_LONG_MS = 100;

async function openHub({ program }: FleetInView): Promise<Hub> {
  return startHub({
    version: '3.5',
    basePath: '',
    world: demoHubWorld(),
    extensions: { [VIEW_EXTENSION]: { url: program.url, headers: { 'X-Edge-Fleet-Secret': VIEW_SECRET } } },
    extensionsDir: EXTENSIONS_DIR,
    shellDir: SHELL_DIR,
  });
}

const traceFrames = (page: Page, seconds: number): Promise<Trace> =>
  page.evaluate(async (ms) => {
    const frames: number[] = [];
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    });
    observer.observe({ entryTypes: ['longtask'] });
    await new Promise<void>((done) => {
      const startedAt = performance.now();
      let last = startedAt;
      const onFrame = (at: number): void => {
        frames.push(at - last);
        last = at;
        if (at - startedAt < ms) requestAnimationFrame(onFrame);
        else done();
      };
      requestAnimationFrame((at) => {
        last = at;
        requestAnimationFrame(onFrame);
      });
    });
    observer.disconnect();
    return { frames, longTasks };
  }, seconds * 1000);

/** From the press on a colouring to the frame after the one that draws it. */
async function recolour(page: Page, colour: number): Promise<number> {
  await page.locator('.ef-toolbar button', { has: page.locator('.fa-palette') }).click();
  const items = page.locator('.ef-menu__item');
  await items.first().waitFor();
  const before = page.evaluate(
    () =>
      new Promise<number>((done) => {
        const onClick = (event: MouseEvent): void => {
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - event.timeStamp)));
        };
        document.addEventListener('click', onClick, { capture: true, once: true });
      }),
  );
  await items.nth(colour).click();
  return before;
}

/** Draws a tile of eight elements for each edge, changes 100 of them, then all of them. */
const drawTiles = (page: Page, edges: number, rounds: number): Promise<{ patch: number[]; recolour: number[] }> =>
  page.evaluate(
    async ([count, times]) => {
      const tile = '<div class="tile"><b>name</b><i>x</i><span>a</span><span>b</span><span>c</span><em>d</em><u>e</u></div>';
      document.body.innerHTML = `<style>.tile{display:inline-block;width:120px;height:60px;border-left:4px solid #18be94;margin:2px;font-size:10px}.bad{border-color:#e96d76}.bad b{color:#e96d76}</style>${tile.repeat(count)}`;
      const tiles = [...document.querySelectorAll('.tile')];
      const drawn = (change: () => void): Promise<number> =>
        new Promise((done) => {
          const startedAt = performance.now();
          change();
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - startedAt)));
        });
      await drawn(() => undefined);
      const patch: number[] = [];
      const all: number[] = [];
      for (let round = 0; round < times; round += 1) {
        patch.push(await drawn(() => tiles.slice(round * 100, round * 100 + 100).forEach((one) => one.classList.toggle('bad'))));
      }
      for (let round = 0; round < 3; round += 1) all.push(await drawn(() => tiles.forEach((one) => one.classList.toggle('bad'))));
      return { patch, recolour: all };
    },
    [edges, rounds] as const,
  );

async function measurePage(
  browser: Browser,
  fleet: FleetInView,
  options: FramesOptions,
): Promise<Trace & { readonly recolours: readonly number[] }> {
  const hub = await openHub(fleet);
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.goto(`${hub.url}fleet`);
    await page.locator('.ef-map__canvas').waitFor();
    await fleet.simulated.setChanges(options.changesPerSecond);
    await sleep(SETTLE_MS);
    const trace = await traceFrames(page, options.seconds);
    const recolours: number[] = [];
    for (let turn = 0; turn < RECOLOUR_ROUNDS * COLOURS.length; turn += 1)
      recolours.push(await recolour(page, (turn + 1) % COLOURS.length));
    await page.close();
    return { ...trace, recolours };
  } finally {
    await hub.close();
  }
}

/** Nothing, and the reason, where there is no Chromium. */
export async function measureFrames(options: FramesOptions): Promise<readonly Measurement[] | string> {
  const executablePath = findChromium();
  if (executablePath === undefined) return 'there is no Chromium here: name one in CHROMIUM_PATH';
  const stale = staleBundles();
  if (stale.length > 0) await buildBundles(stale);
  return withFleetInView({ edges: options.edges }, async (fleet) => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    try {
      const { frames, longTasks, recolours } = await measurePage(browser, fleet, options);
      await fleet.simulated.setChanges(0);
      const blank = await browser.newPage({ viewport: VIEWPORT });
      const tiles = await drawTiles(blank, options.edges, PATCH_ROUNDS);
      const figures = percentiles(frames);
      const longest = longTasks.length === 0 ? 'none' : `${longTasks.length}, the longest ${Math.max(...longTasks).toFixed(0)} ms`;
      const tooLong = frames.filter((ms) => ms > TOO_LONG_MS).length;
      const shown = `${options.edges.toLocaleString('en-US')} edges on the map, ${options.changesPerSecond.toLocaleString('en-US')} changes/s`;
      return [
        {
          what: `UI frame, p99 of ${options.seconds} s, ${shown}`,
          unit: 'ms',
          baseline: { words: 'one tile per edge, 100 changed', value: percentiles(tiles.patch).p50 },
          ours: figures.p99,
          detail: `p50 ${figures.p50.toFixed(1)}, max ${figures.max.toFixed(0)}, ${tooLong} over ${TOO_LONG_MS} ms, tasks over 50 ms: ${longest}`,
          mustReach: 33,
          moonshot: 16.7,
        },
        {
          what: 'UI frame, recolour of the whole map',
          unit: 'ms',
          baseline: { words: 'one tile per edge, all changed', value: percentiles(tiles.recolour).p50 },
          ours: percentiles(recolours).p50,
          detail: `p99 ${percentiles(recolours).p99.toFixed(0)} of ${recolours.length}, from the press to the frame after it, under the same load`,
          mustReach: 50,
          moonshot: 16.7,
        },
      ];
    } finally {
      await browser.close();
    }
  });
}

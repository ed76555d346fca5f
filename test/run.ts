/**
 * `npm test`: builds what is stale, runs every Jest project that this machine can run, and closes with one plain line of counts. What
 * follows `npm test --` goes to Jest, so `npm test -- simulator/src/hub` runs a part.
 */
import { spawn } from 'node:child_process';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundles, staleBundles } from '../simulator/src/start/bundles.ts';
import { findChromium } from './chromium.ts';
import { closingLine, summarise } from './summary.ts';
import type { JestReport } from './summary.ts';

const ROOT = join(import.meta.dirname, '..');
const UNIT_PROJECTS = ['node', 'react-16', 'react-19'];
const WORKERS = 2;

/** Runs Jest once; its report, or undefined when it never wrote one. */
async function runJest(projects: readonly string[], workers: number, folder: string): Promise<JestReport | undefined> {
  const output = join(folder, `${projects.join('-')}.json`);
  const args = [
    join(ROOT, 'node_modules/jest/bin/jest.js'),
    `--maxWorkers=${workers}`,
    '--passWithNoTests',
    '--json',
    `--outputFile=${output}`,
    '--selectProjects',
    ...projects,
    '--',
    ...process.argv.slice(2),
  ];
  const chromium = findChromium();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'], // the report goes to a file, what people read to stderr
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning',
      ...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium }),
    },
  });
  await new Promise((resolve) => child.on('close', resolve));
  try {
    return JSON.parse(await readFile(output, 'utf8')) as JestReport;
  } catch {
    return undefined; // counted as a failure by the caller
  }
}

function browserTests(): readonly string[] {
  return readdirSync(join(ROOT, 'test/browser')).filter((name) => name.endsWith('.browser.test.ts'));
}

async function buildIfStale(): Promise<boolean> {
  const stale = staleBundles();
  if (stale.length === 0) return true;
  console.error(`Building ${stale.join(', ')} ...`);
  return buildBundles(stale).then(
    () => true,
    (thrown: Error) => {
      console.error(thrown.message);
      return false;
    },
  );
}

const folder = await mkdtemp(join(tmpdir(), 'edge-fleet-test-'));
const built = await buildIfStale();
const hasChromium = findChromium() !== undefined;
const reports = [await runJest(UNIT_PROJECTS, WORKERS, folder)];
if (built && hasChromium) reports.push(await runJest(['browser'], 1, folder));
await rm(folder, { recursive: true });

const summary = summarise(
  reports.filter((report) => report !== undefined),
  {
    failed: (built ? 0 : 1) + reports.filter((report) => report === undefined).length,
    skipped:
      hasChromium && built ? [] : browserTests().map((name) => `${name} (${built ? 'no Chromium: set CHROMIUM_PATH' : 'no bundle'})`),
  },
);
if (summary.skipped.length > 0) console.log(`Skipped:\n${summary.skipped.map((name) => `  ${name}`).join('\n')}`);
console.log(closingLine(summary));
process.exitCode = summary.failed > 0 ? 1 : 0;

/**
 * Makes a clone ready to run: installs the packages of package-lock.json when they are missing or out of date, and makes sure that
 * node_modules/.bin/node is the Node this project runs on. Plain JavaScript without a dependency, because it runs on whatever Node the
 * machine has, before anything is installed. Says nothing when there is nothing to do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const OLDEST_NODE = 20;
const PINNED_NODE = join(ROOT, 'node_modules', '.bin', 'node');
const PINNED_MAJOR = 24;
const PROGRESS_EVERY_MS = 5_000;
const KEPT_OUTPUT_CHARS = 4_000;
/** Holds the number of the process that installs; beside node_modules, which npm ci takes away. */
const LOCK = join(ROOT, '.setup.lock');
const LOOK_EVERY_MS = 500;

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** True when every package that the lock file demands is installed in exactly that version (npm keeps its own list in the hidden lock file). */
function isInstalled() {
  const wanted = readLock(join(ROOT, 'package-lock.json'));
  const installed = readLock(join(ROOT, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true) return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version;
  });
}

/** Runs a command with its output kept back, a line of progress every few seconds, and the end of the output when it fails. */
function run(label, command, args) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const seconds = () => Math.round((Date.now() - startedAt) / 1000);
    process.stderr.write(`${label} ...\n`);
    const progress = setInterval(() => process.stderr.write(`${label} ... ${seconds()} s\n`), PROGRESS_EVERY_MS);
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT_CHARS));
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const finish = (succeeded, lastWords) => {
      clearInterval(progress);
      if (!succeeded) process.stderr.write(`${output}${lastWords}\n`);
      resolve(succeeded);
    };
    child.on('error', (error) => finish(false, `${command} cannot be started: ${error.message}`));
    child.on('close', (code) => finish(code === 0, `${label} failed (exit ${code}).`));
  });
}

/** The version that node_modules/.bin/node reports, or undefined when it is not there or does not run. */
function pinnedVersion() {
  if (!existsSync(PINNED_NODE)) return undefined;
  if (realpathSync(PINNED_NODE) === process.execPath) return process.version; // npm scripts find the pinned Node first: no process to start
  const asked = spawnSync(PINNED_NODE, ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

const isRight = (version) => version?.startsWith(`v${PINNED_MAJOR}.`) === true;

function giveUp(...lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM'; // somebody else's
  }
}

/** True where this process installs from now on. A lock whose owner is gone is taken away, for the next look to find none. */
function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
    if (owner > 0 && !isAlive(owner)) rmSync(LOCK, { force: true });
    return false;
  }
  process.once('exit', () => rmSync(LOCK, { force: true }));
  return true;
}

/** Two commands of a new clone, begun at once, would take each other's packages away. */
async function untilAlone() {
  if (takeLock()) return;
  process.stderr.write('Another command is installing packages here, waiting for it ...\n');
  do await sleep(LOOK_EVERY_MS);
  while (!takeLock());
}

async function setUp() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    giveUp(`Node ${OLDEST_NODE} or later is needed to set up; this is ${process.version}.`);
  }
  if (isInstalled() && isRight(pinnedVersion())) return;
  await untilAlone();
  if (!isInstalled() && !(await run('Installing packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']))) {
    giveUp('The packages could not be installed. Check the connection to the npm registry, then run the same command again.');
  }
  if (isRight(pinnedVersion())) return;
  // npm was told to run no install scripts: the one that fetches the Node binary is run by its name.
  await run(`Fetching Node ${PINNED_MAJOR}`, 'npm', ['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts']);
  const version = pinnedVersion();
  if (!isRight(version)) {
    giveUp(
      `node_modules/.bin/node ${version === undefined ? 'does not run' : `is ${version}`}; this project runs on Node ${PINNED_MAJOR}, which comes as the npm package "node".`,
      'Allow its install script (npm rebuild node --ignore-scripts=false), or remove node_modules and run the same command again.',
    );
  }
}

await setUp();

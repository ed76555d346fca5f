/** `npm start`: a living fleet on a bare machine, or a folder of real edges, inside a page that plays the hub. Ends with one URL. */
import { statSync } from 'node:fs';
import { thrownWords } from '../../proxy-server/src/domain/thrown-words.ts';
import { createProgress } from './start/progress.ts';
import { HELP, readCommand } from './start/config.ts';
import type { StartConfig } from './start/config.ts';
import { isPortFree, startFleet } from './start/fleet.ts';

const PARENT_CHECK_MS = 1_000;

/** Resolves on Ctrl-C, on SIGTERM, and when the process that started us is gone. */
function stopAsked(): Promise<string> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve('Ctrl-C'));
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGHUP', () => resolve('SIGHUP'));
    setInterval(() => process.ppid === parent || resolve('Nobody left to run for'), PARENT_CHECK_MS).unref();
  });
}

async function run(config: StartConfig): Promise<number> {
  if (!(await isPortFree(config.port))) {
    console.error(`Port ${config.port} is taken. Choose another one: npm start -- --port ${config.port + 1}`);
    return 1;
  }
  if (config.configFolder !== undefined && statSync(config.configFolder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    console.error(`${config.configFolder} is no folder. Name the one that holds your YAML files: npm start -- --config DIR`);
    return 1;
  }
  const asked = stopAsked();
  const abort = new AbortController();
  const progress = createProgress((line) => console.error(line), Date.now);
  const starting = startFleet(config, progress, abort.signal);
  const fleet = await Promise.race([starting, asked]);
  if (typeof fleet === 'string') {
    abort.abort();
    await starting.then((started) => started.close()).catch(() => undefined); // it has undone itself
    return 0;
  }
  console.log(`Edge Fleet is at ${fleet.url}fleet (Ctrl-C stops it)`);
  const end = await Promise.race([asked.then(() => undefined), fleet.broken]);
  if (end !== undefined) console.error(end);
  await fleet.close();
  return end === undefined ? 0 : 1;
}

const command = readCommand(process.argv.slice(2));
if (command.kind === 'start') {
  process.exitCode = await run(command.config).catch((thrown: unknown) => {
    console.error(thrownWords(thrown));
    return 1;
  });
} else if (command.kind === 'help') {
  console.log(HELP);
} else {
  console.error(`${command.message}\n\n${HELP}`);
  process.exitCode = 2;
}
process.exit();

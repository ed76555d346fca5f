import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { readConfig } from './config.ts';
import { startSimulator } from './simulator.ts';
import { tellStory } from './story.ts';
import { writeConfigFolder } from './config-folder.ts';

/** Starts the simulator from the command line and runs until Ctrl-C. */
async function main(): Promise<void> {
  setFlagsFromString('--external-memory-accounted-in-global-limit'); // or ten thousand TLS sockets are thirty full collections
  const config = readConfig(process.argv.slice(2));
  const { tlsFiles } = config;
  const tls =
    tlsFiles === undefined ? undefined : { key: await readFile(tlsFiles.key, 'utf8'), cert: await readFile(tlsFiles.cert, 'utf8') };
  const simulator = await startSimulator({ ...config.simulator, ...(tls === undefined ? {} : { tls }) });
  if (config.story) tellStory(simulator);
  process.stdout.write(
    `Simulator: ${simulator.world.edges.length} edges at ${tlsFiles === undefined ? 'http' : 'https'}://127.0.0.1:${simulator.port}, control at http://127.0.0.1:${simulator.controlPort}\n`,
  );
  if (config.configFolder !== undefined) {
    const files = await writeConfigFolder(simulator.world, {
      folder: config.configFolder,
      host: '127.0.0.1',
      port: simulator.port,
      ...(tls === undefined ? {} : { ca: tls.cert }),
    });
    process.stdout.write(`Wrote ${files.length} files to ${config.configFolder}\n`);
  }
  const stop = (): void => {
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

await main();

/**
 * `npm run doctor --`: looks at the configuration, the hub and the edges, and says what to mend. The same settings as proxy-server, and
 * --json, --edge NAME (repeatable), --no-edges, --hub-namespace NAME, --session-file FILE (to ask through the hub as the page does). Exit 0: nothing failed; 1: a check failed; 2: it could not run.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { hubFactsReader } from './compose-doctor.ts';
import { readConfig, type Config } from './config.ts';
import { askThrough } from './doctor/ask-through.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { doctorExitCode, doctorLine, type DoctorCheck } from './domain/doctor.ts';
import { throughChecks } from './domain/doctor-through.ts';
import { thrownWords } from './domain/thrown-words.ts';
import { createFleetWatcher } from './edges/fleet-watcher.ts';
import { createFolderStore } from './folder/object-store.ts';
import { loadKubeConfig, ownNamespace } from './kube/kube-config.ts';
import { createKubeStore } from './kube/object-store.ts';
import { createLogger } from './observability/logger.ts';
import { createMetrics } from './observability/metrics.ts';
import type { FleetSink } from './ports/fleet-sink.ts';
import type { HubFactsReader } from './ports/hub-facts.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { Runtime } from './ports/runtime.ts';

const FIRST_LIST_MS = 15_000;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  edge: { type: 'string', multiple: true },
  'no-edges': { type: 'boolean', default: false },
  'hub-namespace': { type: 'string', default: 'argocd' },
  'session-file': { type: 'string' },
} as const;

/** Doctor watches nothing: what it is told of edges goes nowhere. */
const NOWHERE: FleetSink = {
  putEdge: () => undefined,
  dropEdge: () => undefined,
  putApplications: () => undefined,
  dropApplications: () => undefined,
  putObserved: () => undefined,
  putFacts: () => undefined,
  putConnection: () => undefined,
  heard: () => undefined,
  known: () => ({ applications: [] }),
};

interface Sources {
  readonly objects: ObjectStore;
  readonly hub: HubFactsReader;
}

function sourcesOf(config: Config, hubNamespace: string, runtime: Runtime): Sources {
  const hub = hubFactsReader(config, { hubNamespace, anchor: 'edge-fleet' });
  if (config.source === 'folder') return { objects: createFolderStore({ folder: config.configDir }, runtime), hub };
  const loadConfig = (): ReturnType<typeof loadKubeConfig> => loadKubeConfig(config.kubeconfig);
  const namespace = config.namespace ?? ownNamespace(loadConfig());
  if (namespace === undefined) throw new Error('EDGE_FLEET_NAMESPACE is not set and there is no service account');
  return { objects: createKubeStore({ namespace, loadConfig }, runtime), hub };
}

/** What could not be listed in time is a finding like others; only where nothing says why there is nothing to look at. */
async function started(objects: ObjectStore): Promise<void> {
  const late = new Promise<void>((resolve, reject) => {
    setTimeout(() => {
      if (objects.current().problems.length > 0) resolve();
      else reject(new Error('The configuration could not be read in time'));
    }, FIRST_LIST_MS).unref();
  });
  await Promise.race([objects.start(), late]);
}

async function check(): Promise<{ readonly checks: readonly DoctorCheck[]; readonly json: boolean }> {
  const { values } = parseArgs({ options: OPTIONS });
  const outcome = readConfig();
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  const timers: Runtime['timers'] = {
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const runtime = { clock: { now: Date.now }, timers, random: Math.random, log: createLogger('error'), metrics: createMetrics('doctor') };
  const { objects, hub } = sourcesOf(outcome.config, values['hub-namespace'], runtime);
  await started(objects);
  const watcher = createFleetWatcher({ objects, sink: NOWHERE, runtime, version: 'doctor' });
  const only = values['no-edges'] ? [] : values.edge;
  const { 'hub-namespace': hubNamespace, 'session-file': sessionFile } = values;
  const session = sessionFile === undefined ? undefined : await readFile(sessionFile, 'utf8');
  const through = await askThrough({ hubUrl: outcome.config.hubUrl, session, hubNamespace });
  const checks = await runDoctor({
    snapshot: objects.current(),
    hub,
    edges: watcher.api,
    clock: runtime.clock,
    ...(only === undefined ? {} : { only }),
  });
  await watcher.close();
  await objects.close();
  return { checks: [...checks, ...throughChecks(through)], json: values.json };
}

try {
  const { checks, json } = await check();
  if (json) console.log(JSON.stringify({ checks }));
  else for (const one of checks) console.log(doctorLine(one));
  process.exitCode = doctorExitCode(checks);
} catch (thrown) {
  console.error(`doctor could not run: ${thrownWords(thrown)}`);
  process.exitCode = 2;
}

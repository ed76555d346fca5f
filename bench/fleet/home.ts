/** A temporary folder for one run: configuration, state, logs and keys. It is gone afterwards, also when the run is interrupted. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Home {
  /** What proxy-server reads. */
  readonly config: string;
  /** What proxy-server writes. */
  readonly stateFile: string;
  /** The path of a file beside them. */
  file(name: string): string;
}

export const VIEW_SECRET = 'bench-view-secret';
const OWNER_ONLY = 0o600;

/** The secret of the hub's registration, and a policy under which every user sees the whole fleet. */
const HUB_OBJECTS = `apiVersion: v1
kind: Secret
metadata: {name: edge-fleet-scopes}
stringData: {edge-fleet: ${VIEW_SECRET}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: edge-fleet-policy}
data: {hubVersion: "3.5.1"}
`;

/** Runs with a fresh home and takes it away again. */
export async function withHome<T>(run: (home: Home) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-fleet-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const home: Home = { config: join(folder, 'config'), stateFile: join(folder, 'state.sqlite'), file: (name) => join(folder, name) };
  try {
    await mkdir(home.config);
    await writeFile(join(home.config, 'hub.yaml'), HUB_OBJECTS, { mode: OWNER_ONLY });
    return await run(home);
  } finally {
    process.off('exit', remove);
    await rm(folder, { recursive: true, force: true });
  }
}

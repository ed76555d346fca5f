import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const MANIFESTS = join(import.meta.dirname, '..', 'manifests');

export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** Where a tool is: on the PATH, or where `.ci/tools.sh` installs it. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(import.meta.dirname, '..', '.cache', 'bin')];
  return folders.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }); // prettier-ignore
}

function run(tool: string, args: readonly string[]): string {
  const path = findTool(tool);
  if (path === undefined) throw new Error(`${tool} is not installed`);
  const outcome = spawnSync(path, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (outcome.status !== 0) throw new Error(`${tool} ${args.join(' ')} failed: ${outcome.stderr}`);
  return outcome.stdout;
}

export function objectsOf(text: string): readonly RenderedObject[] {
  return parseAllDocuments(text, { version: '1.1', merge: true })
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0]!;
      return document.toJS() as RenderedObject | null;
    })
    .filter((object): object is RenderedObject => object !== null);
}

export const kustomize = (folder: string): readonly RenderedObject[] => objectsOf(run('kustomize', ['build', folder]));

export const helmTemplate = (chart: string, ...args: readonly string[]): readonly RenderedObject[] =>
  objectsOf(
    run('helm', ['template', 'edge-fleet', chart, '--namespace', 'edge-fleet', '--kube-version', '1.31.0', '--include-crds', ...args]),
  );

/** `Kind namespace/name`, in which two ways of rendering must agree. */
export const keyOf = ({ kind, metadata }: RenderedObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

export const byKey = (objects: readonly RenderedObject[]): ReadonlyMap<string, RenderedObject> =>
  new Map(objects.map((object) => [keyOf(object), object]));

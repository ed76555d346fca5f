/**
 * What the hub and proxy-server must agree on: the secrets of the two registrations, and who may do what. A folder of the user's that
 * has these objects keeps its own; otherwise they are made up for this run.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

export const VIEW_EXTENSION = 'edge-fleet';
export const ACT_EXTENSION = 'edge-fleet-ops';
const SCOPES = 'edge-fleet-scopes';
const POLICY = 'edge-fleet-policy';
const SECRET_BYTES = 24;

/** `admin` may act; everybody else has what `policy.default` gives. */
const ADMIN_ACTS = ['p, admin, edges, *, *, allow', 'p, admin, applications, *, */*/*, allow', 'p, admin, logs, get, */*/*, allow'];

/** Real edges: every user of the played hub may look. */
export const PLAIN_POLICY = { 'policy.csv': `${ADMIN_ACTS.join('\n')}\n`, 'policy.default': 'role:viewer' };

/** The simulated fleet: `viewer` may look at everything, `teamb` at one region. */
export const DEMO_POLICY = {
  'policy.csv': [
    ...ADMIN_ACTS,
    'g, admin, role:viewer',
    'g, viewer, role:viewer',
    'p, teamb, edges, get, label:region=north, allow',
    'p, teamb, applications, get, label:region=north/*/*, allow',
    '',
  ].join('\n'),
  'policy.default': '',
};

interface FoundObject {
  readonly kind: string;
  readonly name: string;
  readonly stringData: Readonly<Record<string, string>>;
}

/** What the hub is set up with, and the YAML that proxy-server needs beside the folder; empty when the folder has both objects. */
export interface HubObjects {
  readonly secrets: Readonly<Record<string, string>>;
  readonly yaml: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function toFound(value: unknown): FoundObject[] {
  if (!isRecord(value) || !isRecord(value['metadata'])) return [];
  const data = isRecord(value['stringData']) ? Object.entries(value['stringData']) : [];
  const stringData = Object.fromEntries(data.map(([key, text]) => [key, String(text)]));
  return [{ kind: String(value['kind']), name: String(value['metadata']['name']), stringData }];
}

/** The objects of a folder's YAML files by kind and name; files that cannot be parsed are proxy-server's to report. */
async function findObjects(folder: string): Promise<readonly FoundObject[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.ya?ml$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const relevant = texts.filter((text) => text.includes(SCOPES) || text.includes(POLICY));
  return relevant.flatMap((text) =>
    parseAllDocuments(text).flatMap((document) => (document.errors.length > 0 ? [] : toFound(document.toJS()))),
  );
}

/** Reads the folder, if there is one, for the two objects, and makes up those it lacks. */
export async function hubObjects(folder: string | undefined, hubVersion: string): Promise<HubObjects> {
  const found = folder === undefined ? [] : await findObjects(folder);
  const scopes = found.find(({ kind, name }) => kind === 'Secret' && name === SCOPES);
  const policy = found.find(({ kind, name }) => kind === 'ConfigMap' && name === POLICY);
  const secrets = scopes?.stringData ?? {
    [VIEW_EXTENSION]: randomBytes(SECRET_BYTES).toString('base64url'),
    [ACT_EXTENSION]: randomBytes(SECRET_BYTES).toString('base64url'),
  };
  const missing = [
    ...(scopes === undefined
      ? [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: SCOPES, labels: { 'edgefleet.dev/secret': 'true' } }, stringData: secrets }]
      : []),
    ...(policy === undefined
      ? [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: POLICY },
            data: { ...(folder === undefined ? DEMO_POLICY : PLAIN_POLICY), hubVersion },
          },
        ]
      : []),
  ];
  return { secrets, yaml: missing.map((object) => stringify(object)).join('---\n') };
}

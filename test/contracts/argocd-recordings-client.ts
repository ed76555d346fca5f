/** Asks the simulator what a recording asked a real Argo CD, over a raw connection, so that headers and bytes are seen as sent. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { seedTokenId, SEED_TOKENS_ISSUED_AT, signToken, tokenOf } from '../../simulator/src/argocd/tokens.ts';
import type { Simulator } from '../../simulator/src/simulator.ts';
import type { Edge } from '../../simulator/src/world/edge.ts';

export interface Recording {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly chunks?: readonly { readonly ms: number; readonly text: string }[];
    readonly ended?: string;
  } | null;
  readonly silentForMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads a recording by version and name. */
export function readRecording(version: string, name: string): Recording {
  return JSON.parse(readFileSync(new URL(`../fixtures/argocd/${version}/${name}.json`, import.meta.url), 'utf8')) as Recording;
}

function authorizationOf(simulator: Simulator, edge: Edge, recorded: string): string {
  const { seed } = simulator.world;
  if (recorded.includes('session token of admin')) return `Bearer ${tokenOf(seed, edge, 'admin')}`;
  const account = /<token of account (\w+)/.exec(recorded)?.[1];
  if (account === undefined) return recorded;
  if (recorded.includes('expired')) {
    const expiresAt = SEED_TOKENS_ISSUED_AT + 1000;
    return `Bearer ${signToken(seed, edge, { account, id: seedTokenId(seed, edge, account), issuedAt: SEED_TOKENS_ISSUED_AT, expiresAt })}`;
  }
  const token = tokenOf(seed, edge, account);
  return `Bearer ${recorded.includes('damaged') ? `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}` : token}`;
}

/** Commits and resource versions of the recorded world, replaced by those of the played one. */
function pathOf(simulator: Simulator, edge: Edge, recorded: string): string {
  const application = edge.applications.find(({ component }) => recorded.includes(`/${component.name}/`));
  const revision = application === undefined ? '' : simulator.world.revisions.of(application.component, application.live);
  return recorded.replace(/\b(?!0{40})[0-9a-f]{40}\b/, revision).replace(/resourceVersion=\d+/, `resourceVersion=${edge.resourceVersion}`);
}

const rawHeaders = (raw: readonly string[]): Record<string, string> =>
  Object.fromEntries(raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [])));

/** How a stream is read: until so many messages have come, or until it is silent for so long. */
export interface Until {
  readonly messages?: number;
  readonly silentMs: number;
  /** Called when the request is on its way. */
  readonly meanwhile?: () => void;
}

/** Asks; undefined where not a byte came back. A stream is left once `until` holds; anything else is read to its end. */
export function ask(simulator: Simulator, edge: Edge, recording: Recording, until?: Until): Promise<Answer | undefined> {
  const { method, path, headers, body } = recording.request;
  const text = body === undefined || body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const sent: Record<string, string> = { ...headers, host: `${edge.name}.edge.test` };
  const { authorization } = headers;
  if (authorization !== undefined) sent['authorization'] = authorizationOf(simulator, edge, authorization);
  return new Promise((resolve, reject) => {
    let finish = (): void => resolve(undefined);
    const outgoing = request(
      { host: '127.0.0.1', port: simulator.port, method, path: pathOf(simulator, edge, path), headers: sent, agent: false },
      (incoming) => {
        let received = '';
        finish = () => {
          clearTimeout(timer);
          resolve({ status: incoming.statusCode ?? 0, headers: rawHeaders(incoming.rawHeaders), body: received });
          outgoing.destroy();
        };
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          received += chunk;
          // A comment keeps a connection alive, but it is no answer.
          if (chunk !== ':\n') timer.refresh();
          if (until?.messages !== undefined && received.split(/"(?:result|error)":/).length > until.messages) finish();
        });
        incoming.on('end', () => finish());
        incoming.on('error', reject);
      },
    );
    const timer = setTimeout(() => {
      finish();
      outgoing.destroy();
    }, until?.silentMs ?? 10_000);
    outgoing.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(undefined) : reject(error)));
    outgoing.end(text, until?.meanwhile);
  });
}

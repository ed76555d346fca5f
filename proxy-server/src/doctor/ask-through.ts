/** What the page asks of the hub, asked in the name of a person who put the cookie of their session into a file. */
import { known, unknown, type Read } from '../domain/doctor.ts';
import type { ThroughAnswer, ThroughFacts } from '../domain/doctor-through.ts';
import { OPS_SCOPE, VIEW_SCOPE } from '../domain/identity.ts';

const TIMEOUT_MS = 10_000;
const SHOWN_CHARS = 4_096;

export interface ThroughOptions {
  readonly hubUrl: string | undefined;
  /** The value of the cookie argocd.token, out of a file: on the command line others could read it. */
  readonly session: string | undefined;
  readonly hubNamespace: string;
}

type Ask = (path: string) => Promise<Read<ThroughAnswer>>;

function asker(hubUrl: string, session: string, hubNamespace: string): Ask {
  const headers = {
    cookie: `argocd.token=${session}`,
    'Argocd-Application-Name': `${hubNamespace}:edge-fleet`,
    'Argocd-Project-Name': 'edge-fleet',
  };
  return async (path) => {
    try {
      const url = new URL(path, `${hubUrl.replace(/\/+$/, '')}/`);
      const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
      return known({ status: answer.status, text: (await answer.text()).slice(0, SHOWN_CHARS) });
    } catch {
      return unknown(`${hubUrl} cannot be asked`); // the words of the failure could hold the session
    }
  };
}

function textIn(answer: Read<ThroughAnswer>, name: string): Read<string> {
  if (!answer.known) return answer;
  try {
    const body: unknown = JSON.parse(answer.value.text);
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' ? known(value) : unknown('the hub did not say');
  } catch {
    return unknown('the hub did not say');
  }
}

async function factsOf(ask: Ask): Promise<ThroughFacts> {
  const canI = 'api/v1/account/can-i/extensions/invoke/';
  const config = (scope: string): string => `extensions/${scope}/api/v1/config`;
  const [view, ops, mayView, mayOps, version, user] = await Promise.all(
    [config(VIEW_SCOPE), config(OPS_SCOPE), canI + VIEW_SCOPE, canI + OPS_SCOPE, 'api/version', 'api/v1/session/userinfo'].map(ask),
  );
  const none = unknown('not asked');
  return {
    answers: { [VIEW_SCOPE]: view ?? none, [OPS_SCOPE]: ops ?? none },
    mayInvoke: { [VIEW_SCOPE]: textIn(mayView ?? none, 'value'), [OPS_SCOPE]: textIn(mayOps ?? none, 'value') },
    hubVersion: textIn(version ?? none, 'Version'),
    username: textIn(user ?? none, 'username'),
  };
}

export async function askThrough({ hubUrl, session, hubNamespace }: ThroughOptions): Promise<ThroughFacts> {
  const nobody = (why: string): Promise<ThroughFacts> => factsOf(() => Promise.resolve(unknown(why)));
  if (session === undefined) return nobody('give --session-file: a file with the value of the cookie argocd.token of a session of the hub');
  if (hubUrl === undefined) return nobody('EDGE_FLEET_HUB_URL is not set');
  const value = session.trim().replace(/^argocd\.token=/, '');
  if (!/^[\w.~+/=-]+$/.test(value)) return nobody('The session file does not hold the value of a cookie');
  return factsOf(asker(hubUrl, value, hubNamespace));
}

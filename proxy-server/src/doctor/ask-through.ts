/** One request through the hub's proxy extension, as the page makes it: with the session of a person who put its cookie into a file. */
import { known, unknown, type Read } from '../domain/doctor.ts';
import type { ThroughAnswer } from '../domain/doctor-through.ts';

const TIMEOUT_MS = 10_000;
const SHOWN_CHARS = 4_096;

export interface ThroughOptions {
  readonly hubUrl: string | undefined;
  /** The value of the cookie argocd.token, out of a file: on the command line others could read it. */
  readonly session: string | undefined;
  readonly hubNamespace: string;
}

async function ask(hubUrl: string, session: string, hubNamespace: string): Promise<Read<ThroughAnswer>> {
  const url = new URL('extensions/edge-fleet/api/v1/config', `${hubUrl.replace(/\/+$/, '')}/`);
  const headers = {
    cookie: `argocd.token=${session}`,
    'Argocd-Application-Name': `${hubNamespace}:edge-fleet`,
    'Argocd-Project-Name': 'edge-fleet',
  };
  try {
    const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return known({ status: answer.status, text: (await answer.text()).slice(0, SHOWN_CHARS) });
  } catch {
    return unknown(`${hubUrl} cannot be asked`); // the words of the failure could hold the session
  }
}

export async function askThrough({ hubUrl, session, hubNamespace }: ThroughOptions): Promise<Read<ThroughAnswer>> {
  if (session === undefined)
    return unknown('give --session-file: a file with the value of the cookie argocd.token of a session of the hub');
  if (hubUrl === undefined) return unknown('EDGE_FLEET_HUB_URL is not set');
  const value = session.trim().replace(/^argocd\.token=/, '');
  return /^[\w.~+/=-]+$/.test(value) ? ask(hubUrl, value, hubNamespace) : unknown('The session file does not hold the value of a cookie');
}

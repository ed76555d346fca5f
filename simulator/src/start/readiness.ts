/** When `npm start` may say that there is something to see: proxy-server is ready, and the fleet has been heard, or as good as. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hub } from '../hub/hub.ts';
import { SESSION_COOKIE } from '../hub/sessions.ts';
import type { Child } from './child.ts';
import { VIEW_EXTENSION } from './hub-objects.ts';

const ASK_AGAIN_MS = 200;
const READY_WITHIN_MS = 60_000;
/** Some edges are away in every fleet: the page is shown when this share has been heard, or after a while anyway. */
const HEARD_SHARE = 0.8;
const SHOWN_WITHIN_MS = 15_000;

async function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: unknown }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    return { status: response.status, body: response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text };
  } catch {
    return { status: 0, body: undefined }; // not listening yet
  }
}

/** Asks until the answer is 200; rejects when the program ends before, or never gets ready. */
export async function waitUntilReady(url: string, program: Child): Promise<void> {
  const ended = program.ended.then((words) => {
    throw new Error(`${program.name} ended before it was ready\n${words}`);
  });
  ended.catch(() => undefined); // it also ends when we stop it
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if ((await statusOf(url)).status === 200) return;
    await Promise.race([sleep(ASK_AGAIN_MS), ended]);
  }
  throw new Error(`${program.name} is not ready after ${READY_WITHIN_MS / 1000} s`);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The share of the fleet that has been heard, from the overview: 0 when it cannot be told, all of it when there are no edges. */
export function heardShare(overview: unknown): number {
  if (!isRecord(overview) || !isRecord(overview['counts'])) return 0;
  const { edges, notHeard } = overview['counts'];
  if (typeof edges !== 'number' || typeof notHeard !== 'number') return 0;
  return edges > 0 ? 1 - notHeard / edges : 1;
}

/** Asks for the overview as a browser would, through the hub, until enough of the fleet has been heard. */
export async function waitUntilShown(hub: Hub, program: Child): Promise<void> {
  const headers = {
    cookie: `${SESSION_COOKIE}=${hub.signIn('admin')}`,
    'Argocd-Application-Name': 'argocd:edge-fleet',
    'Argocd-Project-Name': 'edge-fleet',
  };
  const url = new URL(`extensions/${VIEW_EXTENSION}/api/v1/overview`, hub.url).href;
  const until = Date.now() + SHOWN_WITHIN_MS;
  let last = 0;
  while (Date.now() < until) {
    const { status, body } = await statusOf(url, headers);
    if (status === 200 && heardShare(body) >= HEARD_SHARE) return;
    last = status;
    await Promise.race([sleep(ASK_AGAIN_MS), program.ended]);
  }
  if (last !== 200) throw new Error(`The hub's extension ${VIEW_EXTENSION} answers ${last} where the fleet's overview was asked for`);
}

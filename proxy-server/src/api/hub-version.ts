/** The version of the hub's Argo CD, asked of the hub itself where nobody wrote it down: from 3.2 on its user ids can be believed. */
import { z } from 'zod';
import type { Cancel, Runtime } from '../ports/runtime.ts';

const ASK_EVERY_MS = 600_000;
const ASK_AGAIN_MS = 30_000;
const TIMEOUT_MS = 10_000;
const VersionAnswer = z.object({ Version: z.string().regex(/^v?[0-9]+\.[0-9]+\./).max(256) }); // prettier-ignore

export interface HubVersion {
  /** Undefined until it is known. What was known stays known while the hub is away: it cannot have become older unseen for long. */
  current(): string | undefined;
  start(): void;
  close(): void;
}

async function askVersion(hubUrl: string): Promise<string> {
  const answer = await fetch(new URL('api/version', `${hubUrl.replace(/\/+$/, '')}/`), {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return VersionAnswer.parse(await answer.json()).Version;
}

export function createHubVersion(hubUrl: string | undefined, { timers, log }: Runtime): HubVersion {
  let version: string | undefined;
  let next: Cancel = () => undefined;
  let closed = false;
  let complained = false;

  const ask = async (url: string): Promise<void> => {
    try {
      version = await askVersion(url);
      complained = false;
    } catch (thrown) {
      if (!complained) log.warn({ err: thrown }, 'Asking the hub for its version failed, user ids are not believed until it answers');
      complained = true;
    }
    if (!closed) next = timers.after(complained ? ASK_AGAIN_MS : ASK_EVERY_MS, () => void ask(url));
  };
  return {
    current: () => version,
    start: () => {
      if (hubUrl !== undefined) void ask(hubUrl);
    },
    close: () => {
      closed = true;
      next();
    },
  };
}

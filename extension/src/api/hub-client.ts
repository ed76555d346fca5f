import { err, ok, type Result } from '../../../proxy-server/src/domain/result.ts';
import { anchorHeaders, type Anchor } from './anchor.ts';
import { problemOf, type HubProblem } from './hub-problem.ts';
import { explainRefusal, MAY_INVOKE, valueOf, type Explained } from './refusal.ts';

/** Relative on purpose: the browser resolves it against `<base>`, so a hub under a sub-path works. */
export const API_ROOT = 'extensions/edge-fleet/api/v1/';
/** A path that begins so goes through the extension for acting, which the hub grants apart from seeing. */
export const OPS = 'ops:';
const OPS_EXTENSION = 'edge-fleet-ops';
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ERROR_CHARS = 4_000;

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly method?: 'GET' | 'POST';
  readonly accept?: string;
  readonly etag?: string;
  /** A stream has no deadline; silence is judged by its reader. */
  readonly endless?: boolean;
  /** Of a POST, as JSON. */
  readonly body?: unknown;
}

/** Every call of ours to proxy-server, through the hub's extension proxy. Never throws, never retries: that is the caller's. */
export interface HubClient {
  /** A good answer, or 304 where `etag` was given. The body is the caller's to read. */
  request(path: string, options?: RequestOptions): Promise<Result<Response, HubProblem>>;
  get<T>(path: string, signal?: AbortSignal): Promise<Result<T, HubProblem>>;
  post<T>(path: string, body?: unknown): Promise<Result<T, HubProblem>>;
}

export interface HubClientDeps {
  readonly fetch: typeof fetch;
  readonly anchor: Anchor;
}

/** Aborts at the caller's wish or at the deadline; `done` lets go of both. */
function deadline(signal: AbortSignal | undefined, endless: boolean): { readonly signal: AbortSignal; readonly done: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = endless ? undefined : setTimeout(abort, REQUEST_TIMEOUT_MS);
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  const done = (): void => {
    clearTimeout(timer);
    if (!endless) signal?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, done };
}

function initOf(options: RequestOptions, anchor: Anchor, signal: AbortSignal): RequestInit {
  const post = options.method === 'POST';
  const headers = {
    ...anchorHeaders(anchor),
    Accept: options.accept ?? 'application/json',
    ...(options.etag === undefined ? {} : { 'If-None-Match': options.etag }),
    ...(post ? { 'Content-Type': 'application/json' } : {}),
  };
  return {
    method: post ? 'POST' : 'GET',
    headers,
    signal,
    cache: 'no-store',
    ...(post ? { body: JSON.stringify(options.body ?? {}) } : {}),
  };
}

async function problemOfResponse(response: Response): Promise<HubProblem> {
  const { headers, status } = response;
  const body = (await response.text()).slice(0, MAX_ERROR_CHARS);
  return problemOf(status, headers.get('Content-Type') ?? '', body, headers.get('Retry-After') ?? undefined);
}

/** Not reached at all: no network, or the deadline. */
const offline = (thrown: unknown): HubProblem => ({ kind: 'offline', status: 0, detail: String(thrown).slice(0, 200) });

async function parsed<T>(answer: Result<Response, HubProblem>): Promise<Result<T, HubProblem>> {
  if (!answer.ok) return answer;
  try {
    const value: T = await answer.value.json();
    return ok(value);
  } catch {
    return err({ kind: 'version', status: answer.value.status });
  }
}

const isOps = (path: string): boolean => path.startsWith(OPS);
const urlOf = (path: string): string => (isOps(path) ? `extensions/${OPS_EXTENSION}/api/v1/${path.slice(OPS.length)}` : API_ROOT + path);
const through = (path: string): Pick<HubProblem, 'extension'> => (isOps(path) ? { extension: OPS_EXTENSION } : {});

/** One fetch with one anchor. */
async function ask(deps: HubClientDeps, anchor: Anchor, path: string, options: RequestOptions): Promise<Result<Response, HubProblem>> {
  const limit = deadline(options.signal, options.endless === true);
  try {
    const response = await deps.fetch(urlOf(path), initOf(options, anchor, limit.signal));
    return response.ok || response.status === 304 ? ok(response) : err({ ...(await problemOfResponse(response)), ...through(path) });
  } catch (thrown) {
    return err(offline(thrown));
  } finally {
    limit.done();
  }
}

export function createHubClient(deps: HubClientDeps): HubClient {
  let anchor = deps.anchor;
  let explaining: Promise<Explained> | undefined;

  const askHub = async (path: string): Promise<unknown> => {
    try {
      const response = await deps.fetch(path, { headers: { Accept: 'application/json' } });
      const answer: unknown = response.ok ? await response.json() : undefined;
      return answer;
    } catch {
      return undefined; // says nothing: the refusal stays as vague as it is
    }
  };
  /** Most users may only look: the hub says so itself, without a refused request in its log for every page that they open. */
  const mayNotInvoke = async (path: string): Promise<Result<never, HubProblem> | undefined> => {
    if (!isOps(path) || (await askHub(`${MAY_INVOKE}${OPS_EXTENSION}`).then(valueOf)) !== 'no') return undefined;
    return err({ kind: 'invoke', status: 401, ...through(path) });
  };
  const request = async (path: string, options: RequestOptions = {}): Promise<Result<Response, HubProblem>> => {
    const used = anchor;
    const first = (await mayNotInvoke(path)) ?? (await ask(deps, used, path, options));
    if (first.ok || first.error.kind !== 'invoke') return first;
    if (used !== anchor) return ask(deps, anchor, path, options);
    explaining ??= explainRefusal(first.error, deps.anchor, used, askHub).finally(() => (explaining = undefined));
    const explained = await explaining;
    if ('problem' in explained) return err(explained.problem);
    anchor = explained.anchor;
    return ask(deps, anchor, path, options);
  };
  return {
    request,
    get: async (path, signal) => parsed(await request(path, signal === undefined ? {} : { signal })),
    post: async (path, body) => parsed(await request(path, { method: 'POST', body })),
  };
}

import { err, ok, type Result } from '../../../proxy-server/src/domain/result.ts';
import { anchorHeaders, DISCOVERY_PATH, discoverAnchor, type Anchor } from './anchor.ts';
import { problemOf, type HubProblem } from './hub-problem.ts';

/** Relative on purpose: the browser resolves it against `<base>`, so a hub under a sub-path works. */
export const API_ROOT = 'extensions/edge-fleet/api/v1/';
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ERROR_CHARS = 4_000;

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly method?: 'GET' | 'POST';
  readonly accept?: string;
  readonly etag?: string;
  /** A stream has no deadline; silence is judged by its reader. */
  readonly endless?: boolean;
}

/** Every call of ours to proxy-server, through the hub's extension proxy. Never throws, never retries: that is the caller's. */
export interface HubClient {
  /** A good answer, or 304 where `etag` was given. The body is the caller's to read. */
  request(path: string, options?: RequestOptions): Promise<Result<Response, HubProblem>>;
  get<T>(path: string, signal?: AbortSignal): Promise<Result<T, HubProblem>>;
  post<T>(path: string): Promise<Result<T, HubProblem>>;
}

export interface HubClientDeps {
  readonly fetch: typeof fetch;
  readonly anchor: Anchor;
}

const isAbort = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'AbortError';

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

export function createHubClient(deps: HubClientDeps): HubClient {
  let anchor = deps.anchor;
  let discovered: Promise<HubProblem | undefined> | undefined;

  /** One of the hub's own API answers, or undefined. */
  const askHub = async (path: string): Promise<unknown> => {
    try {
      const response = await deps.fetch(path, { headers: { Accept: 'application/json' } });
      const answer: unknown = response.ok ? await response.json() : undefined;
      return answer;
    } catch {
      return undefined;
    }
  };
  const fieldOf = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

  /** A 401 from the hub has four causes; asking the hub itself tells which. Undefined: a stand-in anchor was found, ask again. */
  const explainRefusal = async (problem: HubProblem): Promise<HubProblem | undefined> => {
    const info = await askHub('api/v1/session/userinfo');
    if (info !== undefined && fieldOf(info, 'loggedIn') !== true) return { ...problem, kind: 'session' };
    const name = fieldOf(info, 'username');
    const user = typeof name === 'string' ? { user: name } : {};
    const mayInvoke = fieldOf(await askHub('api/v1/account/can-i/extensions/invoke/edge-fleet'), 'value');
    if (mayInvoke === 'no') return { ...problem, ...user, kind: 'invoke' };
    const standIn = discoverAnchor(await askHub(DISCOVERY_PATH), deps.anchor);
    if (standIn !== undefined && standIn.application + standIn.project !== anchor.application + anchor.project) {
      anchor = standIn;
      return undefined;
    }
    return { ...problem, ...user, kind: mayInvoke === 'yes' ? 'anchor' : 'invoke' };
  };

  const once = async (path: string, options: RequestOptions): Promise<Result<Response, HubProblem>> => {
    const limit = deadline(options.signal, options.endless === true);
    try {
      const response = await deps.fetch(API_ROOT + path, {
        method: options.method ?? 'GET',
        headers: {
          ...anchorHeaders(anchor),
          Accept: options.accept ?? 'application/json',
          ...(options.etag === undefined ? {} : { 'If-None-Match': options.etag }),
          ...(options.method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(options.method === 'POST' ? { body: '{}' } : {}),
        signal: limit.signal,
        cache: 'no-store',
      });
      if (response.ok || response.status === 304) return ok(response);
      const body = (await response.text()).slice(0, MAX_ERROR_CHARS);
      const { headers } = response;
      return err(problemOf(response.status, headers.get('Content-Type') ?? '', body, headers.get('Retry-After') ?? undefined));
    } catch (thrown) {
      const detail = isAbort(thrown) ? undefined : String(thrown).slice(0, 200);
      return err({ kind: 'offline', status: 0, ...(detail === undefined ? {} : { detail }) });
    } finally {
      limit.done();
    }
  };

  const request = async (path: string, options: RequestOptions = {}): Promise<Result<Response, HubProblem>> => {
    const first = await once(path, options);
    if (first.ok || first.error.kind !== 'invoke') return first;
    discovered ??= explainRefusal(first.error).finally(() => (discovered = undefined));
    const refusal = await discovered;
    return refusal === undefined ? once(path, options) : err(refusal);
  };

  const json = async <T>(path: string, options: RequestOptions): Promise<Result<T, HubProblem>> => {
    const answer = await request(path, options);
    if (!answer.ok) return answer;
    try {
      const value: T = await answer.value.json();
      return ok(value);
    } catch (thrown) {
      return err({ kind: isAbort(thrown) ? 'offline' : 'version', status: answer.value.status });
    }
  };

  return {
    request,
    get: (path, signal) => json(path, signal === undefined ? {} : { signal }),
    post: (path) => json(path, { method: 'POST' }),
  };
}

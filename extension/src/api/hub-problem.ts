/**
 * What went wrong with a request of ours, one kind per remedy. A request passes two servers: argocd-server (400, 401, 404 and 502 in plain
 * text) and proxy-server (problem+json); the body tells which of them speaks.
 */
export type ProblemKind =
  | 'offline' /* the browser did not reach the hub */
  | 'session' /* not logged in, or no longer */
  | 'invoke' /* the hub's RBAC does not let this user call the extension */
  | 'anchor' /* the anchor Application is missing, in another project, or not visible */
  | 'headers' /* the anchor is misconfigured */
  | 'notConfigured' /* the hub does not know the extension */
  | 'backendAway' /* the hub cannot reach proxy-server */
  | 'notReady' /* proxy-server is starting */
  | 'notTrusted' /* proxy-server saw no proof that the hub sent the request */
  | 'notAllowed'
  | 'notFound'
  | 'invalidQuery'
  | 'conflict'
  | 'tooLarge'
  | 'tooMany'
  | 'edgeFailed'
  | 'version' /* an answer that this bundle cannot read */
  | 'unexpected';

export interface HubProblem {
  readonly kind: ProblemKind;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly edge?: string;
  /** Class of the failed edge call. */
  readonly reason?: string;
  /** The user as the hub knows them: whom a policy line is for. */
  readonly user?: string;
  readonly retryAfterMs?: number;
  /** The proxy extension that was asked, where it is not the one for seeing. */
  readonly extension?: string;
  /** The line of policy that would allow it. */
  readonly missingLine?: string;
}

const OURS: Readonly<Record<number, ProblemKind>> = {
  400: 'invalidQuery',
  401: 'notTrusted',
  403: 'notAllowed',
  404: 'notFound',
  409: 'conflict',
  413: 'tooLarge',
  424: 'edgeFailed',
  429: 'tooMany',
  503: 'notReady',
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parseJson(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function withDefined(
  kind: ProblemKind,
  status: number,
  parts: { readonly [Key in keyof HubProblem]?: HubProblem[Key] | undefined },
): HubProblem {
  const defined = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { ...defined, kind, status };
}

/** argocd-server's own words (server/extension/extension.go @ v3.5.1): plain text, told apart by their start. */
function problemOfHub(status: number, body: string): HubProblem {
  const detail = body.trim();
  const make = (kind: ProblemKind): HubProblem => withDefined(kind, status, { detail: detail === '' ? undefined : detail.slice(0, 500) });
  if (status === 400) return make(/cookie/i.test(detail) ? 'session' : 'headers');
  if (status === 401) return make(/^Unauthorized extension request/.test(detail) ? 'invoke' : 'session');
  if (status === 403) return make('notAllowed');
  if (status === 404) return make('notConfigured');
  if (status === 502 || status === 503 || status === 504) return make('backendAway');
  return make('unexpected');
}

/** The problem behind an answer that is not good. `invoke` still has to be told from `anchor` by asking the hub. */
export function problemOf(status: number, contentType: string, body: string, retryAfter: string | undefined): HubProblem {
  if (!contentType.includes('json')) return problemOfHub(status, body);
  const json = parseJson(body);
  const seconds = Number(retryAfter);
  return withDefined(OURS[status] ?? 'unexpected', status, {
    title: textOf(json['title']),
    detail: textOf(json['detail']),
    requestId: textOf(json['instance']),
    edge: textOf(json['edge']),
    reason: textOf(json['reason']),
    missingLine: textOf(json['missingLine']),
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
  });
}

/** True where waiting may help: the request is worth repeating by itself. */
export function isPassing(problem: HubProblem): boolean {
  return ['offline', 'backendAway', 'notReady', 'tooMany', 'unexpected'].includes(problem.kind);
}

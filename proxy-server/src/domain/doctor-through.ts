/**
 * Whether requests come through the hub: what no reading of configuration can prove, such as that both ends know the same secret, and that this very
 * user is let in. Asked by the page in the browser, and by the command line with a session out of a file.
 */
import type { DoctorCheck, Read } from './doctor.ts';
import { OPS_SCOPE, setsUserId, VIEW_SCOPE } from './identity.ts';

/** What came back through the hub's proxy extension to a request for `api/v1/config` in the name of one session. */
export interface ThroughAnswer {
  readonly status: number;
  readonly text: string;
}

type Scope = typeof VIEW_SCOPE | typeof OPS_SCOPE;

export interface ThroughFacts {
  readonly answers: Readonly<Record<Scope, Read<ThroughAnswer>>>;
  /** `yes` or `no` of the hub's own can-i. */
  readonly mayInvoke: Readonly<Record<Scope, Read<string>>>;
  readonly hubVersion: Read<string>;
  /** The user as the hub itself names them. */
  readonly username: Read<string>;
}

type Check = Omit<DoctorCheck, 'id'>;
const failed = (message: string, remedy: string): Check => ({ result: 'failed', message, remedy });
const warning = (message: string, remedy: string): Check => ({ result: 'warning', message, remedy });

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the hub's own refusals are plain text
  }
}

const NOT_THERE = 'kubectl -n edge-fleet get pods; the url in extension.config.edge-fleet; the namespace in the NetworkPolicy';

interface Asked {
  readonly scope: Scope;
  /** Who a line is for. */
  readonly who: string;
  readonly mayInvoke: string | undefined;
}

const keyOf = (scope: Scope): string => (scope === VIEW_SCOPE ? 'edge-fleet.view' : 'edge-fleet.ops');
const invokeLine = ({ who, scope }: Asked): string => `p, ${who}, extensions, invoke, ${scope}, allow`;
const anchorLine = ({ who }: Asked): string => `p, ${who}, applications, get, edge-fleet/edge-fleet, allow`;

/** The hub says one and the same for no right to invoke and for all that is wrong with the anchor; its can-i tells the two apart. */
function notLetThrough(asked: Asked): Check {
  if (asked.mayInvoke === 'no' && asked.scope === OPS_SCOPE) return warning('This user may look, and not act', invokeLine(asked));
  if (asked.mayInvoke === 'no')
    return failed('This user may not invoke the extension; administrators need the line too', invokeLine(asked));
  if (asked.mayInvoke === 'yes')
    return failed(
      'The anchor Application edge-fleet/edge-fleet is missing, in another project, not to be seen by this user, or its project does not permit its destination',
      `kubectl apply -k manifests/hub/anchor; and in argocd-rbac-cm ${anchorLine(asked)}`,
    );
  return failed('The hub does not let this user through', `Add to argocd-rbac-cm: ${anchorLine(asked)} and ${invokeLine(asked)}; then look at the anchor`); // prettier-ignore
}

/** The hub's own refusals, in the words of argo-cd server/extension/extension.go @ v3.5.1. */
const HUB_WORDS: readonly (readonly [words: RegExp, check: (asked: Asked) => Check])[] = [
  [/^Auth cookie not found|Invalid token/, () => failed('The hub does not know this session', 'Sign in again; on the command line write the value of the cookie argocd.token into the file')],
  [/^Unauthorized extension request/, notLetThrough],
  [/^Extension not found/, ({ scope }) => failed(`The hub does not know the extension ${scope}`, 'Register it in argocd-cm (manifests/hub/argocd), switch the proxy extension on, restart argocd-server')],
  [/^404 page not found|^Invalid headers/, () => failed('The hub has no proxy extensions', 'Write server.enable.proxy.extension: "true" into argocd-cmd-params-cm and restart argocd-server')],
]; // prettier-ignore

/** A refusal of proxy-server itself: the hub let the request through, so what it adds to requests is wrong. */
function ownRefusal(detail: string, scope: Scope): Check {
  if (detail.includes('secret')) {
    return failed(
      'The hub sends another secret than Secret edge-fleet-scopes has',
      `Write one value into both: ${keyOf(scope)} of argocd-secret, and ${scope} of edge-fleet-scopes`,
    );
  }
  return failed(
    `proxy-server refuses what the hub sends: ${detail.split('. ')[0] ?? ''}`,
    'Write the version of this hub into hubVersion of ConfigMap edge-fleet-policy',
  );
}

/** It arrived. The registration must prove what it is for: with the secrets swapped everybody who may look could act. */
function arrived(body: unknown, username: string, scope: Scope): Check {
  const scopes = field(field(body, 'user'), 'scopes');
  if (Array.isArray(scopes) && !scopes.includes(scope))
    return failed(
      `The registration ${scope} proves itself with the secret of ${scopes.join(', ')}`,
      `Write ${keyOf(scope)} of argocd-secret, and no other, into the header X-Edge-Fleet-Secret of extension.config.${scope}`,
    );
  return { result: 'ok', message: `The hub lets ${username} through to proxy-server as ${scope}` };
}

/** Answers with a status that says enough. */
function byStatus({ status }: ThroughAnswer): Check | undefined {
  if (status === 503) return { result: 'warning', message: 'proxy-server is loading', remedy: 'Ask again in a minute' };
  return status === 502 || status === 504 ? failed('The hub does not reach proxy-server', NOT_THERE) : undefined;
}

function readAnswer(answer: ThroughAnswer, asked: Asked): Check {
  const { status, text } = answer;
  const body = parsed(text);
  const username = field(field(body, 'user'), 'username');
  if (status === 200 && typeof username === 'string') return arrived(body, username, asked.scope);
  const detail = field(body, 'detail');
  if (status === 401 && typeof detail === 'string') return ownRefusal(detail, asked.scope);
  const [, words] = HUB_WORDS.find(([pattern]) => pattern.test(text.trim())) ?? [];
  return byStatus(answer) ?? words?.(asked) ?? failed(`Something else answers for extensions/${asked.scope}: status ${status}`, NOT_THERE);
}

function throughCheck(scope: Scope, { answers, mayInvoke, username }: ThroughFacts): Check {
  const answer = answers[scope];
  if (!answer.known) return { result: 'notChecked', message: answer.why };
  const may = mayInvoke[scope];
  return readAnswer(answer.value, { scope, who: username.known ? username.value : '<role>', mayInvoke: may.known ? may.value : undefined });
}

/** From 3.2 on the hub vouches for the user's id; proxy-server believes it only where it knows that. */
function identityCheck({ answers, hubVersion }: ThroughFacts): Check {
  const answer = answers[VIEW_SCOPE];
  const user = answer.known && answer.value.status === 200 ? field(parsed(answer.value.text), 'user') : undefined;
  if (user === undefined) return { result: 'notChecked', message: 'no request came through' };
  if (!hubVersion.known) return { result: 'notChecked', message: hubVersion.why };
  const version = hubVersion.value.replace(/\+.*$/, '');
  const [believed, set] = [field(user, 'idBelieved') === true, setsUserId(version)];
  if (believed === set) return { result: 'ok', message: `On a hub ${version} the subject is the user's ${set ? 'id' : 'name'}` };
  const remedy = `kubectl -n edge-fleet patch configmap edge-fleet-policy --type merge -p '{"data":{"hubVersion":"${version}"}}'`;
  return set
    ? warning(`The hub is ${version} and proxy-server does not know it: the user's name is the subject, not the id`, remedy)
    : failed(`The hub is ${version}, where anybody can claim any user id, and proxy-server believes it`, remedy);
}

/** One check for each registration and one for the subject; what was not asked is not checked. */
export function throughChecks(facts: ThroughFacts): readonly DoctorCheck[] {
  return [
    { id: 'through-the-hub', ...throughCheck(VIEW_SCOPE, facts) },
    { id: 'through-the-hub-ops', ...throughCheck(OPS_SCOPE, facts) },
    { id: 'user-id', ...identityCheck(facts) },
  ];
}

import type { DoctorCheck, Read } from './doctor.ts';

/** What came back through the hub's proxy extension to a request in the name of one session. */
export interface ThroughAnswer {
  readonly status: number;
  readonly text: string;
}

type Check = Omit<DoctorCheck, 'id'>;
const failed = (message: string, remedy: string): Check => ({ result: 'failed', message, remedy });

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

/** The hub's own refusals, in the words of argo-cd server/extension/extension.go @ v3.5.1. */
const HUB_WORDS: readonly (readonly [words: RegExp, message: string, remedy: string])[] = [
  [/^Auth cookie not found|Invalid token/, 'The hub does not know this session', 'Sign in again and write the value of the cookie argocd.token into the file'],
  [/^Unauthorized extension request/, 'The hub does not let this user through', 'Add to argocd-rbac-cm for the role of this user: p, <role>, applications, get, edge-fleet/edge-fleet, allow and p, <role>, extensions, invoke, edge-fleet, allow; then look at the anchor'],
  [/^Extension not found/, 'The hub does not know the extension edge-fleet', 'Register it in argocd-cm (manifests/hub/argocd), switch the proxy extension on, restart argocd-server'],
  [/^404 page not found|^Invalid headers/, 'The hub has no proxy extensions', 'Write server.enable.proxy.extension: "true" into argocd-cmd-params-cm and restart argocd-server'],
]; // prettier-ignore

/** A refusal of proxy-server itself: the hub let the request through, so what it adds to requests is wrong. */
function ownRefusal(detail: string): Check {
  if (detail.includes('secret')) {
    return failed(
      'The hub sends another secret than Secret edge-fleet-scopes has',
      'Write one value into both: edge-fleet.view of argocd-secret, and edge-fleet of edge-fleet-scopes',
    );
  }
  return failed(
    `proxy-server refuses what the hub sends: ${detail.split('. ')[0] ?? ''}`,
    'Write the version of this hub into hubVersion of ConfigMap edge-fleet-policy',
  );
}

function readAnswer({ status, text }: ThroughAnswer): Check {
  const body = parsed(text);
  const username = field(field(body, 'user'), 'username');
  if (status === 200 && typeof username === 'string') return { result: 'ok', message: `The hub lets ${username} through to proxy-server` };
  const detail = field(body, 'detail');
  if (status === 401 && typeof detail === 'string') return ownRefusal(detail);
  if (status === 503) return { result: 'warning', message: 'proxy-server is loading', remedy: 'Ask again in a minute' };
  if (status === 502) return failed('The hub does not reach proxy-server', NOT_THERE);
  const [, message, remedy] = HUB_WORDS.find(([words]) => words.test(text.trim())) ?? [];
  if (message !== undefined && remedy !== undefined) return failed(message, remedy);
  return failed(`Something else answers for extensions/edge-fleet: status ${status}`, NOT_THERE);
}

/** Whether a request comes through the hub: what no reading of configuration can prove, such as that both ends know the same secret. */
export const throughCheck = (answer: Read<ThroughAnswer>): DoctorCheck => ({
  id: 'through-the-hub',
  ...(answer.known ? readAnswer(answer.value) : { result: 'notChecked', message: answer.why }),
});

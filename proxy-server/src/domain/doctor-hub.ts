import { known, type DoctorCheck, type Read } from './doctor.ts';
import { OPS_SCOPE, VIEW_SCOPE } from './identity.ts';
import { parseGlob } from './policy-glob.ts';

export interface ExtensionRegistration {
  readonly name: string;
  /** Key of argocd-cm that it comes from. */
  readonly key: string;
  readonly services: readonly { readonly url: string; readonly headers: readonly { readonly name: string; readonly value: string }[] }[];
}

export interface AnchorFacts {
  readonly project: string;
  readonly destination: { readonly server?: string; readonly name?: string; readonly namespace?: string };
  readonly allowed: readonly { readonly server?: string; readonly name?: string; readonly namespace?: string }[] | undefined;
}

/** What is read of the hub. */
export interface HubFacts {
  /** Where proxy-server and the hub's Argo CD run, where they are in one cluster. */
  readonly where?: { readonly namespace: string; readonly hubNamespace: string };
  readonly version: Read<string>;
  /** `hubVersion` of the policy. */
  readonly policyVersion: string | undefined;
  readonly params: Read<Readonly<Record<string, string>>>;
  /** A registration that cannot be read is its problem in words. */
  readonly registrations: Read<readonly (ExtensionRegistration | { readonly key: string; readonly problem: string })[]>;
  /** Every `p` line of argocd-rbac-cm, split. */
  readonly rbac: Read<readonly (readonly string[])[]>;
  /** Undefined: there is no such Application. */
  readonly anchor: Read<AnchorFacts | undefined>;
  /** Values of Secret edge-fleet-scopes; undefined: there is no such Secret with our label. */
  readonly scopes: Read<ReadonlyMap<string, string> | undefined>;
  /** Labels of the Pods that may reach the API, and of their namespace; undefined: no NetworkPolicy; null: everybody may. */
  readonly reachableFrom: Read<readonly Readonly<Record<string, string>>[] | null | undefined>;
}

type Check = Omit<DoctorCheck, 'id'>;
const fine = (message: string): Check => ({ result: 'ok', message });
const failed = (message: string, remedy: string): Check => ({ result: 'failed', message, remedy });
const warning = (message: string, remedy: string): Check => ({ result: 'warning', message, remedy });

function from<T>(read: Read<T>, look: (value: T) => Check): Check {
  return read.known ? look(read.value) : { result: 'notChecked', message: read.why };
}

const lineOf = (version: string): number => {
  const [, major = '0', minor = '0'] = /^v?([0-9]+)\.([0-9]+)/.exec(version) ?? [];
  return Number(major) * 1_000 + Number(minor);
};

function versionCheck({ version, policyVersion }: HubFacts): Check {
  return from(version, (value) => {
    if (lineOf(value) < 2_013)
      return failed(`The hub runs Argo CD ${value}`, 'Upgrade it to 2.13 or later: before, anybody can claim any user name');
    if (policyVersion !== undefined && lineOf(policyVersion) !== lineOf(value)) {
      return failed(
        `The hub runs ${value}, the policy says ${policyVersion}`,
        `Write hubVersion: "${value.replace(/\+.*$/, '')}" into ConfigMap edge-fleet-policy`,
      );
    }
    return fine(`The hub runs Argo CD ${value}${lineOf(value) >= 3_002 ? ', user ids are believed' : ', user names are the subjects'}`);
  });
}

const flagCheck = ({ params }: HubFacts): Check =>
  from(params, (data) =>
    data['server.enable.proxy.extension'] === 'true'
      ? fine('The proxy extension is on')
      : failed(
          'The proxy extension is off',
          'Write server.enable.proxy.extension: "true" into argocd-cmd-params-cm and restart argocd-server',
        ),
  );

const SECRET_HEADER = 'x-edge-fleet-secret';
const headerOf = (registration: ExtensionRegistration): string | undefined =>
  registration.services[0]?.headers.find(({ name }) => name.toLowerCase() === SECRET_HEADER)?.value;

const PORT = '8080';

const isInCluster = (hostname: string): boolean =>
  !hostname.includes('.') || /\.svc(\.cluster\.local)?$/.test(hostname) || hostname.startsWith('edge-fleet.');

const isService = ({ hostname, port, protocol }: URL, service: string): boolean =>
  [service, `${service}.svc`, `${service}.svc.cluster.local`].includes(hostname) && port === PORT && protocol === 'http:';

/** Undefined where the address is proxy-server's, or one outside the cluster, which may lead anywhere. */
function addressProblem(name: string, url: string, where: HubFacts['where']): Check | undefined {
  const service = `edge-fleet.${where?.namespace ?? 'edge-fleet'}`;
  const remedy = `Write url: http://${service}.svc:${PORT}; only scheme, host and port of it count`;
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return failed(`The url of ${name} is no address: "${url}"`, remedy);
  if (where === undefined || !isInCluster(parsed.hostname) || isService(parsed, service)) return undefined;
  return failed(`${name} goes to ${url}, where proxy-server is not`, remedy);
}

function registrationWords(name: string, found: readonly ExtensionRegistration[], where: HubFacts['where']): Check {
  const [only, other] = found;
  if (only === undefined)
    return failed(
      `argocd-cm has no registration ${name}`,
      `Add the key extension.config.${name} as in manifests/hub/argocd/argocd-cm.yaml`,
    );
  if (other !== undefined)
    return failed(
      `${name} is registered twice, so Argo CD registers none`,
      `Keep one of the keys ${only.key} and ${other.key} of argocd-cm`,
    );
  if (only.services.length !== 1)
    return failed(
      `${name} has ${only.services.length} services`,
      'Give it one service: more than one needs the cluster of every Application',
    );
  const value = headerOf(only);
  if (value === undefined)
    return failed(`${name} sends no secret`, 'Add the header X-Edge-Fleet-Secret, or every request is refused with 401');
  if (!value.startsWith('$'))
    return failed(
      `${name} has its secret written out in argocd-cm`,
      'Write $edge-fleet.view (or .ops) and put the value into argocd-secret',
    );
  const url = only.services[0]?.url ?? '';
  return addressProblem(name, url, where) ?? fine(`${name} goes to ${url} with ${value}`);
}

function registrationCheck({ registrations, where }: HubFacts, name: string): Check {
  return from(registrations, (all) => {
    const broken = all.find((one) => 'problem' in one);
    if (broken !== undefined && 'problem' in broken)
      return failed(
        `${broken.key} of argocd-cm cannot be read: ${broken.problem}`,
        'Correct it: one bad registration can take all with it',
      );
    return registrationWords(
      name,
      all.filter((one): one is ExtensionRegistration => !('problem' in one) && one.name === name),
      where,
    );
  });
}

function differentCheck({ registrations }: HubFacts): Check {
  return from(registrations, (all) => {
    const values = all
      .flatMap((one) => ('problem' in one || !one.name.startsWith(VIEW_SCOPE) ? [] : [headerOf(one)]))
      .filter((value) => value !== undefined);
    return new Set(values).size === values.length
      ? fine('Every registration has a secret of its own')
      : failed(
          'Two registrations send the same secret',
          'Give each its own key of argocd-secret: the secret is what tells seeing from acting',
        );
  });
}

function rbacCheck({ rbac }: HubFacts, scope: string): Check {
  return from(rbac, (lines) => {
    const grants = lines.filter(([kind, , resource, action, object, effect]) => kind === 'p' && resource === 'extensions' && ['invoke', '*'].includes(action ?? '') && parseGlob(object ?? '')?.test(scope) === true && effect === 'allow'); // prettier-ignore
    const subjects = [...new Set(grants.map(([, subject = '']) => subject))];
    const line = `p, ${scope === VIEW_SCOPE ? 'role:readonly' : 'role:admin'}, extensions, invoke, ${scope}, allow`;
    if (subjects.length === 0)
      return failed(`Nobody may invoke ${scope}, admins neither`, `Add to argocd-rbac-cm, key policy.edge-fleet.csv: ${line}`);
    const admins = subjects.some((subject) => ['role:admin', 'role:readonly', 'admin'].includes(subject));
    if (admins) return fine(`${subjects.join(', ')} may invoke ${scope}`);
    return warning(`${subjects.join(', ')} may invoke ${scope}; admins may not`, `Add if they are to: ${line}`);
  });
}

function anchorCheck({ anchor }: HubFacts): Check {
  return from(anchor, (facts) => {
    if (facts === undefined)
      return failed('There is no Application edge-fleet in the namespace of the hub', 'kubectl apply -k manifests/hub/anchor');
    const { project, destination, allowed } = facts;
    if (allowed === undefined)
      return failed(`The anchor is in project ${project}, which is not there`, `Add the AppProject ${project}, or name one that is there`);
    if (destination.server === undefined)
      return failed('The anchor names its destination by name', 'Write destination.server: hubs before 3.0 cannot look up a name there');
    const permits = allowed.some((one) => parseGlob(one.server ?? '')?.test(destination.server ?? '') === true && parseGlob(one.namespace ?? '')?.test(destination.namespace ?? '') === true); // prettier-ignore
    return permits
      ? fine(`The anchor edge-fleet is there, in project ${project}`)
      : failed(
          `Project ${project} does not permit the anchor's destination`,
          `Add ${destination.server} ${destination.namespace ?? ''} to spec.destinations of AppProject ${project}`,
        );
  });
}

const MIN_SECRET_CHARS = 16;

function scopeProblem(values: ReadonlyMap<string, string>): Check | undefined {
  for (const scope of [VIEW_SCOPE, OPS_SCOPE]) {
    const value = values.get(scope);
    if (value === undefined)
      return failed(`Secret edge-fleet-scopes has no key ${scope}`, `Add it with the value that argocd-secret has for ${scope}`);
    if (value.startsWith('REPLACE-WITH'))
      return failed(
        `Key ${scope} of edge-fleet-scopes is still the placeholder`,
        'openssl rand -base64 32, and the same value into argocd-secret',
      );
    if (value.length < MIN_SECRET_CHARS)
      return failed(`Key ${scope} of edge-fleet-scopes is short`, 'openssl rand -base64 32, and the same value into argocd-secret');
  }
  return undefined;
}

function scopesCheck({ scopes }: HubFacts): Check {
  return from(scopes, (values) => {
    if (values === undefined)
      return failed(
        'There is no Secret edge-fleet-scopes with the label edgefleet.dev/secret: "true"',
        'Apply manifests/hub/edge-fleet-scopes.yaml with your values',
      );
    const problem = scopeProblem(values);
    if (problem !== undefined) return problem;
    const all = [...values.values()];
    return new Set(all).size === all.length
      ? fine('The secrets of the registrations are there and differ')
      : failed('Two keys of edge-fleet-scopes have one value', 'Give each registration its own');
  });
}

const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

function networkCheck({ reachableFrom, where }: HubFacts): Check {
  return from(reachableFrom, (peers) => {
    const remedy = 'kubectl apply -f manifests/base/network-policy.yaml: only argocd-server may reach proxy-server';
    if (peers === undefined) return failed('No NetworkPolicy guards proxy-server', remedy);
    if (peers === null || peers.length === 0) return failed('The NetworkPolicy lets everybody in', remedy);
    const elsewhere = peers
      .map((labels) => labels[NAMESPACE_LABEL])
      .find((name) => name !== undefined && where !== undefined && name !== where.hubNamespace);
    if (elsewhere !== undefined)
      return failed(
        `The NetworkPolicy lets in the namespace ${elsewhere}, the hub is in ${where?.hubNamespace ?? ''}`,
        `Write ${NAMESPACE_LABEL}: ${where?.hubNamespace ?? ''} into manifests/base/network-policy.yaml`,
      );
    const others = peers.filter((labels) => labels['app.kubernetes.io/name'] !== 'argocd-server');
    return others.length === 0
      ? fine('Only argocd-server reaches proxy-server')
      : failed(`The NetworkPolicy lets others in: ${JSON.stringify(others[0])}`, remedy);
  });
}

/** The checks of the hub, in the order in which a request passes them. */
export function hubChecks(facts: HubFacts): readonly DoctorCheck[] {
  const check = (id: string, { ...rest }: Check): DoctorCheck => ({ id, ...rest });
  return [
    check('hub-version', versionCheck(facts)),
    check('feature-flag', flagCheck(facts)),
    check('extension-config', registrationCheck(facts, VIEW_SCOPE)),
    check('extension-config-ops', registrationCheck(facts, OPS_SCOPE)),
    check('extension-secrets-differ', differentCheck(facts)),
    check('rbac-view', rbacCheck(facts, VIEW_SCOPE)),
    check('rbac-ops', rbacCheck(facts, OPS_SCOPE)),
    check('anchor', anchorCheck(facts)),
    check('scopes-secret', scopesCheck(facts)),
    check('network-policy', networkCheck(facts)),
  ];
}

/** Nothing of the hub can be read, for one reason. */
export const unreadHub = (why: string): Omit<HubFacts, 'policyVersion' | 'scopes'> => {
  const no = { known: false, why } as const;
  return { version: no, params: no, registrations: no, rbac: no, anchor: no, reachableFrom: no };
};

export const knownScopes = (values: ReadonlyMap<string, string> | undefined): HubFacts['scopes'] => known(values);

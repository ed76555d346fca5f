import type { DoctorCheck } from './doctor.ts';
import { showsOnlyCounts, type Edge } from './edge.ts';
import type { EdgeFailure, FailureKind } from './failure.ts';
import { MAX_SKEW_MS } from './clock-skew.ts';

/** The layers that a request to an edge passes, outermost first. */
export const EDGE_LAYERS = ['dns', 'tls', 'access', 'tunnel', 'argocd'] as const;
export type EdgeLayer = (typeof EDGE_LAYERS)[number];

const LAYER_OF: Readonly<Partial<Record<FailureKind, EdgeLayer>>> = {
  edgeDns: 'dns', notRouted: 'dns', edgeCert: 'tls', hubTls: 'tls', accessDenied: 'access', accessMisconfigured: 'access', wafBlocked: 'access',
  edgeOffline: 'tunnel', originUnreachable: 'tunnel', originTimeout: 'tunnel', originBadResponse: 'tunnel', notATunnel: 'tunnel', ingressMissing: 'tunnel',
  providerOutage: 'tunnel', edgeLimit: 'tunnel',
}; // prettier-ignore

/** Which layer a failed request ended in; what no other layer claims is Argo CD's. A hub without a network is told by `hubNetwork`. */
export const layerOf = (failure: EdgeFailure): EdgeLayer => LAYER_OF[failure.kind] ?? 'argocd';

export interface FailedRequest {
  readonly failure: EdgeFailure;
  readonly title: string;
  readonly remedy: string;
}

/** What one edge answered to the questions of doctor; a question that made no sense any more is absent. */
export interface EdgeAnswers {
  readonly edge: string;
  readonly access: Edge['access'];
  /** Reached without Cloudflare: Access and tunnel are no layers of the way there. */
  readonly direct: boolean;
  /** Undefined: the edge answered. */
  readonly reached: FailedRequest | undefined;
  readonly version?: string;
  readonly skewMs?: number;
  readonly read?: FailedRequest | { readonly applications: number };
  readonly operate?: FailedRequest | { readonly canSync: boolean };
}

/** What the edge itself said goes along, but where only counts may leave its row. */
const shown = ({ access }: EdgeAnswers, title: string, failure: EdgeFailure): string =>
  showsOnlyCounts({ access }) ? title : `${title} (${failure.argocdMessage ?? failure.sign})`;

const DIRECT_LAYERS: readonly EdgeLayer[] = ['dns', 'tls', 'argocd'];

function layers(answers: EdgeAnswers): readonly DoctorCheck[] {
  const { edge, direct, reached } = answers;
  const version = showsOnlyCounts(answers) ? undefined : answers.version;
  const way = direct ? DIRECT_LAYERS : EDGE_LAYERS;
  if (reached === undefined) {
    const words = `Argo CD ${version ?? ''} answers`.replace('  ', ' ');
    return way.map((id) => ({ id, edge, result: 'ok', message: id === 'argocd' ? words : 'passed' }));
  }
  const layer = layerOf(reached.failure);
  const at = way.includes(layer) ? way.indexOf(layer) : way.length - 1;
  // Without an answer of any kind nobody knows how far beyond the address the request came.
  const proven = reached.failure.status === undefined ? Math.min(at, 1) : at;
  return way.map((id, index) => {
    if (index < proven) return { id, edge, result: 'ok', message: 'passed' };
    if (index !== at) return { id, edge, result: 'notChecked', message: `the request ended in ${way[at] ?? ''}` };
    return { id, edge, result: 'failed', message: shown(answers, reached.title, reached.failure), remedy: reached.remedy };
  });
}

const NOT_REACHED = 'the edge does not answer';

function tokenChecks(answers: EdgeAnswers): readonly DoctorCheck[] {
  const { edge, read } = answers;
  if (read === undefined) return ['token', 'rights'].map((id) => ({ id, edge, result: 'notChecked', message: NOT_REACHED }));
  if ('failure' in read) {
    const isRights = read.failure.kind === 'edgeForbidden';
    const failed = { edge, result: 'failed', message: shown(answers, read.title, read.failure), remedy: read.remedy } as const;
    return isRights
      ? [
          { id: 'token', edge, result: 'ok', message: 'The token is accepted' },
          { id: 'rights', ...failed },
        ]
      : [
          { id: 'token', ...failed },
          { id: 'rights', edge, result: 'notChecked', message: 'the token is not accepted' },
        ];
  }
  const rights: DoctorCheck =
    read.applications > 0
      ? { id: 'rights', edge, result: 'ok', message: `The account sees ${read.applications} Applications` }
      : {
          id: 'rights',
          edge,
          result: 'warning',
          message: 'The account sees no Application',
          remedy:
            'If there are some, add: p, role:edge-fleet-viewer, applications, get, */*, allow and g, edge-fleet, role:edge-fleet-viewer to argocd-rbac-cm of the edge',
        };
  return [{ id: 'token', edge, result: 'ok', message: 'The token is accepted' }, rights];
}

function operateCheck(answers: EdgeAnswers): readonly DoctorCheck[] {
  const { edge, access, operate } = answers;
  if (access !== 'Operate') return [];
  const check = { id: 'operate', edge } as const;
  if (operate === undefined) return [{ ...check, result: 'notChecked', message: NOT_REACHED }];
  if ('failure' in operate)
    return [{ ...check, result: 'failed', message: shown(answers, operate.title, operate.failure), remedy: operate.remedy }];
  if (operate.canSync) return [{ ...check, result: 'ok', message: 'The second account may sync' }];
  return [
    {
      ...check,
      result: 'failed',
      message: 'The second account may not sync',
      remedy: 'Apply manifests/edge/operate to the Argo CD of the edge, or set access: ReadOnly',
    },
  ];
}

function clockCheck({ edge, access, skewMs }: EdgeAnswers): DoctorCheck {
  if (skewMs === undefined) return { id: 'clock', edge, result: 'notChecked', message: 'no answer with a Date header' };
  const seconds = Math.round(skewMs / 1_000);
  const words = showsOnlyCounts({ access }) ? 'The clock was compared with ours' : `The clock is ${seconds} s off ours`;
  return Math.abs(skewMs) <= MAX_SKEW_MS
    ? { id: 'clock', edge, result: 'ok', message: words }
    : {
        id: 'clock',
        edge,
        result: 'failed',
        message: words,
        remedy: 'Set up NTP on the site: tokens and times of deployments rest on its clock',
      };
}

/** The checks of one edge, in the order in which a request passes them. */
export const edgeChecks = (answers: EdgeAnswers): readonly DoctorCheck[] => [
  ...layers(answers),
  ...tokenChecks(answers),
  ...operateCheck(answers),
  clockCheck(answers),
];

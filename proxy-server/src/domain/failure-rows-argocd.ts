import type { FailureAbout, FailureTableRow } from './failure-row.ts';
import type { RefusalDetail } from './failure.ts';

const NOTHING = 'Nothing on site: workloads run on and Argo CD there goes on syncing from Git.';

const said = ({ failure }: FailureAbout): string => (failure?.argocdMessage === undefined ? '' : `: ${failure.argocdMessage}`);

const TOKEN_WORDS: Readonly<Partial<Record<RefusalDetail, string>>> = {
  expired: 'its token has expired',
  revoked: 'its token is revoked',
  wrongEdge: 'its token was made by another Argo CD',
  missing: 'no usable token was sent',
  malformed: 'its token cannot be read',
  accountDisabled: 'the account is disabled, gone, or may not use tokens',
};

/** Rows 10, 13, 22, 23, 25, 37-42: Argo CD speaks, or something speaks in its place. */
// prettier-ignore -- a table: one line per group of facts
export const ARGOCD_ROWS: readonly FailureTableRow[] = [
  {
    row: 10,
    kind: 'argocdUnavailable',
    name: 'Part of Argo CD unavailable',
    arrives: '503 with JSON of Argo CD (gRPC code 14)',
    meaning: 'Repo-server, Redis or the Kubernetes API of the edge is not available to argocd-server.',
    retry: { rule: 'tries', tries: 2 },
    words: (about) => `Argo CD on ${about.edge} is up but a part of it is unavailable${said(about)}.`,
    danger: 'Syncing on site may stand still until the part returns; workloads run on.',
    remedy: 'Look at repo-server, Redis and the application controller of the edge.',
    acts: 'platform team',
    effect: 'reachable',
    fleetWide: false,
  },
  {
    row: 13,
    kind: 'notFound',
    name: 'No such object',
    arrives: '404 with JSON of Argo CD (gRPC code 5)',
    meaning: 'Argo CD does not know the object. This is data, not a failure of the edge.',
    retry: { rule: 'never' },
    words: (about) => `Argo CD on ${about.edge} does not know it${said(about)}.`,
    danger: 'Nothing.',
    remedy: 'Nothing.',
    acts: 'wait',
    effect: 'silent',
    fleetWide: false,
  },
  {
    row: 22,
    kind: 'edgeToken',
    name: 'Argo CD refuses the token',
    arrives: '401 with JSON of Argo CD (gRPC code 16)',
    meaning: 'The token is missing, expired, revoked, of another Argo CD, or its account is disabled.',
    retry: { rule: 'afterReauth' },
    words: ({ edge, failure }) => {
      const why = failure?.detail === undefined ? undefined : TOKEN_WORDS[failure.detail];
      return `The Argo CD account of the hub on ${edge} needs a new token${why === undefined ? '' : ` (${why})`}.`;
    },
    danger: NOTHING,
    remedy: 'Make a new token for the account of the hub on that edge and put it into the Secret of the Edge; no restart is needed.',
    acts: 'platform team',
    effect: 'refusedAtOnce',
    fleetWide: false,
  },
  {
    row: 23,
    kind: 'edgeForbidden',
    name: 'Argo CD denies the right',
    arrives: '403 with JSON of Argo CD (gRPC code 7), or can-i answers no',
    meaning: 'The account of the hub lacks the right in the RBAC policy of the edge.',
    retry: { rule: 'never' },
    words: (about) => `The Argo CD account of the hub on ${about.edge} lacks a right${said(about)}.`,
    danger: NOTHING,
    remedy: 'Give the account of the hub the right in argocd-rbac-cm of the edge (see the edge component).',
    acts: 'platform team',
    effect: 'refusedAtOnce',
    fleetWide: false,
  },
  {
    row: 25,
    kind: 'edgeLimit',
    otherKind: 'requestTooLarge',
    name: 'Too big',
    arrives: '429 with JSON of Argo CD (gRPC code 8), an answer beyond our own limit, or 413, 414, 431',
    meaning:
      'The answer is over the message limit of Argo CD or ours (edgeLimit), or the request is too big for something on the way (requestTooLarge).',
    retry: { rule: 'narrower' },
    words: ({ edge, failure }) =>
      failure?.kind === 'requestTooLarge'
        ? `The question to ${edge} was too long for it.`
        : `The answer of ${edge} is too big for one piece; the question is split.`,
    danger: NOTHING,
    remedy: 'Nothing if the smaller question works; else raise ARGOCD_GRPC_MAX_SIZE_MB on the edge.',
    acts: 'us',
    effect: 'reachable',
    fleetWide: false,
  },
  {
    row: 37,
    kind: 'argocdError',
    name: 'Argo CD failed',
    arrives: '500 with JSON of Argo CD (gRPC code 2 or 13, or "failed to marshal error message")',
    meaning: 'Argo CD could not do it: repo-server, Redis, or a bug of its own.',
    retry: { rule: 'tries', tries: 1 },
    words: (about) => `Argo CD on ${about.edge} failed to answer${said(about)}.`,
    danger: 'Syncing on site may be affected if it lasts; workloads run on.',
    remedy: 'Look at the logs of argocd-server and repo-server of the edge.',
    acts: 'platform team',
    effect: 'reachable',
    fleetWide: false,
  },
  {
    row: 38,
    kind: 'clientBug',
    otherKind: 'unsupported',
    name: 'Asked wrongly, or not supported',
    arrives: '400, 405, 409, 415 from Argo CD; 404 "Not Found" as text on a route that the version lacks',
    meaning: 'The request was wrong (clientBug), or this version of Argo CD cannot do it (unsupported).',
    retry: { rule: 'never' },
    words: (about) =>
      about.failure?.kind === 'unsupported'
        ? `Argo CD on ${about.edge} cannot do this in its version.`
        : `Argo CD on ${about.edge} did not accept the request${said(about)}.`,
    danger: 'Nothing.',
    remedy: 'Upgrade Argo CD on the edge if the feature is wanted; report a request that should work to us.',
    acts: 'us',
    effect: 'reachable',
    fleetWide: false,
  },
  {
    row: 39,
    kind: 'identityChanged',
    name: 'Another Argo CD answers',
    arrives: 'good answers, but none of the Applications known for this edge',
    meaning: 'Wrong CNAME, restored backup, or a rebuilt site.',
    retry: { rule: 'never' },
    words: ({ edge }) => `Edge ${edge} now answers as a different Argo CD. Accept it or check the address.`,
    danger: 'Decisions about this edge would be made on data of another one; its data is kept apart until a person accepts.',
    remedy: 'Check the DNS record and the tunnel; if the site was rebuilt, set identity: AcceptNext on the Edge.',
    acts: 'platform team',
    effect: 'refusedAtOnce',
    fleetWide: false,
  },
  {
    row: 40,
    kind: 'clockSkewed',
    name: 'Clock of the edge is wrong',
    arrives: 'a Date header more than 5 minutes from the clock of the hub, or one that jumps',
    meaning: 'The clock of the edge, or of what answers for it, is off. Its times are corrected by the difference.',
    retry: { rule: 'never' },
    words: ({ edge, failure }) =>
      `The clock on ${edge} is wrong${failure === undefined ? '' : ` (${failure.sign})`}; its times are corrected.`,
    danger: 'Tokens and certificates on site may seem expired or not yet valid.',
    remedy: 'Check time synchronisation on the nodes of the edge.',
    acts: 'site',
    effect: 'silent',
    fleetWide: false,
  },
  {
    row: 41,
    kind: 'replayed',
    name: 'An older state is repeated',
    arrives: 'resourceVersion or reconciledAt of everything goes back',
    meaning: 'A restored backup, or a cache between hub and edge.',
    retry: { rule: 'never' },
    words: ({ edge, since }) =>
      `Edge ${edge} repeats an older state${since === undefined ? '' : ` since ${since}`}; the last good one is kept.`,
    danger: 'The edge may really have been set back: what runs there can be older than shown.',
    remedy: 'Look for a cache between hub and edge, or for a restored backup of the cluster.',
    acts: 'platform team',
    effect: 'reachable',
    fleetWide: false,
  },
  {
    row: 42,
    kind: 'unclassified',
    name: 'Not classified',
    arrives: 'anything else',
    meaning: 'An answer that matches no row. It is shown as it came, and never read as "offline".',
    retry: { rule: 'probe' },
    words: ({ edge, failure }) =>
      `Edge ${edge} gave an answer that is not understood: ${[failure?.sign, failure?.cfRay === undefined ? undefined : `ray ${failure.cfRay}`].filter((part) => part !== undefined).join(', ')}.`,
    danger: NOTHING,
    remedy: 'Look at what stands between hub and edge; report the status, sign and ray id to us.',
    acts: 'us',
    effect: 'outOfReachAfterTwo',
    fleetWide: false,
  },
];

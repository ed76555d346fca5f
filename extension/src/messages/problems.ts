import type { HubProblem, ProblemKind } from '../api/hub-problem.ts';
import type { Anchor } from '../api/anchor.ts';

/** A problem in words: what happened, what to do, and the line to paste where there is one. */
export interface ProblemWords {
  readonly title: string;
  readonly text: string;
  readonly paste?: string;
  /** Where the line belongs. */
  readonly pasteInto?: string;
}

const RBAC = 'argocd-rbac-cm, key policy.csv, on the hub';
const subject = (problem: HubProblem): string => problem.user ?? 'YOUR-USER-OR-ROLE';

const extension = (problem: HubProblem): string => problem.extension ?? 'edge-fleet';

type Words = (problem: HubProblem, anchor: Anchor) => ProblemWords;

const plain =
  (title: string, text: string): Words =>
  () => ({ title, text });

const WORDS: Readonly<Record<ProblemKind, Words>> = {
  offline: plain('The hub does not answer', 'Your browser does not reach Argo CD. Check your connection; this page goes on trying.'),
  session: plain('You are not logged in', 'Your session with Argo CD has ended. Log in again; the address brings you back to this page.'),
  invoke: (problem) => ({
    title: problem.extension === undefined ? 'You may not open the fleet yet' : 'You may look, but not act yet',
    text: 'Argo CD lets only those in who may invoke the extension; administrators need the line too. Ask an Argo CD administrator to add it:',
    paste: `p, ${subject(problem)}, extensions, invoke, ${extension(problem)}, allow`,
    pasteInto: RBAC,
  }),
  anchor: (problem, anchor) => ({
    title: 'The Application this page stands on cannot be seen',
    text: `Every call goes through the Application ${anchor.application.replace(':', '/')} in project ${anchor.project}. It is missing, in another project, or you may not see it. Ask an Argo CD administrator to create it, or to add:`,
    paste: `p, ${subject(problem)}, applications, get, ${anchor.project}/${anchor.application.split(':')[1] ?? '*'}, allow`,
    pasteInto: RBAC,
  }),
  headers: (problem) => ({
    title: 'The page is set up with a wrong Application name',
    text: `Argo CD refuses the name of the Application this page stands on: ${problem.detail ?? 'no reason given'}. Correct ANCHOR (namespace:name) and ANCHOR_PROJECT in the variables of the extension.`,
  }),
  notConfigured: (problem) => ({
    title: `Argo CD does not know the extension ${extension(problem)}`,
    text: `Its back end is not registered, or proxy extensions are switched off. An Argo CD administrator adds extension.config.${extension(problem)} to argocd-cm and switches the feature on:`,
    paste: 'server.enable.proxy.extension: "true"',
    pasteInto: 'argocd-cmd-params-cm on the hub; argocd-server needs a restart',
  }),
  backendAway: plain(
    'The fleet service does not answer',
    'Argo CD is up, but it cannot reach proxy-server. Edges go on by themselves. This page goes on trying; if it lasts, the platform team looks at the Deployment edge-fleet.',
  ),
  notReady: plain(
    'The fleet service is starting',
    'It is reading the last known state. This takes a few seconds; the page goes on trying.',
  ),
  notTrusted: (problem) => ({
    title: 'The fleet service does not trust the hub',
    text: `The request came without the proof that Argo CD adds. An Argo CD administrator compares the secret header X-Edge-Fleet-Secret in extension.config.${extension(problem)} with the Secret edge-fleet-scopes.`,
  }),
  notAllowed: (problem) => ({
    title: 'You may not see this',
    text: problem.detail ?? 'The policy of the fleet does not allow it. Ask the platform team to add a line such as:',
    paste: problem.missingLine ?? `p, ${subject(problem)}, edges, get, *, allow`,
    pasteInto: 'ConfigMap edge-fleet-policy, key policy.csv',
  }),
  notFound: (problem) => ({ title: 'There is no such thing here', text: problem.detail ?? 'It does not exist, or you may not see it.' }),
  invalidQuery: (problem) => ({ title: 'The query cannot be read', text: problem.detail ?? 'Correct it, or clear it.' }),
  conflict: (problem) => ({ title: 'Somebody else was faster', text: problem.detail ?? 'Look at the new state, then decide again.' }),
  tooLarge: (problem) => ({ title: 'That is too much at once', text: problem.detail ?? 'Narrow the question down.' }),
  tooMany: plain('Too many requests', 'The fleet service asks for a pause; the page tries again by itself.'),
  edgeFailed: (problem) => ({ title: 'The edge did not answer', text: problem.detail ?? 'What is shown is the last known state.' }),
  version: plain(
    'This page is older or newer than the fleet service',
    'It cannot read the answer. Load the page again to get the matching version.',
  ),
  unexpected: (problem) => ({
    title: 'The fleet service failed',
    text:
      problem.detail ??
      'It answered with a fault of its own. The page tries again; with the request id, the platform team finds the cause in its log.',
  }),
};

export const problemWords = (problem: HubProblem, anchor: Anchor): ProblemWords => WORDS[problem.kind](problem, anchor);

export const problemLabels = {
  requestId: 'Request id',
  pasteInto: (where: string) => `Into ${where}`,
  logIn: 'Log in',
  reload: 'Load the page again',
  details: 'Copy details',
} as const;

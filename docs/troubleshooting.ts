/**
 * Renders docs/troubleshooting.md: `node docs/troubleshooting.ts` writes the page, and a test holds it to the failure table, the checks of doctor and
 * the alerts. What an edge can answer is one line each here, with the whole of it in failures.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { FAILURE_TABLE, failureReason } from '../proxy-server/src/domain/failure-table.ts';
import type { FailureTableRow } from '../proxy-server/src/domain/failure-row.ts';

const TOP = `# Troubleshooting

Rendered from the failure table, the checks of doctor and the alerts by \`node docs/troubleshooting.ts\`. First ask doctor: it looks at all of this by itself.

<!-- run: doctor -->

\`\`\`sh
npm run doctor -- --no-edges
\`\`\`

On the hub, inside the Pod, with the hub's configuration readable if \`manifests/doctor\` is applied; the page Doctor runs the same:

<!-- not run: needs a cluster; test/doctor.test.ts runs the program over an API server that it plays -->

\`\`\`sh
kubectl -n edge-fleet exec deploy/edge-fleet -- /app/node_modules/.bin/node proxy-server/src/doctor-main.ts
\`\`\`

The page also asks through the hub with your own session: does the call arrive, through which registration, and may you act. Where the page itself does not
come up, \`--session-file FILE\` (the value of the cookie \`argocd.token\` of a signed-in browser) with \`EDGE_FLEET_HUB_URL\` asks the same from the command
line: the only way to see from outside whether both ends know the same secret.
`;

/** What the hub or proxy-server answers before any edge is asked. */
const HUB_SYMPTOMS: readonly (readonly [seen: string, is: string, paste: string])[] = [
  ['No page Fleet in the menu', 'the file of the page is not below `/tmp/extensions`', 'one of the four components of [install](install.md), section 4; then `kubectl -n argocd rollout restart deployment argocd-server`'],
  ['400 "Invalid headers"', 'the page found no anchor Application', '`kubectl apply -k manifests/hub/anchor`'],
  ['401 "Unauthorized extension request"', 'no right to see the anchor, no `extensions, invoke` line (admins need one too), wrong project, or a destination that the project does not permit', '`p, <role>, extensions, invoke, edge-fleet, allow` and `p, <role>, applications, get, edge-fleet/edge-fleet, allow` in `argocd-rbac-cm`'],
  ['401 "The secret of the extension is missing"', 'the request came past the hub, or a header was stripped on the way', 'ask through the hub; `headers` of `extension.config.edge-fleet` in `argocd-cm`'],
  ['401 "… is not one that is configured"', '`argocd-secret` and `edge-fleet-scopes` have different values, or the latter has no label', 'one value into both ([install](install.md), section 3); `kubectl -n edge-fleet label secret edge-fleet-scopes edgefleet.dev/secret=true`'],
  ['401 "The id of the user is missing"', '`hubVersion` of the policy says 3.2 or later, the hub is older', 'the true version into `hubVersion` of ConfigMap `edge-fleet-policy`'],
  ['403 with a line', 'the policy does not allow it', 'the line that the message names into `policy.csv` of `edge-fleet-policy` ([rights](rights.md))'],
  ['404 "Extension not found"', 'the flag is off, or the registration is missing or there twice', 'components `manifests/hub/argocd`, and the restart'],
  ['502, empty', 'proxy-server is not there, or the NetworkPolicy names another namespace', '`kubectl -n edge-fleet get pods`; `manifests/base/network-policy.yaml`'],
  ['503 "Not ready yet"', 'the last known fleet is being loaded, or a list of the Kubernetes API does not come', 'the log says which: `Apply manifests/crds/…` or `Apply manifests/base/rbac.yaml`'],
  ['An empty fleet', 'the policy shows this user nothing', '`policy.csv` and `policy.default` ([rights](rights.md)); on a hub from 3.2 the subject is the user\'s id once `hubVersion` is known'],
]; // prettier-ignore

/** Every id that doctor prints, and what it looks at. */
export const DOCTOR_IDS: Readonly<Record<string, string>> = {
  'config': 'every Edge, Connector, Product and Secret can be used; lists of the Kubernetes API come',
  'policy': 'every line of `policy.csv` can be read: one that cannot, and nobody is allowed anything',
  'hub-version': 'Argo CD 2.13 or later, the same as `hubVersion` of the policy',
  'feature-flag': '`server.enable.proxy.extension` in `argocd-cmd-params-cm`',
  'extension-config': 'registration `edge-fleet` in `argocd-cm`: there once, one service, the address of proxy-server, the secret header by `$key`',
  'extension-config-ops': 'the same for `edge-fleet-ops`',
  'extension-secrets-differ': 'no two registrations send one secret',
  'rbac-view': 'somebody may `extensions, invoke, edge-fleet`, admins too',
  'rbac-ops': 'the same for `edge-fleet-ops`',
  'anchor': 'Application `edge-fleet`, its project, a destination by server that the project permits',
  'scopes-secret': 'Secret `edge-fleet-scopes`: label, both keys, different, long, no placeholder',
  'network-policy': 'only argocd-server of the hub\'s namespace reaches proxy-server',
  'through-the-hub': 'the page, and `--session-file`: a request of this user comes through `edge-fleet`, with its own secret',
  'through-the-hub-ops': 'the same through `edge-fleet-ops`; a user who may only look is a warning',
  'user-id': 'the same: the subject is the user\'s id where the hub is 3.2 or later, and the name where it is not',
  'dns': 'the edge\'s name leads somewhere',
  'tls': 'its certificate is good',
  'access': 'Cloudflare Access lets the service token in',
  'tunnel': 'cloudflared is connected and reaches Argo CD',
  'argocd': 'Argo CD answers',
  'token': 'it accepts the read token',
  'rights': 'the account sees Applications',
  'operate': 'with `access: Operate`: the second account may sync',
  'clock': 'the edge\'s clock is right',
}; // prettier-ignore

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

const anchorOf = ({ row, name }: FailureTableRow): string =>
  `failures.md#${row}-${name.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')}`; // prettier-ignore

const edgeRows = FAILURE_TABLE.map((row) => [
  `\`${failureReason(row.kind)}\``,
  row.arrives,
  `[${row.name}](${anchorOf(row)})`,
  row.remedy,
  row.acts,
]);

const Alerts = z.object({
  spec: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ alert: z.string(), annotations: z.object({ summary: z.string(), remedy: z.string() }) })) }),
    ),
  }),
});

function alerts(): readonly (readonly string[])[] {
  const { spec } = Alerts.parse(parse(readFileSync(new URL('../manifests/monitoring/alerts.yaml', import.meta.url), 'utf8')));
  const rules = spec.groups.flatMap((group) => group.rules);
  return rules.map(({ alert, annotations }) => [`\`${alert}\``, annotations.summary.replaceAll(/\{\{.*?\}\}/g, '…'), annotations.remedy]);
}

export function renderTroubleshooting(): string {
  return `${[
    TOP.trimEnd(),
    '## What the hub or proxy-server answers',
    table(['you see', 'it is', 'what to paste or look at'], HUB_SYMPTOMS),
    '## What an edge answers',
    'The reason stands on the edge\'s page, in `kubectl -n edge-fleet get edges`, and in doctor. Each row in full, with who acts and what is asked again: [failures](failures.md).',
    table(['reason', 'arrives as', 'what it is', 'remedy', 'who acts'], edgeRows),
    '## What doctor looks at',
    table(['check', 'looks at'], Object.entries(DOCTOR_IDS).map(([id, words]) => [`\`${id}\``, words])),
    '## Alerts',
    table(['alert', 'says', 'remedy'], alerts()),
  ].join('\n\n')}\n`;
} // prettier-ignore

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('troubleshooting.md', import.meta.url), renderTroubleshooting());
}

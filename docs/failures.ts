/**
 * Renders docs/failures.md from the failure table: `node docs/failures.ts` writes the page, and a test holds page and table equal.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILURE_TABLE, failureReason, failureWords } from '../proxy-server/src/domain/failure-table.ts';
import type { ConnectionEffect, FailureTableRow, RetryRule } from '../proxy-server/src/domain/failure-row.ts';

const RETRY_WORDS: Readonly<Record<Exclude<RetryRule['rule'], 'tries'>, string>> = {
  probe: 'only the background probe asks, 15 s doubling to 5 min',
  never: 'not repeated; the background probe still looks',
  afterReauth: 'with a new token',
  afterRetryAfter: 'after the time that the answer names',
  fleetBackOff: 'backed off over the whole fleet',
  slowProbe: 'slowly, every few minutes',
  newSocket: 'once, at once, on a new connection',
  reconnect: 'opened again after 1 to 5 s',
  narrower: 'not repeated as it is; a smaller question is asked',
};

const EFFECT_WORDS: Readonly<Record<ConnectionEffect, string>> = {
  outOfReachAfterTwo: '`OutOfReach` when a second sign confirms it (5 to 8 s later)',
  refusedAtOnce: '`Refused` at once: a person is needed',
  reachable: '`Reachable`: Argo CD spoke; the reason is shown beside it',
  silent: 'none',
};

const retryWords = ({ retry }: FailureTableRow): string =>
  retry.rule === 'tries' ? `${retry.tries === 1 ? 'once' : `${retry.tries} times`}, backed off` : RETRY_WORDS[retry.rule];

const reasons = ({ kind, otherKind }: FailureTableRow): string =>
  [kind, otherKind]
    .filter((each) => each !== undefined)
    .map((each) => `\`${failureReason(each)}\``)
    .join(' or ');

const exampleOf = (row: FailureTableRow, connector: 'cloudflare' | 'direct'): string =>
  failureWords({ row: row.row, kind: row.kind, sign: 'the sign that gave it away' }, { edge: 'store-0417' }, connector);

function renderRow(row: FailureTableRow): string {
  const direct = row.direct === undefined ? undefined : exampleOf(row, 'direct');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Arrives', row.arrives],
    ['Means', row.meaning],
    ['Shown', `"${exampleOf(row, 'cloudflare')}"`],
    [
      'Under a `direct` Connector',
      direct === undefined ? undefined : [`"${direct}"`, row.direct?.meaning, row.direct?.remedy].filter(Boolean).join(' '),
    ],
    ['In danger', row.danger],
    ['Remedy', row.remedy],
    ['Who acts', row.direct?.acts === undefined ? row.acts : `${row.acts} (direct: ${row.direct.acts})`],
    ['Asked again', retryWords(row)],
    ['Connection', EFFECT_WORDS[row.effect]],
    [
      'Over the fleet',
      row.fleetWide ? 'suspected from one answer, confirmed when many edges fail alike within a minute: one cause, one banner' : undefined,
    ],
  ];
  const lines = facts.filter(([, text]) => text !== undefined).map(([name, text]) => `- **${name}**: ${text}`);
  return [`## ${row.row}. ${row.name}`, '', `Reason ${reasons(row)}.`, '', ...lines, ''].join('\n');
}

const HEAD = `# Forty-two ways to be out of reach

What can go wrong when proxy-server asks an edge, one row per remedy. This page is rendered from the table that the code decides by
(\`proxy-server/src/domain/failure-table.ts\`); change it there and run \`node docs/failures.ts\`.

Signs are asked strongest first: transport code, redirect, \`cf-mitigated\`, Cloudflare's own error object or code in the body, Argo CD's error object,
an empty body, and only then the bare status. What matches nothing is row 42, shown as it came, and never called "offline".
`;

/** The whole page. */
export function renderFailuresPage(): string {
  const overview = ['| # | Reason | What | Who acts |', '| --- | --- | --- | --- |'];
  for (const row of FAILURE_TABLE) overview.push(`| ${row.row} | ${reasons(row)} | ${row.name} | ${row.acts} |`);
  return [HEAD, ...overview, '', ...FAILURE_TABLE.map(renderRow)].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(new URL('failures.md', import.meta.url), renderFailuresPage());

/**
 * Renders docs/api.md from the OpenAPI document and the allow list of the pass-through, and docs/settings.md from the table of settings:
 * `node docs/api.ts` writes the pages, and a test holds pages and tables equal.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ACTION_OPERATIONS } from '../proxy-server/src/api/openapi-actions.ts';
import { API_QUESTIONS } from '../proxy-server/src/api/openapi.ts';
import { PASS_THROUGH_RULES } from '../proxy-server/src/api/pass-through-rules.ts';
import { PROBLEMS } from '../proxy-server/src/api/problem.ts';
import { settingWords } from '../proxy-server/src/config.ts';

const code = (text: string): string => `\`${text}\``;
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const questions = (): string =>
  table(
    ['path below `/api/v1`', 'answers with', 'query'],
    Object.entries(API_QUESTIONS).map(([path, { summary, query }]) => [
      code(path),
      summary,
      Object.keys(query ?? {})
        .map(code)
        .join(', '),
    ]),
  );

const passThrough = (): string =>
  table(
    ['GET below `/api/v1/edges/{edge}/argocd`', 'what', 'right', 'query that goes along'],
    PASS_THROUGH_RULES.map((rule) => [code(rule.path), rule.what, `${code(rule.right)}, ${code('get')}`, rule.query.map(code).join(', ')]),
  );

const problems = (): string =>
  table(
    ['type', 'status', 'title'],
    Object.values(PROBLEMS).map(([type, status, title]) => [code(`https://edgefleet.dev/problems/${type}`), String(status), title]),
  );

const acting = (): string =>
  table(
    ['below `/api/v1`', 'what', 'query or body'],
    ACTION_OPERATIONS.map(({ method, path, summary, query, body }) => [
      code(`${method.toUpperCase()} ${path}`),
      summary,
      Object.keys(query ?? (body instanceof z.ZodObject ? body.shape : {}))
        .map(code)
        .join(', '),
    ]),
  );

const INTRODUCTION = `# The HTTP API

Rendered from the code by \`node docs/api.ts\`. The whole contract with every field is the OpenAPI 3.1 document that proxy-server itself serves
at \`/api/v1/openapi.json\`.

Requests come through the proxy extension of the hub's Argo CD (\`<hub>/extensions/edge-fleet/api/v1/…\`), which proves who asks: proxy-server
answers 401 to whatever lacks the secret of the registration, the user's name, or (on hubs known to be 3.2 or later) the user's id. Groups that a
request claims grant nothing. What a user may not see is in no list, no count, no stream and no error text of theirs.

`;

export function renderApiPage(): string {
  return `${INTRODUCTION}## Questions

${questions()}

\`POST /api/v1/edges/{edge}/probe\` with \`Content-Type: application/json\` asks an edge at once whether it answers ("Try now"); what comes of it
shows in the fleet.

## Acting

Through the extension \`edge-fleet-ops\`, which the hub's RBAC grants apart from \`edge-fleet\`; what is only read here, through either. Every POST wants
\`Content-Type: application/json\`.

${acting()}

\`overview\`, \`overview/members\` and \`overview/columns\` are compressed once for all who may see the same, and have a strong ETag: ask with
\`If-None-Match\`. Lists are paged: \`cursor\` of an answer asks for what follows, and survives change.

## The stream

\`GET /api/v1/stream?topics=fleet,edge:<name>\` is a stream of server-sent events, to be read by \`fetch\` (an EventSource cannot send the headers that
the hub asks for). The id of each event is the revision up to which the reader is current; \`after=<revision>\` or \`Last-Event-ID\` resumes.

| event | data |
| --- | --- |
| \`hello\` | first; \`resumed: false\` where the deltas since the asked revision are no longer kept: a snapshot follows |
| \`snapshot\` | the overview, whole |
| \`delta\` | rows that changed, and counts and causes where they did |
| \`members\` | edges came or went: ask for \`overview/members\`; a snapshot follows |
| \`edge\` | something of an edge that was asked for changed |

A comment comes every 15 s. A reader that falls too far behind is sent a snapshot when it has caught up, or cut after 30 s. A stream ends after half an
hour and is opened again, because the hub checks rights only when one opens. It is not compressed: ask for the first overview with a plain request and
resume after its revision.

## The pass-through

What may be asked of one edge through proxy-server, and nothing else. \`appNamespace\` names the Application's namespace and is needed; the project is
the one that proxy-server knows. The edge's own token is added; the browser's cookie, \`Authorization\`, \`argocd-*\`, \`cf-*\` and \`x-forwarded-*\` stay
behind, and so does on the way back whatever is not data. An edge with \`access: CountsOnly\` is passed nothing.

${passThrough()}

Every failed request to an edge is a 424 problem with \`edge\`, \`reason\` (a class of the [failure table](failures.md)), \`remedy\` and \`whoActs\`.
502 and 504 never come from proxy-server: they are the hub's, when proxy-server is away.

## Problems

Bodies are RFC 9457 problem details (\`application/problem+json\`); \`instance\` is the id of the request, which is also in the header \`x-request-id\`
and in the log.

${problems()}
`;
}

export function renderSettingsPage(): string {
  const rows = settingWords().map((setting) => [
    code(setting.name),
    setting.default === undefined ? '' : code(setting.default),
    `${setting.words} (${setting.form})`,
  ]);
  return `# Settings of proxy-server

Rendered from the code by \`node docs/api.ts\`. All are environment variables; an empty one counts as absent. One that cannot be read ends the start
with one line that names variable, value and what to write.

${table(['variable', 'default', 'what it sets'], rows)}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('api.md', import.meta.url), renderApiPage());
  writeFileSync(new URL('settings.md', import.meta.url), renderSettingsPage());
}

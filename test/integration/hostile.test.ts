/** Requests that no browser sends, written byte by byte to the API: nothing gets through, nothing hangs, nothing that is secret is said. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Router, json } from 'express';
import { parseGlob } from '../../proxy-server/src/domain/policy-glob.ts';
import { parseQuery, MAX_QUERY_LENGTH } from '../../proxy-server/src/domain/query.ts';
import { redact, REDACT_LIMIT_CHARS } from '../../proxy-server/src/domain/redact.ts';
import { createLogger } from '../../proxy-server/src/observability/logger.ts';
import { StartAction } from '../../proxy-server/src/contract/actions.ts';
import { createApiHarness, OPS_SECRET, throughHub, VIEW_SECRET, type ApiHarness } from '../api-harness.ts';
import { anApplicationDetail, anEdgeDetail } from '../fakes/fake-fleet-reader.ts';

const EDGE_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.edge-token-of-the-tests';
const ACCESS_SECRET = 'access-secret-of-the-tests';
const SECRETS = [VIEW_SECRET, OPS_SECRET, EDGE_TOKEN, ACCESS_SECRET, 'hub-session-of-the-tests', 'view-secret-to-come'];

let harness: ApiHarness;
let port: number;
let edge: Server;
let asked: IncomingMessage[];
let parsed: unknown[];
/** What the edge answers. */
let edgeAnswers: { readonly status: number; readonly type: string; readonly body: string };

const TIMERS = { after: (delayMs: number, run: () => void) => { const timer = setTimeout(run, delayMs); return () => clearTimeout(timer); } }; // prettier-ignore

beforeEach(async () => {
  asked = [];
  parsed = [];
  edgeAnswers = { status: 200, type: 'application/json', body: '{}' };
  edge = createServer((req, res) => {
    asked.push(req);
    res.writeHead(edgeAnswers.status, { 'content-type': edgeAnswers.type }).end(edgeAnswers.body);
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  const target = {
    origin: `http://127.0.0.1:${(edge.address() as AddressInfo).port}`,
    pathPrefix: '',
    headers: { authorization: `Bearer ${EDGE_TOKEN}`, 'cf-access-client-secret': ACCESS_SECRET },
    tls: { rejectUnauthorized: true },
  };
  const bodies = Router().post('/echo', json({ limit: '4mb' }), (req, res) => {
    parsed.push(req.body);
    res.json({});
  });
  harness = createApiHarness({ target: () => target, timers: TIMERS, routers: () => [bodies] });
  harness.fleet.putEdges([anEdgeDetail('store-0001'), anEdgeDetail('quiet', { access: 'CountsOnly' })]);
  harness.fleet.putApplications([anApplicationDetail('store-0001', 'pos'), anApplicationDetail('quiet', 'pos')]);
  port = (await harness.listen()).port;
});
afterEach(async () => {
  await harness.close();
  edge.closeAllConnections();
  await new Promise((resolve) => edge.close(resolve));
});

/** Everything that came back until the connection was closed. */
function send(text: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.write(text);
  });
}

const HUB = Object.entries(throughHub()).map(([name, value]) => `${name}: ${value}`);
const ask = (target: string, more: readonly string[] = [], method = 'GET', body = ''): Promise<string> =>
  send([`${method} ${target} HTTP/1.1`, 'Host: x', ...HUB, ...more, 'Connection: close', '', body].join('\r\n'));
const statusOf = (answer: string): number => Number(answer.split(' ')[1]);
const POS = '/api/v1/edges/store-0001/argocd/api/v1/applications/pos';
const QUERY = '?appNamespace=argocd';

describe('the way to an edge', () => {
  test('is there for what is on the list', async () => {
    expect(statusOf(await ask(POS + QUERY))).toBe(200);
    expect(asked.map(({ url }) => new URL(url!, 'http://x').pathname)).toEqual(['/api/v1/applications/pos']);
  });

  test.each([
    `${POS}/../../session/userinfo${QUERY}`,
    `${POS}/..;/..;/session${QUERY}`,
    `${POS}/%2e%2e/%2e%2e/settings${QUERY}`,
    `${POS}%2f..%2f..%2fsettings${QUERY}`,
    `${POS}%252f..%252fsettings${QUERY}`,
    `${POS}/.${QUERY}`,
    `${POS}//resource-tree${QUERY}`,
    `${POS}/resource-tree/${QUERY}`,
    `${POS}\\..\\..\\settings${QUERY}`,
    `${POS}%00${QUERY}`,
    `${POS}%0d%0aX-Evil:%201${QUERY}`,
    `${POS}%3frefresh=hard${QUERY}`,
    `${POS};refresh=hard${QUERY}`,
    `${POS}/sync${QUERY}`,
    '/api/v1/edges/store-0001/argocd/api/v1/applications/pos@evil.example.com/' + QUERY,
    '/api/v1/edges/store-0001/argocd//evil.example.com/api/v1/applications/pos' + QUERY,
    '/api/v1/edges/store-0001/argocd/http://evil.example.com/api/v1/applications/pos' + QUERY,
    '/api/v1/edges/../edges/quiet/argocd/api/v1/applications/pos' + QUERY,
    '/api/v1/edges/quiet%2fargocd/argocd/api/v1/applications/pos' + QUERY,
    '/api/v1/edges/__proto__/argocd/api/v1/applications/pos' + QUERY,
    '/api/v1/edges/constructor/argocd/api/v1/applications/pos' + QUERY,
    '//evil.example.com' + POS + QUERY,
  ])('is closed to %s', async (path) => {
    const answer = await ask(path);
    expect([400, 404, 405]).toContain(statusOf(answer));
    expect(asked.map(({ url }) => url)).toEqual([]);
    expect(answer).not.toMatch(/^x-evil/im);
  });

  test('a target with a host of its own goes nowhere else', async () => {
    await ask(`http://evil.example.com${POS}${QUERY}`);
    for (const { headers, url } of asked) {
      expect(headers.host).toMatch(/^127\.0\.0\.1:/);
      expect(url).toMatch(/^\/api\/v1\/applications\/pos\?/);
    }
  });

  test('a query cannot name another project, another namespace, or a refresh', async () => {
    await ask(`${POS}${QUERY}&project=other&appNamespace=kube-system&refresh=hard&project[]=x&__proto__[a]=1`);
    for (const { url } of asked) {
      const query = new URL(url!, 'http://x').searchParams;
      expect([query.getAll('appNamespace').length, query.get('refresh'), query.getAll('project').length]).toEqual([1, null, 1]);
      expect(query.get('project')).not.toBe('other');
    }
  });

  test.each(['TRACE', 'CONNECT', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST', 'PROPFIND'])('%s never reaches it', async (method) => {
    await ask(POS + QUERY, ['X-HTTP-Method-Override: GET'], method);
    expect(asked).toEqual([]);
  });

  test('a page in place of data is never shown, whatever it calls itself', async () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'application/javascript', 'application/json-html']) {
      edgeAnswers = { status: 200, type, body: '<script>alert(document.cookie)</script>' };
      const answer = await ask(POS + QUERY);
      expect([type, statusOf(answer)]).toEqual([type, 424]);
      expect(answer).not.toContain('<script>');
    }
  });
});

describe('a request that is too much', () => {
  test('of headers is 431', async () => {
    expect(statusOf(await ask('/api/v1/overview', [`X-Long: ${'x'.repeat(40_000)}`]))).toBe(431);
  });

  test('of a body is a problem of its own', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(5_000_000) });
    const answer = await ask('/api/v1/echo', ['Content-Type: application/json', `Content-Length: ${body.length}`], 'POST', body);
    expect([statusOf(answer), /too-large/.test(answer)]).toEqual([413, true]);
    expect(parsed).toEqual([]);
  });

  test('with two lengths, or a length and chunks, is refused before anybody reads it', async () => {
    for (const lines of [['Content-Length: 5', 'Content-Length: 6'], ['Content-Length: 5', 'Transfer-Encoding: chunked'], ['Transfer-Encoding: chunked, identity']])
      expect(statusOf(await ask('/api/v1/echo', ['Content-Type: application/json', ...lines], 'POST', '0\r\n\r\nGET / HTTP/1.1'))).toBe(400); // prettier-ignore
    expect(parsed).toEqual([]);
  });

  test('JSON that names prototypes changes none', async () => {
    const body = '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "kind": "x"}';
    await ask('/api/v1/echo', ['Content-Type: application/json', `Content-Length: ${body.length}`], 'POST', body);
    expect(parsed).toHaveLength(1);
    expect('polluted' in {}).toBe(false);
    expect(StartAction.safeParse(parsed[0]).success).toBe(false);
    for (const path of ['overview?__proto__=1', 'edges?query=x&__proto__[x]=y&constructor=z', 'overview/columns/__proto__', 'overview/columns/constructor', 'edges/hasOwnProperty'])
      expect(statusOf(await ask(`/api/v1/${path}`))).toBeLessThan(500); // prettier-ignore
    expect('x' in {}).toBe(false);
  });
});

describe('text that is made to take long', () => {
  const quick = (what: () => unknown): void => {
    const from = process.cpuUsage();
    what();
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1_000).toBeLessThan(500);
  };
  const texts = ['a*'.repeat(1_000), '*'.repeat(2_000), '('.repeat(2_000), '"'.repeat(1_999), '\\'.repeat(2_000), 'name:'.repeat(400), '!'.repeat(2_000), `${'a'.repeat(1_999)}!`, ' '.repeat(2_000), 'label:a/b:'.repeat(200)]; // prettier-ignore

  test('is read or refused quickly as a query', () => {
    for (const text of texts) quick(() => parseQuery(text.slice(0, MAX_QUERY_LENGTH)));
  });
  test('is matched quickly as a glob of the policy', () => {
    const long = 'a'.repeat(4_000);
    for (const pattern of ['a*'.repeat(255), '*a'.repeat(255), '?*'.repeat(255), '[a-z]*'.repeat(80), '{a,aa}*'.repeat(6), '{a,{b,{c,d}}}'.repeat(5)])
      quick(() => [parseGlob(pattern)?.test(`${long}!`), parseGlob(pattern)?.overPrefix(long)]); // prettier-ignore
  });
  test('is redacted quickly in a log', () => {
    for (const text of ['eyJ', 'Bearer ', 'token: ', 'cfast_', 'https://a?', 'secret"  :'].map((part) => part.repeat(REDACT_LIMIT_CHARS)))
      quick(() => redact(text));
  });
});

describe('what is secret', () => {
  test('is in no answer, no header, no metric and no log line, whatever goes wrong', async () => {
    const said: string[] = [];
    const cookie = ['Cookie: argocd.token=hub-session-of-the-tests'];
    for (const answers of [
      { status: 401, type: 'application/json', body: JSON.stringify({ error: `invalid session: Bearer ${EDGE_TOKEN}`, code: 16, message: `bad token ${EDGE_TOKEN}` }) },
      { status: 500, type: 'text/html', body: `<p>cf-access-client-secret: ${ACCESS_SECRET}</p>` },
      { status: 302, type: 'text/html', body: EDGE_TOKEN },
      { status: 200, type: 'text/plain', body: EDGE_TOKEN },
    ]) {
      edgeAnswers = answers;
      said.push(await ask(POS + QUERY, cookie));
    } // prettier-ignore
    for (const path of ['config', 'problems', 'openapi.json', 'edges/store-0001', 'edges', `overview?query=${VIEW_SECRET}x`, 'nothing', `edges?cursor=${OPS_SECRET}`, 'edges?limit=x'])
      said.push((await ask(`/api/v1/${path}`, cookie)).replaceAll(`${VIEW_SECRET}x`, '')); // prettier-ignore
    said.push(await ask('/api/v1/overview', [`X-Edge-Fleet-Secret: ${OPS_SECRET}`]), await ask('/metrics'), await ask('/readyz'));
    const log = JSON.stringify(harness.runtime.lines);
    for (const secret of SECRETS) for (const text of [...said, log]) expect(text.includes(secret) ? `${secret} in ${text}` : '').toBe('');
  });

  test('is taken out of a log line where it is named, in a URL, in an error and its causes', () => {
    let text = '';
    const log = createLogger('debug', { write: (line: string) => void (text += line) });
    const cause = Object.assign(new Error(`GET https://edge.example.com/api?token=${EDGE_TOKEN} failed`), { headers: { authorization: `Bearer ${EDGE_TOKEN}` } });
    log.error({ err: new Error(`x-edge-fleet-secret: ${VIEW_SECRET}`, { cause }) }, 'Failing');
    log.warn({ headers: { cookie: 'argocd.token=hub-session-of-the-tests', 'CF-Access-Client-Secret': ACCESS_SECRET } }, 'Failing');
    expect(text).toContain('Failing');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  }); // prettier-ignore

  test('an id of a request cannot carry a header, a line or a page', async () => {
    for (const id of ['abc%0d%0aSet-Cookie: a=b', '<script>alert(1)</script>', 'x'.repeat(500), '../../etc'])
      expect(await ask('/api/v1/nothing', [`X-Request-Id: ${id}`])).not.toContain(id); // prettier-ignore
  });
});

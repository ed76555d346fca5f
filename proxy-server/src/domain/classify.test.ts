import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { classify } from './classify.ts';
import { FAILURE_TABLE } from './failure-table.ts';
import type { Asked, EdgeFailure, FailureRow, Outcome, TransportPhase } from './failure.ts';

const ASKED: Asked = {
  connector: 'cloudflare',
  host: 'e001.fleet.test',
  method: 'GET',
  path: '/api/v1/applications?fields=x',
  accept: 'application/json',
  stream: false,
};
const STREAM: Partial<Asked> = { stream: true, accept: 'text/event-stream', path: '/api/v1/stream/applications' };
const DIRECT: Partial<Asked> = { connector: 'direct' };

type Response = Extract<Outcome, { kind: 'response' }>;
const answer = (status: number, bodyPrefix = '', headers: Response['headers'] = {}, asked: Partial<Asked> = {}): EdgeFailure | undefined =>
  classify({ kind: 'response', asked: { ...ASKED, ...asked }, status, headers, bodyPrefix });
const broken = (
  code: string,
  over: Partial<Extract<Outcome, { kind: 'transport' }>> = {},
  asked: Partial<Asked> = {},
): EdgeFailure | undefined =>
  classify({ kind: 'transport', asked: { ...ASKED, ...asked }, code, phase: 'headers', reusedSocket: false, bytesReceived: 0, ...over });

const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=UTF-8' };
const problem = (code: number, over: object = {}): string =>
  JSON.stringify({ title: 'Error', status: 530, error_code: code, cloudflare_error: true, ray_id: '9c0ffee', ...over });
const page = (words: string): string => `<!DOCTYPE html>\n<html><head><title>x</title></head><body>${words}</body></html>`;
const frontPage = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n`;
const argocd = (code: number, message = 'words of Argo CD'): string => JSON.stringify({ error: message, code, message });
const argocdStream = (code: number, message: string): string =>
  `data: ${JSON.stringify({ error: { grpc_code: code, http_code: 401, message } })} \n\n`;

describe('answers, in every form they come in', () => {
  test.each<[FailureRow, string, EdgeFailure | undefined]>([
    [1, '530/1033 as JSON', answer(530, problem(1033), json)],
    [1, '530/1033 as problem JSON with another status', answer(503, problem(1033), { 'content-type': 'application/problem+json' })],
    [1, '530/1033 as sixteen bytes of text', answer(530, 'error code: 1033')],
    [1, '530/1033 as HTML, code split over two elements', answer(530, page('<span>Error</span>\n <span>1033</span>'), html)],
    [1, 'a page that only names the tunnel error', answer(530, page('<h1>Cloudflare Tunnel error</h1>'), html)],
    [1, 'a custom page without words, and the header of generated errors', answer(530, page('Back soon'), { ...html, 'cf-error-type': '1033' })],
    [1, 'error 1033 behind a byte order mark', answer(530, '\ufefferror code: 1033')],
    [1, 'error 1033 as UTF-16 read as bytes', answer(530, [...'error code: 1033'].join('\u0000'))],
    [2, '530/1016', answer(530, problem(1016), json)],
    [3, '530/1014', answer(530, 'error code: 1014')],
    [3, '530 without any code', answer(530, page('Back soon'), html)],
    [3, '409/1001', answer(409, 'error code: 1001')],
    [4, '502 as text', answer(502, 'error code: 502')],
    [4, '502 as HTML naming the host', answer(502, page('<h1>Bad gateway</h1> Error code 502 <span>Host</span> Error'), html)],
    [4, '502 empty', answer(502)],
    [5, '504', answer(504, 'error code: 504')],
    [6, '524', answer(524, 'error code: 524')],
    [7, '520', answer(520, page('Web server is returning an unknown error. Error code 520'), html)],
    [8, '521', answer(521)], [8, '522', answer(522)], [8, '523', answer(523)], [8, '525', answer(525)], [8, '526', answer(526, 'error code: 526')],
    [9, '503 empty', answer(503)],
    [10, '503 of Argo CD', answer(503, argocd(14), json)],
    [11, '503 page of Cloudflare', answer(503, frontPage('503 Service Temporarily Unavailable'), html)],
    [11, '500 page of Cloudflare', answer(500, frontPage('500 Internal Server Error'), html)],
    [12, '404 empty', answer(404)],
    [12, '404 of a default backend', answer(404, 'default backend - 404', { 'content-type': 'text/plain' })],
    [12, '404 where every version answers: a wrong path prefix', answer(404, 'Not Found\n', {}, { path: '/argo/api/version' })],
    [13, '404 of Argo CD', answer(404, argocd(5, 'applications.argoproj.io "x" not found'), json)],
    [14, '302 to the login of Access', answer(302, '', { location: 'https://acme.cloudflareaccess.com/cdn-cgi/access/login/e001.fleet.test?kid=1' })],
    [14, '303 to Access under a name of its own', answer(303, '', { location: 'https://login.acme.test/cdn-cgi/access/login/e001' })],
    [15, '401 page of Access', answer(401, page('Unauthorized'), html)],
    [15, '401 empty', answer(401)],
    [16, '403 page of Access', answer(403, page('<title>Forbidden ・ Cloudflare Access</title>'), html)],
    [17, '403 empty', answer(403)],
    [18, '403/1010 as text', answer(403, 'error code: 1010')],
    [18, '403/1010 as JSON', answer(403, problem(1010, { status: 403 }), json)],
    [19, '403/1020 as HTML', answer(403, page('<h1>Error 1020</h1> Access denied'), html)],
    [19, '403/1006', answer(403, 'error code: 1006')], [19, '403/1009', answer(403, 'error code: 1009')], [19, '403/1012', answer(403, 'error code: 1012')],
    [19, 'a block page without a code', answer(403, page('<title>Attention Required! | Cloudflare</title> Sorry, you have been blocked'), html)],
    [20, '403 challenge', answer(403, page('Just a moment...'), { ...html, 'cf-mitigated': 'challenge' })],
    [20, '429 challenge', answer(429, '', { 'cf-mitigated': 'challenge' })],
    [20, '503 challenge', answer(503, '', { 'cf-mitigated': 'challenge' })],
    [21, '421', answer(421, frontPage('421 Misdirected Request'), html)],
    [21, '403 of the front server', answer(403, frontPage('403 Forbidden'), html)],
    [22, '401 of Argo CD', answer(401, argocd(16), json)],
    [22, '401 on a stream', answer(401, argocdStream(16, 'no session information'), { 'content-type': 'text/event-stream' }, STREAM)],
    [22, '401 on a stream whose projection lacks error', answer(401, 'data: {} \n\n', { 'content-type': 'text/event-stream' }, STREAM)],
    [23, '403 of Argo CD', answer(403, argocd(7, 'permission denied'), json)],
    [24, '429/1015', answer(429, problem(1015, { retry_after: 30 }), json)],
    [24, '429 with nothing', answer(429)],
    [25, '429 of Argo CD', answer(429, argocd(8, 'grpc: received message larger than max'), json)],
    [25, '413', answer(413, page('Too large'), html)], [25, '414', answer(414)], [25, '431', answer(431)],
    [26, '307 to the same address', answer(307, '', { location: 'https://e001.fleet.test/api/v1/applications?fields=x' })],
    [26, '301 to the same path', answer(301, '', { location: '/api/v1/applications' })],
    [26, '400 of a Go server with TLS', answer(400, 'Client sent an HTTP request to an HTTPS server.\n')],
    [27, '200 with the UI', answer(200, page('<div id="app">'), html)],
    [27, '200 with HTML called JSON', answer(200, page('Log in'), json)],
    [27, '302 to a captive portal', answer(302, '', { location: 'http://wifi.hotel.example/login' })],
    [27, '302 to a login on the same host', answer(302, '', { location: '/auth/login' })],
    [27, '200 with plain words', answer(200, 'OK', { 'content-type': 'text/plain' })],
    [27, '511', answer(511)],
    [35, '524 on a stream that was idle', answer(524, 'error code: 524', {}, STREAM)],
    [37, '500 of Argo CD, code 2', answer(500, argocd(2), json)],
    [37, '500 of Argo CD, code 13', answer(500, argocd(13), json)],
    [37, 'the projection bug of 3.5', answer(500, '{"error": "failed to marshal error message"}', json)],
    [38, '400 of Argo CD', answer(400, argocd(9, 'another operation is already in progress'), json)],
    [38, '405', answer(405, 'Method Not Allowed\n', { 'content-type': 'text/plain' })],
    [38, '415', answer(415, 'Invalid content type\n', { 'content-type': 'text/plain' })],
    [38, '404 on a route that this version lacks', answer(404, 'Not Found\n', { 'content-type': 'text/plain; charset=utf-8' })],
    [42, '418', answer(418, 'short and stout')],
    [42, '500 page of nobody known', answer(500, page('oops'), html)],
    [42, '302 without Location', answer(302)],
    [42, '599', answer(599)],
    [42, '403 of a Kubernetes API behind the name', answer(403, '{"kind":"Status","code":403,"message":"forbidden"}', json)],
  ])('row %i: %s', (row, _form, failure) => {
    expect(failure?.row).toBe(row);
  }); // prettier-ignore

  test.each<[string, Outcome]>([
    ['JSON', { kind: 'response', asked: ASKED, status: 200, headers: json, bodyPrefix: '{"items":null,"metadata":{}}' }],
    ['the start of a long JSON', { kind: 'response', asked: ASKED, status: 200, headers: json, bodyPrefix: '{"items":[{"metadata":{"na' }],
    ['JSON without a content type', { kind: 'response', asked: ASKED, status: 200, headers: {}, bodyPrefix: '{"Version":"v3"}' }],
    [
      'a stream',
      { kind: 'response', asked: { ...ASKED, ...STREAM }, status: 200, headers: { 'content-type': 'text/event-stream' }, bodyPrefix: '' },
    ],
    [
      'the beacon',
      { kind: 'response', asked: { ...ASKED, accept: '*/*', path: '/healthz-tunnel' }, status: 204, headers: {}, bodyPrefix: '' },
    ],
  ])('a good answer is no failure: %s', (_form, outcome) => {
    expect(classify(outcome)).toBeUndefined();
  });

  test.each([
    ['is empty', ''],
    ['ends early', '{"items":[{"metadata":{"na'],
  ])('a whole 200 that %s is row 34', (_how, bodyPrefix) => {
    expect(classify({ kind: 'response', asked: ASKED, status: 200, headers: json, bodyPrefix, bodyComplete: true })?.row).toBe(34);
  });
});

describe('transport', () => {
  test.each<[FailureRow, string, EdgeFailure | undefined]>([
    [28, 'ENOTFOUND', broken('ENOTFOUND', { phase: 'dns' })],
    [29, 'EAI_AGAIN', broken('EAI_AGAIN', { phase: 'dns' })], [29, 'ETIMEOUT', broken('ETIMEOUT', { phase: 'dns' })],
    [30, 'handshake alert', broken('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', { phase: 'tls' })], [30, 'EPROTO', broken('EPROTO', { phase: 'tls' })],
    [30, 'no name of the kind', broken('ERR_SSL_TLSV1_UNRECOGNIZED_NAME', { phase: 'tls' })],
    [30, 'our certificate is of an unknown CA', broken('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', { phase: 'tls' })],
    [30, 'no client certificate, told with the first read', broken('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')],
    [7, 'a bad record before the answer', broken('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')],
    [34, 'a bad record in the body', broken('ERR_SSL_WRONG_VERSION_NUMBER', { phase: 'body', bytesReceived: 9 })],
    [35, 'a bad record in a stream', broken('ERR_SSL_WRONG_VERSION_NUMBER', { phase: 'body', bytesReceived: 9 }, STREAM)],
    [32, 'a reset in the handshake', broken('ECONNRESET', { phase: 'tls' })], [36, 'a handshake that hangs', broken('UND_ERR_CONNECT_TIMEOUT', { phase: 'tls' })],
    [31, 'weak', broken('CERT_EE_CERTIFICATE_KEY_TOO_WEAK', { phase: 'tls' })],
    [31, 'other name', broken('ERR_TLS_CERT_ALTNAME_INVALID', { phase: 'tls' })],
    [31, 'unknown issuer', broken('UNABLE_TO_VERIFY_LEAF_SIGNATURE', { phase: 'tls' })],
    [31, 'self-signed in chain', broken('SELF_SIGNED_CERT_IN_CHAIN', { phase: 'tls' })],
    [31, 'expired', broken('CERT_HAS_EXPIRED', { phase: 'tls' })],
    [32, 'refused', broken('ECONNREFUSED', { phase: 'connect' })], [32, 'no route', broken('EHOSTUNREACH', { phase: 'connect' })],
    [32, 'connect timeout', broken('UND_ERR_CONNECT_TIMEOUT', { phase: 'connect' })],
    [33, 'reset on a reused socket', broken('ECONNRESET', { reusedSocket: true })], [33, 'closed on a reused socket', broken('UND_ERR_SOCKET', { reusedSocket: true })],
    [7, 'reset on a fresh socket', broken('ECONNRESET')], [7, 'garbage', broken('HTTPParserError')], [7, 'headers too big', broken('UND_ERR_HEADERS_OVERFLOW')],
    [34, 'cut in the body', broken('UND_ERR_SOCKET', { phase: 'body', bytesReceived: 9 })],
    [34, 'cut in the body of a reused socket', broken('ECONNRESET', { phase: 'body', bytesReceived: 9, reusedSocket: true })],
    [34, 'body timeout', broken('UND_ERR_BODY_TIMEOUT', { phase: 'body' })], [34, 'http2', broken('ERR_HTTP2_STREAM_ERROR', { phase: 'body' })],
    [35, 'a stream is cut', broken('UND_ERR_SOCKET', { phase: 'body', bytesReceived: 9 }, STREAM)],
    [36, 'headers timeout', broken('UND_ERR_HEADERS_TIMEOUT')],
    [25, 'more than we take', broken('UND_ERR_RES_EXCEEDED_MAX_SIZE', { phase: 'body' })],
    [42, 'a code nobody knows', broken('ERR_SOMETHING_NEW')],
    [34, 'an answer that ends short', classify({ kind: 'ended', asked: ASKED, bytesReceived: 5 })],
    [35, 'a stream that ends', classify({ kind: 'ended', asked: { ...ASKED, ...STREAM }, bytesReceived: 5 })],
    [36, 'our deadline', classify({ kind: 'deadline', asked: ASKED, phase: 'headers', afterMs: 20_000 })],
    [36, 'our deadline in the body of a stream', classify({ kind: 'deadline', asked: { ...ASKED, ...STREAM }, phase: 'body', afterMs: 45_000 })],
    [35, 'no first byte of a stream: idle', classify({ kind: 'deadline', asked: { ...ASKED, ...STREAM }, phase: 'headers', afterMs: 10_000 })],
  ])('row %i: %s', (row, _how, failure) => {
    expect(failure?.row).toBe(row);
  }); // prettier-ignore
});

describe('under a direct Connector', () => {
  test.each<[FailureRow, string, EdgeFailure | undefined]>([
    [4, 'refused', broken('ECONNREFUSED', { phase: 'connect' }, DIRECT)],
    [1, 'no route', broken('EHOSTUNREACH', { phase: 'connect' }, DIRECT)], [1, 'connect timeout', broken('UND_ERR_CONNECT_TIMEOUT', { phase: 'connect' }, DIRECT)],
    [28, 'no name', broken('ENOTFOUND', { phase: 'dns' }, DIRECT)],
    [30, 'unknown CA', broken('UNABLE_TO_VERIFY_LEAF_SIGNATURE', { phase: 'tls' }, DIRECT)],
    [7, 'a reset in the handshake', broken('ECONNRESET', { phase: 'tls' }, DIRECT)], [36, 'a handshake that hangs', broken('UND_ERR_CONNECT_TIMEOUT', { phase: 'tls' }, DIRECT)],
    [30, 'an ingress that misses our certificate', answer(400, page('400 No required SSL certificate was sent'), html, DIRECT)],
    [32, 'out of file descriptors: ours, not theirs', broken('EMFILE', { phase: 'connect' }, DIRECT)],
    [4, '502 of an ingress', answer(502, page('nginx'), html, DIRECT)], [4, '503 of an ingress', answer(503, page('nginx'), html, DIRECT)],
    [4, '503 empty', answer(503, '', {}, DIRECT)], [4, '504 of an ingress', answer(504, page('nginx'), html, DIRECT)],
    [27, '302 to any login', answer(302, '', { location: 'https://sso.example.com/login' }, DIRECT)],
    [22, '401 of Argo CD', answer(401, argocd(16), json, DIRECT)], [23, '403 of Argo CD', answer(403, argocd(7), json, DIRECT)],
    [13, '404 of Argo CD', answer(404, argocd(5), json, DIRECT)], [25, '429 of Argo CD', answer(429, argocd(8), json, DIRECT)],
    [37, '500 of Argo CD', answer(500, argocd(2), json, DIRECT)],
  ])('row %i: %s', (row, _how, failure) => {
    expect(failure?.row).toBe(row);
  }); // prettier-ignore

  test('a way that is closed for one edge makes the hub suspect, and only suspect', () => {
    expect(broken('EHOSTUNREACH', { phase: 'connect' }, DIRECT)).toMatchObject({ kind: 'edgeOffline', suspectedRow: 32 });
  });

  test('a refused client certificate is told apart', () => {
    expect(broken('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', { phase: 'tls' }, DIRECT)).toMatchObject({
      row: 30,
      detail: 'clientCertificate',
    });
  });
});

describe('what a refusal is about, in the words of 2.10 to 3.5', () => {
  test.each([
    ['invalid session: Token is expired', 'expired'],
    ['invalid session: token has invalid claims: token is expired', 'expired'],
    ['invalid session: token is revoked, please re-login', 'revoked'],
    ['invalid session: account fleet does not have token with id 3f0c', 'revoked'],
    ['invalid session: signature is invalid', 'wrongEdge'],
    ['invalid session: token signature is invalid: signature is invalid', 'wrongEdge'],
    ["invalid session: rpc error: code = NotFound desc = account 'fleet' does not exist", 'accountDisabled'],
    ['invalid session: account fleet is disabled', 'accountDisabled'],
    ['no session information', 'missing'],
    ["invalid session: invalid character 'i' looking for beginning of value", 'malformed'],
    ['invalid session: token is malformed: could not JSON decode header', 'malformed'],
    ['something new', undefined],
  ])('%s: %s', (message, detail) => {
    expect(answer(401, argocd(16, message), json)?.detail).toBe(detail);
    expect(answer(401, argocdStream(16, message), { 'content-type': 'text/event-stream' }, STREAM)?.detail).toBe(detail);
  });

  test('a lost right is no question of the token', () => {
    expect(answer(403, argocd(7, 'permission denied'), json)?.detail).toBe('noRights');
    expect(answer(403, argocd(7, 'cannot sync: blocked by sync window'), json)?.detail).toBeUndefined();
  });
});

describe('evidence', () => {
  test('ray, status, sign and the start of the body are kept, secrets are not', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmbGVldCJ9.abcdefghijk';
    const failure = answer(418, `teapot says Bearer ${token} and cfast_${'a'.repeat(48)} ${'x'.repeat(400)}`, {
      'cf-ray': '9c0ffee012345678-OSL',
    });
    expect(failure).toMatchObject({ cfRay: '9c0ffee012345678-OSL', status: 418, sign: 'status 418' });
    expect(failure?.bodyPrefix).toHaveLength(200);
    expect(JSON.stringify(failure)).not.toMatch(/eyJ|cfast_/);
  });

  test.each([
    ['seconds', { 'retry-after': '30' }, 30_000],
    [
      'a date, measured by the clock of the answer',
      { 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' },
      60_000,
    ],
    ['longer than anybody waits', { 'retry-after': '999999' }, 3_600_000],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('Retry-After as %s', (_form, headers, expected) => {
    expect(answer(429, '', headers)?.retryAfterMs).toBe(expected);
  });

  test('rows of the whole fleet are marked as suspected', () => {
    expect(broken('EAI_AGAIN', { phase: 'dns' })?.suspectedRow).toBe(29);
    expect(answer(530, page('Back soon'), html)?.suspectedRow).toBe(1);
  });
});

const anyHeaders = fc.dictionary(
  fc.constantFrom('content-type', 'location', 'cf-mitigated', 'cf-ray', 'cf-error-type', 'retry-after', 'date', 'x'),
  fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 }), fc.constantFrom('text/html', 'application/json', 'challenge', '1033')),
);
const anyBody = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.json(),
  fc.constantFrom('<', '{', '[', 'data:', 'error code: ', '<html>Error 1', '{"error":', '{"cloudflare_error":true,"error_code":', '\u0000'),
  fc
    .record({
      error: fc.anything(),
      code: fc.anything(),
      message: fc.anything(),
      cloudflare_error: fc.boolean(),
      error_code: fc.anything(),
    })
    .map((value) => JSON.stringify(value) ?? ''),
);
const anyAsked = fc.record({
  connector: fc.constantFrom<Asked['connector']>('cloudflare', 'direct'),
  host: fc.oneof(fc.constantFrom('e001.fleet.test', '[::1]:8443', ''), fc.string()),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.string(),
  accept: fc.constantFrom('application/json', 'text/event-stream', '*/*'),
  stream: fc.boolean(),
});

describe('total', () => {
  const rows = new Map(FAILURE_TABLE.map((row) => [row.row, row]));
  const expectOneRow = (failure: EdgeFailure | undefined): void => {
    if (failure === undefined) return;
    const row = rows.get(failure.row)!;
    expect([row.kind, row.otherKind]).toContain(failure.kind);
    expect(failure.sign.length).toBeGreaterThan(0);
    expect((failure.bodyPrefix ?? '').length).toBeLessThanOrEqual(200);
  };

  test('any status, headers and bytes give one row or a good answer, and never throw', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), anyHeaders, anyBody, anyAsked, (status, headers, bodyPrefix, asked) => {
        const failure = classify({ kind: 'response', asked, status, headers, bodyPrefix, bodyComplete: true });
        expectOneRow(failure);
        if (status < 200 || status >= 300) expect(failure).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('any transport code gives one row, and an unknown one is never "offline"', () => {
    const sign = fc.record({
      code: fc.string(),
      phase: fc.constantFrom<TransportPhase>('dns', 'connect', 'tls', 'headers', 'body'),
      reusedSocket: fc.boolean(),
      bytesReceived: fc.nat(),
    });
    fc.assert(
      fc.property(sign, anyAsked, (transport, asked) => {
        const failure = classify({ kind: 'transport', asked, ...transport });
        expectOneRow(failure);
        expect(failure?.kind).not.toBe('edgeOffline');
      }),
    );
  });

  test.each([
    ['unclosed tags', '<'.repeat(2_000_000)],
    ['deep JSON', '['.repeat(2_000_000)],
    ['blanks', ' '.repeat(2_000_000)],
    ['almost error codes', 'error code: '.repeat(100_000)],
    ['almost tokens', 'eyJ.'.repeat(500_000)],
    ['almost credentials', 'token:'.repeat(300_000)],
    ['HTML of almost errors', `<html>${'Error 10 '.repeat(200_000)}`],
  ])('a hostile body costs no more than an honest one: %s', (_what, bodyPrefix) => {
    const started = performance.now();
    for (const status of [200, 403, 503, 530]) classify({ kind: 'response', asked: ASKED, status, headers: html, bodyPrefix });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

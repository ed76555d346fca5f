/** Answers of whatever stands between, by status: proxies, portals, gateways, Cloudflare, and Argo CD's own refusals. */
import { gzipSync } from 'node:zlib';
import { heavy, pour, unary, type Scenario } from './chaos-answers.ts';
import { answer, type Ask, type Sees } from './chaos-server.ts';

const HTML = 'Content-Type: text/html; charset=utf-8';
const JSON_TYPE = 'Content-Type: application/json';
const page = (title: string): string => `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
const says = (name: string, sees: Sees, ...parts: Parameters<typeof answer>): Scenario =>
  unary(name, sees, () => answer(...parts), ['version', 'list', 'stream', 'tick', 'other']);
const throughCloudflare = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `cloudflare: ${scenario.name}`,
  connector: 'cloudflare',
});
const argocd = (code: number, message: string): string => JSON.stringify({ error: message, code, message });
const RAY = 'CF-Ray: 8f1c2a0e00000001-OSL';
const SERVER = 'Server: cloudflare';
const error = (code: number): Buffer => Buffer.from(`error code: ${code}`);
const problem = (code: number, retryAfter = 120): string =>
  JSON.stringify({
    title: `Error ${code}`,
    status: 530,
    error_code: code,
    cloudflare_error: true,
    retryable: true,
    retry_after: retryAfter,
  });

const redirect = (name: string, sees: Sees, to: (ask: Ask) => string, status = '302 Found'): Scenario =>
  unary(name, sees, (ask) => answer(status, [`Location: ${to(ask)}`]), ['version', 'list', 'stream', 'tick', 'other']);

export const STATUSES: readonly Scenario[] = [
  says('200 with a web page', ['OutOfReach', 27], '200 OK', [HTML], page('Welcome')),
  says('200 with a page labelled JSON', ['OutOfReach', 27], '200 OK', [JSON_TYPE], page('Welcome')),
  says('204', ['OutOfReach', 27], '204 No Content', []),
  says('206 of a list', ['Reachable', 34], '206 Partial Content', [JSON_TYPE, 'Content-Range: bytes 0-9/99'], '{"Version":"v3.4.7","items":[]}'),
  says('304', ['OutOfReach', 42], '304 Not Modified', ['ETag: "x"']),
  redirect('a redirect to itself', ['OutOfReach', 26], ({ headers, path }) => `http://${/host: (\S+)/i.exec(headers)?.[1] ?? ''}${/ (\S+) HTTP/.exec(headers)?.[1] ?? path}`),
  redirect('a redirect to a login page', ['OutOfReach', 27], () => 'https://sso.example.com/login'),
  redirect('a redirect without end', ['OutOfReach', 27], () => '/a/b/c'),
  redirect('a redirect to no address', ['OutOfReach', 42], () => 'http://[::bad'),
  redirect('a redirect that goes on writing', ['OutOfReach', 27], () => 'http://portal.example/', '307 Temporary Redirect'),
  says('a captive portal', ['OutOfReach', 27], '511 Network Authentication Required', [HTML], page('Hotel')),
  says('401 of a proxy in between', ['Refused', 15], '401 Unauthorized', ['WWW-Authenticate: Basic realm="squid"', HTML], page('Proxy')),
  says('407 of a proxy in between', ['OutOfReach', 32], '407 Proxy Authentication Required', [HTML], page('Proxy')),
  says('403 of a firewall', ['Refused', 16], '403 Forbidden', [HTML], page('Request blocked by security policy, reference 18.1234')),
  says('405', ['Reachable', 38], '405 Method Not Allowed', [JSON_TYPE], argocd(12, 'Method Not Allowed')),
  says('413', ['Reachable', 25], '413 Payload Too Large', [HTML], page('413')),
  says('414', ['Reachable', 25], '414 URI Too Long', [HTML], page('414')),
  says('415', ['Reachable', 38], '415 Unsupported Media Type', [JSON_TYPE], argocd(3, 'Invalid content type')),
  says('431', ['Reachable', 25], '431 Request Header Fields Too Large', [HTML], page('431')),
  says('429 of Argo CD', ['Reachable', 25], '429 Too Many Requests', [JSON_TYPE], argocd(8, 'grpc: received message larger than max (2 vs. 1)')),
  ...['30', 'Wed, 21 Oct 2099 07:28:00 GMT', 'soon', '999999999999', '-5', ''].map((after) =>
    says(`429 with Retry-After "${after}"`, ['OutOfReach', 24], '429 Too Many Requests', [HTML, `Retry-After: ${after}`], page('Slow down'))),
  says('500 of something', ['OutOfReach', 42, 11], '500 Internal Server Error', [HTML], page('Internal Server Error')),
  says('500 of Argo CD', ['Reachable', 37], '500 Internal Server Error', [JSON_TYPE], argocd(2, 'redis: nil')),
  says('502 of an ingress', ['OutOfReach', 4], '502 Bad Gateway', [HTML, 'Server: nginx'], page('502 Bad Gateway')),
  says('502 compressed', ['OutOfReach', 4], '502 Bad Gateway', [HTML, 'Content-Encoding: gzip'], gzipSync(page('502 Bad Gateway'))),
  says('502 compressed and broken', ['OutOfReach', 4], '502 Bad Gateway', [HTML, 'Content-Encoding: gzip'], gzipSync(page('502')).subarray(0, 20)),
  says('503 of Argo CD', ['Reachable', 10], '503 Service Unavailable', [JSON_TYPE, 'Retry-After: 3600'], argocd(14, 'connection error')),
  says('504 of an ingress', ['OutOfReach', 4, 5], '504 Gateway Time-out', [HTML], page('504')),
  says('401 of Argo CD', ['Refused', 22], '401 Unauthorized', [JSON_TYPE], argocd(16, 'invalid session: token is expired')),
  says('401 of Argo CD, compressed', ['Refused', 22], '401 Unauthorized', [JSON_TYPE, 'Content-Encoding: gzip'], gzipSync(argocd(16, 'invalid session: account password has changed since token issued'))),
  says('403 of Argo CD', ['Refused', 23], '403 Forbidden', [JSON_TYPE], argocd(7, 'permission denied')),
  says('an error without an end', ['OutOfReach', 4], '502 Bad Gateway', [HTML, 'Content-Length: 999999'], page('502')),
  heavy(unary('an endless error', ['OutOfReach', 4], ({ socket }) => {
    socket.write('HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>');
    pour(socket, Buffer.alloc(65_536, 0x20));
    return undefined;
  }, ['version', 'list', 'stream', 'tick'])),
  ...[
    says('530 with 1033 as JSON', ['OutOfReach', 1], '530 ', [SERVER, RAY, JSON_TYPE], problem(1_033)),
    says('530 with 1033 as text', ['OutOfReach', 1], '530 ', [SERVER, RAY, 'Content-Type: text/plain'], error(1_033)),
    says('530 with 1033 as page', ['OutOfReach', 1], '530 ', [SERVER, RAY, HTML], page('Error 1033 Cloudflare Tunnel error')),
    says('530 with 1016', ['OutOfReach', 2], '530 ', [SERVER, RAY, 'Content-Type: text/plain'], error(1_016)),
    says('530 of a custom page', ['OutOfReach', 3], '530 ', [SERVER, RAY, HTML], page('Back soon')),
    says('502', ['OutOfReach', 4], '502 Bad Gateway', [SERVER, RAY, 'Content-Type: text/plain'], error(502)),
    says('504', ['OutOfReach', 5], '504 Gateway Timeout', [SERVER, RAY, 'Content-Type: text/plain'], error(504)),
    says('520', ['OutOfReach', 7], '520 ', [SERVER, RAY, 'Content-Type: text/plain'], error(520)),
    says('521', ['OutOfReach', 8], '521 ', [SERVER, RAY, HTML], page('Web server is down Error code 521')),
    says('525', ['OutOfReach', 8], '525 ', [SERVER, RAY, 'Content-Type: text/plain'], error(525)),
    says('no ingress', ['OutOfReach', 9], '503 Service Unavailable', [SERVER, RAY]),
    says('no route', ['OutOfReach', 12], '404 Not Found', [SERVER, RAY]),
    says('an incident', ['OutOfReach', 11], '500 Internal Server Error', [SERVER, RAY, HTML], '<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center><hr><center>cloudflare</center></body></html>'),
    says('1010', ['Refused', 18], '403 Forbidden', [SERVER, RAY, 'Content-Type: text/plain'], error(1_010)),
    says('1020', ['Refused', 19], '403 Forbidden', [SERVER, RAY, HTML], page('Access denied Error code 1020')),
    says('a challenge', ['Refused', 20], '403 Forbidden', [SERVER, RAY, HTML, 'CF-Mitigated: challenge'], page('Just a moment...')),
    says('1015', ['OutOfReach', 24], '429 Too Many Requests', [SERVER, RAY, 'Content-Type: text/plain', 'Retry-After: 30'], error(1_015)),
    says('401 of Access', ['Refused', 15], '401 Unauthorized', [SERVER, RAY, HTML], page('Unauthorized')),
    says('403 of Access', ['Refused', 16], '403 Forbidden', [SERVER, RAY, HTML], page('Forbidden by Access, that account does not have access')),
    says('403 without a word', ['Refused', 17], '403 Forbidden', [SERVER, RAY]),
    redirect('the login of Access', ['Refused', 14], () => 'https://acme.cloudflareaccess.com/cdn-cgi/access/login/x?kid=1'),
    redirect('a login that goes on writing', ['Refused', 14], () => 'https://acme.cloudflareaccess.com/cdn-cgi/access/login/x', '303 See Other'),
  ].map(throughCloudflare),
]; // prettier-ignore

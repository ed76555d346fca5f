/** Answers of an argocd-server that is in trouble, in its own words (recorded from 2.10.20 to 3.5.1), and pages that stand in its place. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';

type ArgocdAnswer = Extract<Fault, { kind: 'argocd' }>['answer'];

interface ArgocdError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

// prettier-ignore
const ERRORS: Readonly<Record<Exclude<ArgocdAnswer, 'marshal' | 'noRoute'>, ArgocdError>> = {
  unavailable: { status: 503, code: 14, message: 'connection error: desc = "transport: Error while dialing: dial tcp 10.43.0.17:8081: connect: connection refused"' },
  notFound: { status: 404, code: 5, message: 'applications.argoproj.io "no-such-app" not found' },
  tokenExpired: { status: 401, code: 16, message: 'invalid session: token has invalid claims: token is expired' },
  tokenRevoked: { status: 401, code: 16, message: 'invalid session: account fleet does not have token with id 3f0c' },
  tokenSignature: { status: 401, code: 16, message: 'invalid session: token signature is invalid: signature is invalid' },
  noToken: { status: 401, code: 16, message: 'no session information' },
  forbidden: { status: 403, code: 7, message: 'permission denied' },
  tooBig: { status: 429, code: 8, message: 'grpc: received message larger than max (231228253 vs. 209715200)' },
  error: { status: 500, code: 2, message: 'error getting cached app managed resources: cache: key is missing' },
  badRequest: { status: 400, code: 9, message: 'another operation is already in progress' },
};

/** Unary answers and streams (Accept exactly text/event-stream) have different shapes for the same error. */
export function answerArgocdError(request: IncomingMessage, response: ServerResponse, answer: ArgocdAnswer): void {
  if (answer === 'noRoute') return void response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not Found\n');
  if (answer === 'marshal')
    return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error": "failed to marshal error message"}');
  const { status, code, message } = ERRORS[answer];
  if (request.headers.accept === 'text/event-stream') {
    const error = { grpc_code: code, http_code: status, http_status: 'Error', message };
    return void response.writeHead(status, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify({ error })} \n\n`);
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: message, code, message }));
}

/** A web page with status 200, or the detour of a captive portal. */
export function answerPage(response: ServerResponse, page: Extract<Fault, { kind: 'webPage' }>['page']): void {
  if (page === 'captivePortal')
    return void response
      .writeHead(302, { location: 'http://wifi.hotel.example/login?next=1', 'content-type': 'text/html' })
      .end('<html></html>');
  const title = page === 'ui' ? 'Argo CD' : 'Log in';
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><head><title>${title}</title></head><body><div id="app"></div></body></html>`);
}

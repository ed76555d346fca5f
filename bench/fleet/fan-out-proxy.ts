/**
 * The usual way to show many Argo CDs on one page, as a program of its own: express and http-proxy-middleware, which hand every request of
 * every page view on to the edge. Its arguments: where the edges are, and `each` where each has its own TLS handshake.
 */
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

const [, , target = '', connections = ''] = process.argv;
const MAX_SOCKETS = 1_024;
/** Real edges are hosts of their own, so no TLS session of one helps with the next; here all are one host. */
const agent =
  connections === 'each'
    ? new TlsAgent({ keepAlive: false, maxCachedSessions: 0 })
    : new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
const app = express();
app.use(createProxyMiddleware({ target, agent, secure: false, changeOrigin: false }));
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`Listening on ${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});

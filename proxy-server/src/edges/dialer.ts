/**
 * Opens the sockets of one edge: to the address that its Connector names, while Host header, SNI and the name that the certificate must carry
 * stay those of the edge. It says of a connection that fails how far it came: a site that is not there and one that hangs up in the middle of
 * the handshake are different troubles.
 */
import { isIP, Socket } from 'node:net';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { ConnectorAccess } from './connector-access.ts';
import type { EdgeLimits } from './limits.ts';

/** What an error is marked with where its connection was open before it failed. */
const OPENED = 'connectionWasOpen';

/** True for the error of a connection that was open, and failed before TLS was agreed on. */
export const brokeInHandshake = (thrown: unknown): boolean => typeof thrown === 'object' && thrown !== null && OPENED in thrown;

export type Dial = buildConnector.connector;

/** TLS sessions that may be taken up again: one for each edge of a Connector. */
const MAX_SESSIONS = 100_000;

/** What all edges of a Connector that have a name share: to keep it for each of them would be several objects and a registry of the collector. */
export const createSharedDial = ({ tls }: Pick<ConnectorAccess, 'tls'>, limits: EdgeLimits): Dial => dialOf(tls, limits);

const dialOf = (tls: ConnectorAccess['tls'], limits: EdgeLimits, name?: string): Dial =>
  buildConnector({
    allowH2: false,
    timeout: limits.connectMs,
    keepAliveInitialDelay: 30_000,
    autoSelectFamily: true,
    maxCachedSessions: MAX_SESSIONS,
    rejectUnauthorized: tls.rejectUnauthorized,
    ...(tls.secureContext === undefined ? {} : { secureContext: tls.secureContext }),
    checkServerIdentity: (host, certificate) => checkServerIdentity(name ?? host, certificate), // the host is the SNI, where there is one
  });

/** For all sockets to this URL. Its patience covers connecting and handshake together. */
export function createDialer(access: ConnectorAccess, url: URL, shared: Dial, limits: EdgeLimits): Dial {
  const { tls } = access;
  const name = tls.serverName ?? bareHost(url);
  const sni = isIP(name) === 0 ? name : '';
  const connect = sni === '' && url.protocol === 'https:' ? dialOf(tls, limits, name) : shared;
  const address = access.address === undefined ? undefined : splitAddress(access.address);
  const to = address === undefined ? { servername: sni } : { servername: sni, hostname: address.host, port: address.port };
  return (options, callback) => {
    let isOpen = false;
    const told: buildConnector.Callback = (...result) => {
      if (result[0] !== null && isOpen) Object.defineProperty(result[0], OPENED, { value: true });
      callback(...result);
    };
    const dial: (...of: Parameters<typeof connect>) => unknown = connect; // it gives the socket back, which its types do not say
    const socket = dial({ ...options, ...to }, told);
    if (socket instanceof Socket) passOverContinue(socket);
    if (!(socket instanceof TLSSocket)) return;
    socket.once('connect', () => (isOpen = true));
    endWithFirstError(socket);
  };
}

/**
 * Node tells an error of TLS after the handshake (an alert, as the refusal of a client certificate in TLS 1.3, or a record that does not fit)
 * and leaves the socket open; undici would wait for an end that may never come, or report that end in place of the error.
 */
const endWithFirstError = (socket: TLSSocket): unknown => socket.prependListener('error', () => socket.destroy());

const CONTINUE = Buffer.from('HTTP/1.1 100');
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * undici takes a 100 (Continue) that nobody asked for as a broken answer. It is to be passed over like any other interim answer (RFC 9110 15.2),
 * and some proxies send one before everything.
 */
function passOverContinue(socket: Socket): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!Buffer.isBuffer(chunk) || chunk.length < CONTINUE.length || chunk.compare(CONTINUE, 0, CONTINUE.length, 0, CONTINUE.length) !== 0)
      return chunk;
    const end = chunk.indexOf(HEAD_END);
    if (end < 0) return chunk;
    const rest = chunk.subarray(end + HEAD_END.length);
    return rest.length > 0 ? rest : socket.read(size);
  };
}

/** Where the connection really goes. */
export const dialedHost = (access: ConnectorAccess, url: URL): string =>
  access.address === undefined ? bareHost(url) : splitAddress(access.address).host;

/** Host without the brackets of an IPv6 literal. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** `host:port`, IPv6 in brackets. Configuration has checked it already. */
export function splitAddress(address: string): { readonly host: string; readonly port: string } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: address.slice(at + 1) };
}

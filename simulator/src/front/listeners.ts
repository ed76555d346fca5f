/**
 * Where rows 28 to 32 come from: places that a test points an edge's url at, because those requests never reach a front. Each listener is on a
 * free port of the loopback and is closed by whoever opened it.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { makeLabCertificate } from './lab-certificate.ts';

export interface LabPlace {
  /** host:port to dial. */
  readonly address: string;
  close(): Promise<void>;
}

/** A port where nothing listens (row 32; under a direct Connector row 4): opened to learn its number, and closed again. */
export async function refusingPort(): Promise<LabPlace> {
  const place = await listen(createServer());
  await place.close();
  return { address: place.address, close: () => Promise.resolve() };
}

/** TLS without a certificate for any name: the handshake ends in an alert (row 30). */
export const withoutCertificate = (): Promise<LabPlace> => listen(createTlsServer({}, (socket) => void socket.end()));

/** TLS with a certificate that nobody vouches for, for these names: what an inspecting proxy or a stranger shows (row 31; direct: row 30). */
export function intercepting(names: readonly string[]): Promise<LabPlace> {
  const from = new Date('2026-01-01T00:00:00Z');
  const { key, cert } = makeLabCertificate({ names, validFrom: from, validTo: new Date('2046-01-01T00:00:00Z') });
  return listen(createTlsServer({ key, cert }, (socket) => void socket.end()));
}

/** Plain HTTP that sends everybody to its login, whatever was asked (row 27). */
export const captivePortal = (): Promise<LabPlace> =>
  listen(createHttpServer((_request, response) => void response.writeHead(302, { location: 'http://wifi.hotel.example/login' }).end()));

/** A lookup that fails as a resolver does: ENOTFOUND where the name is missing (row 28), EAI_AGAIN where nobody answers (row 29). */
export const failingLookup =
  (code: 'ENOTFOUND' | 'EAI_AGAIN'): LookupFunction =>
  (hostname, _options, callback) =>
    callback(Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code, syscall: 'getaddrinfo', hostname }), []);

async function listen(server: Server): Promise<LabPlace> {
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${portOf(server.address())}`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const portOf = (address: AddressInfo | string | null): number => (typeof address === 'object' && address !== null ? address.port : 0);

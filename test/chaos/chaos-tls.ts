/**
 * TLS that goes wrong, each way behind a port of its own: until its fault is on, a good certificate and the chaos server behind it; while it is
 * on, whatever the fault plays on the bare connection.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, setDefaultCACertificates, getCACertificates, type TlsOptions } from 'node:tls';
import { generate, type GenerateResult } from 'selfsigned';
import { answer, bodyFor, chunk, goodItems, eventText, json, type Ask, type Part, type Sees } from './chaos-server.ts';

/** What a connection comes to while the fault is on: these TLS options, or a play on the bare socket. */
export interface TlsFault {
  readonly name: string;
  readonly direct: Sees;
  readonly cloudflare: Sees;
  /** Speaks plain HTTP to a port that is asked over TLS, or the other way round. */
  readonly scheme?: 'http';
  readonly options?: (lab: Lab) => TlsOptions;
  readonly bare?: (socket: Socket) => void;
  /** Spoils an answer; the connection below it can be got at. */
  readonly spoil?: { readonly on: readonly Part[]; play(ask: Ask, bare: Socket): void };
}

type Pair = Readonly<Pick<TlsOptions, 'key' | 'cert'>>;

/** Every certificate the faults need, made on the spot. */
export interface Lab {
  readonly ca: string;
  readonly good: Pair;
  readonly byName: Readonly<Record<'expired' | 'early' | 'otherName' | 'selfSigned' | 'unknownCa' | 'withoutMiddle' | 'withMiddle' | 'weak', Pair>>;
} // prettier-ignore

const YEAR = 365 * 24 * 3_600_000;
const at = (ms: number): Date => new Date(Date.now() + ms);
const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
const CA_EXTENSIONS = [{ name: 'basicConstraints', cA: true, critical: true }, { name: 'keyUsage', keyCertSign: true, cRLSign: true }] as const; // prettier-ignore
type Options = NonNullable<Parameters<typeof generate>[1]>;

const authority = (name: string, options: Options = EC): Promise<GenerateResult> =>
  generate([{ name: 'commonName', value: name }], {
    notBeforeDate: at(-YEAR),
    notAfterDate: at(YEAR),
    ...options,
    extensions: [...CA_EXTENSIONS],
  });
async function leaf(by: GenerateResult | undefined, options: Options = {}, host = '127.0.0.1'): Promise<Pair> {
  const altName = /^\d/.test(host) ? ({ type: 7, ip: host } as const) : ({ type: 2, value: host } as const);
  const made = await generate([{ name: 'commonName', value: 'edge' }], {
    notBeforeDate: at(-YEAR / 2),
    notAfterDate: at(YEAR / 2),
    ...EC,
    ...options,
    ...(by === undefined ? {} : { ca: { key: by.private, cert: by.cert } }),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [altName] },
    ],
  });
  return { key: made.private, cert: made.cert };
}

async function makeLab(): Promise<Lab> {
  const [ca, unknown, weak] = await Promise.all([authority('Lab'), authority('Nobody'), authority('Old lab', { keySize: 2_048 })]);
  const middle = await generate([{ name: 'commonName', value: 'Middle' }], { ...EC, ca: { key: ca.private, cert: ca.cert }, extensions: [...CA_EXTENSIONS] }); // prettier-ignore
  const below = await leaf(middle);
  return {
    ca: `${ca.cert.trim()}\n${weak.cert.trim()}\n`,
    good: await leaf(ca),
    byName: {
      expired: await leaf(ca, { notBeforeDate: at(-YEAR), notAfterDate: at(-YEAR / 4) }),
      early: await leaf(ca, { notBeforeDate: at(YEAR / 4), notAfterDate: at(YEAR / 2) }),
      otherName: await leaf(ca, {}, 'other.example'),
      selfSigned: await leaf(undefined),
      unknownCa: await leaf(unknown),
      withoutMiddle: below,
      withMiddle: { key: below.key, cert: `${String(below.cert).trim()}\n${middle.cert}` },
      weak: await leaf(weak, { keyType: 'rsa', keySize: 1_024 }),
    },
  };
}

const certificate = (name: string, which: keyof Lab['byName'], more: TlsOptions = {}): TlsFault => ({
  name: `TLS: ${name}`,
  direct: ['OutOfReach', 30],
  cloudflare: ['OutOfReach', 31],
  options: ({ byName }) => ({ ...byName[which], ...more }),
});
const bare = (name: string, direct: number, cloudflare: number, play: (socket: Socket) => void): TlsFault => ({
  name: `TLS: ${name}`,
  direct: ['OutOfReach', direct],
  cloudflare: ['OutOfReach', cloudflare],
  bare: play,
});
const afterHello = (play: (socket: Socket) => void) => (socket: Socket) => void socket.once('data', () => play(socket));
const alert = (code: number) => afterHello((socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, code])));
const SHORT: readonly Part[] = ['version', 'list'];
const spoiled = (name: string, sees: Sees, on: readonly Part[], play: (ask: Ask, below: Socket) => void): TlsFault => ({
  name: `TLS: ${name}`,
  direct: sees,
  cloudflare: sees,
  spoil: { on, play },
});
const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
/** A record that says it is longer than what follows. */
const HALF_RECORD = Buffer.from([0x17, 3, 3, 0x40, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
const FOREIGN_RECORD = Buffer.concat([Buffer.from([0x17, 3, 3, 0, 64]), Buffer.alloc(64, 7)]);
/** Goes on when the first half of an answer has gone out below. */
function afterHalf(ask: Ask, goOn: () => unknown): void {
  ask.socket.write(json(bodyFor(ask)).subarray(0, -5), () => setTimeout(goOn, 10));
}

export const TLS_FAULTS: readonly TlsFault[] = [
  bare('handshake_failure', 30, 30, alert(40)),
  bare('unrecognized_name', 30, 30, alert(112)),
  bare('internal_error', 30, 30, alert(80)),
  bare('a handshake that hangs', 36, 36, () => undefined),
  bare('a reset in the handshake', 7, 32, afterHello((socket) => socket.resetAndDestroy())),
  bare('an end in the handshake', 7, 32, afterHello((socket) => socket.end())),
  bare('plain HTTP that answers', 30, 31, afterHello((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))),
  bare('garbage in the handshake', 30, 31, afterHello((socket) => socket.end(Buffer.alloc(600, 0x5a)))),
  certificate('a certificate that has expired', 'expired'),
  certificate('a certificate of the future', 'early'),
  certificate('a certificate for another name', 'otherName'),
  certificate('a certificate signed by itself', 'selfSigned'),
  certificate('a certificate of an unknown CA', 'unknownCa'),
  certificate('a chain without its middle', 'withoutMiddle'),
  certificate('a key that is too weak', 'weak', { ciphers: 'DEFAULT@SECLEVEL=0' }),
  { name: 'TLS: a chain with its middle', direct: 'well', cloudflare: 'well', options: ({ byName }) => byName.withMiddle },
  { name: 'TLS: another good certificate', direct: 'well', cloudflare: 'well', options: ({ good }) => good },
  { name: 'TLS: a version that nobody speaks any more', direct: ['OutOfReach', 30], cloudflare: ['OutOfReach', 30], options: ({ good }) => ({ ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }) },
  { name: 'TLS: no client certificate, told after the handshake', direct: ['OutOfReach', 30], cloudflare: ['OutOfReach', 30], options: ({ good, ca }) => ({ ...good, ca, requestCert: true, rejectUnauthorized: true }) },
  { name: 'TLS: no client certificate, told within the handshake', direct: ['OutOfReach', 30], cloudflare: ['OutOfReach', 30], options: ({ good, ca }) => ({ ...good, ca, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }) },
  spoiled('nginx that misses a client certificate', ['OutOfReach', 30], ['version', 'list', 'stream', 'tick'], ({ socket }) => void socket.end(answer('400 Bad Request', ['Content-Type: text/html'], '<html><head><title>400 No required SSL certificate was sent</title></head><body></body></html>'))),
  { name: 'plain HTTP to a TLS port', direct: ['OutOfReach', 7], cloudflare: ['OutOfReach', 7], scheme: 'http', options: ({ good }) => good },
  spoiled('close_notify in mid-body', ['Reachable', 34], SHORT, (ask) => afterHalf(ask, () => ask.socket.end())),
  spoiled('an end without close_notify in mid-body', ['Reachable', 34], SHORT, (ask, below) => afterHalf(ask, () => below.end())),
  spoiled('a reset in mid-body', ['Reachable', 34], SHORT, (ask, below) => afterHalf(ask, () => below.resetAndDestroy())),
  spoiled('a cut in mid-record', ['Reachable', 34], SHORT, (ask, below) => afterHalf(ask, () => below.end(HALF_RECORD))),
  spoiled('a record of somebody else in mid-body', ['Reachable', 34], SHORT, (ask, below) => afterHalf(ask, () => below.write(FOREIGN_RECORD))),
  spoiled('a record of somebody else before the answer', ['OutOfReach', 7], SHORT, (_ask, below) => void below.write(FOREIGN_RECORD)),
  spoiled('a stream cut in mid-record, always', 'well', ['stream'], (ask, below) => {
    ask.socket.write(STREAM_HEAD);
    for (const raw of goodItems()) ask.socket.write(chunk(`data: ${eventText(raw)} \n\n\n`));
    setTimeout(() => below.end(HALF_RECORD), 20);
  }),
  spoiled('421 for ever', ['OutOfReach', 42], ['version', 'list', 'stream', 'tick'], ({ socket }) => void socket.write(answer('421 Misdirected Request', ['Content-Type: text/plain'], 'Misdirected Request'))),
]; // prettier-ignore

export interface TlsChaos {
  readonly ca: string;
  /** The address of the edge, with the path that the chaos server tells it by. */
  urlOf(edge: string): string;
  turn(edge: string, on: boolean): void;
  close(): Promise<void>;
}

/** One port for each edge; what gets through is handed to `serve`. The lab's CA is trusted by the whole process until it is closed. */
export async function startTlsChaos(faults: ReadonlyMap<string, TlsFault>, serve: Serve): Promise<TlsChaos> {
  const lab = await makeLab();
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, lab.ca]);
  const ports = new Map(await Promise.all([...faults].map(async ([edge, fault]) => [edge, await openPort(fault, lab, serve)] as const)));
  return {
    ca: lab.ca,
    urlOf: (edge) => `${faults.get(edge)?.scheme ?? 'https'}://127.0.0.1:${ports.get(edge)?.number}/${edge}`,
    turn: (edge, on) => ports.get(edge)?.turn(on),
    async close() {
      setDefaultCACertificates(trusted);
      await Promise.all([...ports.values()].map((port) => port.close()));
    },
  };
} // prettier-ignore

interface Port {
  readonly number: number;
  turn(on: boolean): void;
  close(): Promise<void>;
}

type Serve = (socket: Socket, spoil?: (ask: Ask) => boolean) => void;

const listening = async <T extends Server>(server: T): Promise<T> => {
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  return server;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** In front a bare relay, so that a fault can write what it likes between the records of the TLS server behind it. */
async function openPort(fault: TlsFault, lab: Lab, serve: Serve): Promise<Port> {
  const { options, bare: playBare, spoil, scheme } = fault;
  let isOn = false;
  const sockets = new Set<Socket>();
  /** The bare connection by the port that its relay came from. */
  const bareOf = new Map<number | undefined, Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const tlsServer = (own: TlsOptions) => {
    const server = createTlsServer(own, (tls) => {
      serve(tls, (ask) => {
        const below = bareOf.get(tls.remotePort);
        if (!isOn || below === undefined || spoil?.on.includes(ask.part) !== true) return false;
        spoil.play(ask, below);
        return true;
      });
    });
    return listening(server.on('tlsClientError', () => undefined));
  };
  const good = await tlsServer(lab.good);
  const bad = options === undefined ? good : await tlsServer(options(lab));
  const relay = (below: Socket): void => {
    const inner = keep(connect(portOf(isOn ? bad : good), '127.0.0.1', () => {
      bareOf.set(inner.localPort, below);
      below.pipe(inner).pipe(below);
    })); // prettier-ignore
    inner.on('close', () => bareOf.delete(inner.localPort));
    below.on('close', () => inner.destroy());
  };
  const front = await listening(
    createServer((socket) => {
      keep(socket);
      if (isOn && playBare !== undefined) playBare(socket);
      else if (!isOn && scheme === 'http') serve(socket);
      else relay(socket);
    }),
  );
  return {
    number: portOf(front),
    turn(on) {
      isOn = on;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([front, good, bad].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

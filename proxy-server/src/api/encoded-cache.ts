/**
 * Answers that many browsers ask alike: made, serialised and compressed once per version and visibility, and then only written. The ETag is
 * strong: a digest of the bytes, with the encoding behind it.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { compress, encodingFor, type Encoding } from './send-json.ts';

/** Answers kept: kinds of answer times visibilities that are in use. */
const MAX_ENTRIES = 256;

class Encoded {
  readonly version: string;
  readonly tag: string;
  readonly #bytes: Buffer;
  readonly #bodies = new Map<Encoding, Promise<Buffer>>();

  constructor(version: string, value: unknown) {
    this.version = version;
    this.#bytes = Buffer.from(JSON.stringify(value));
    this.tag = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 22);
  }

  body(encoding: Encoding): Promise<Buffer> {
    let body = this.#bodies.get(encoding);
    if (body === undefined) {
      body = compress(this.#bytes, encoding);
      this.#bodies.set(encoding, body);
    }
    return body;
  }
}

export interface EncodedCache {
  /** Answers `req` with the value of `name` at `version`; `make` runs only where nobody asked for that before. */
  send(req: IncomingMessage, res: ServerResponse, answer: CachedAnswer): Promise<void>;
}

export interface CachedAnswer {
  /** Which answer this is, and for whom: `overview all`. */
  readonly name: string;
  /** Changes whenever the answer may. */
  readonly version: string;
  readonly make: () => unknown;
}

/** True where the reader has these bytes already, under whichever encoding. */
function holds(ifNoneMatch: string | undefined, tag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((part) => {
    const [, held] = /^\s*(?:W\/)?"([^"]*?)(?:-br|-gzip)?"\s*$/.exec(part) ?? [];
    return held === tag;
  });
}

export function createEncodedCache(): EncodedCache {
  const entries = new Map<string, Encoded>();

  const entryOf = ({ name, version, make }: CachedAnswer): Encoded => {
    let entry = entries.get(name);
    if (entry === undefined || entry.version !== version) entry = new Encoded(version, make());
    entries.delete(name); // set again below: the map's order is the order of use
    entries.set(name, entry);
    const [oldest] = entries.keys();
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    return entry;
  };

  return {
    send: async (req, res, answer) => {
      const entry = entryOf(answer);
      const encoding = encodingFor(req.headers['accept-encoding']);
      res.setHeader('etag', encoding === 'identity' ? `"${entry.tag}"` : `"${entry.tag}-${encoding}"`);
      res.setHeader('cache-control', 'private, no-cache, no-transform');
      res.setHeader('vary', 'accept-encoding');
      if (holds(req.headers['if-none-match'], entry.tag)) {
        res.statusCode = 304;
        res.end();
        return;
      }
      const body = await entry.body(encoding);
      if (res.destroyed) return;
      res.statusCode = 200;
      res.setHeader('content-type', 'application/json; charset=utf-8');
      res.setHeader('x-content-type-options', 'nosniff');
      if (encoding !== 'identity') res.setHeader('content-encoding', encoding);
      res.setHeader('content-length', body.length);
      res.end(req.method === 'HEAD' ? undefined : body);
    },
  };
}

/**
 * Answers on the wire. argocd-server does not compress what comes through a proxy extension, so we do. `no-transform` keeps whatever is
 * between from touching the bytes that the ETag names.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
/** Below this a packet is not full anyway. */
const MIN_COMPRESS_BYTES = 1_400;

/** The best encoding that the request takes; q-values of 0 refuse. */
export function encodingFor(header: string | undefined): Encoding {
  const accepted = new Set<string>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    if (!refused) accepted.add(name);
  }
  if (accepted.has('br')) return 'br';
  return accepted.has('gzip') || accepted.has('*') ? 'gzip' : 'identity';
}

/** Brotli at quality 5: within 2 % of 9 on columns, at a tenth of the time. */
export async function compress(bytes: Buffer, encoding: Encoding, quality = 5): Promise<Buffer> {
  if (encoding === 'br') {
    return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  }
  return encoding === 'gzip' ? gzipped(bytes, { level: 6 }) : bytes;
}

/** One answer, not kept: for what nobody else asks alike. */
export async function sendJson(req: IncomingMessage, res: ServerResponse, value: unknown): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(value));
  const encoding = bytes.length < MIN_COMPRESS_BYTES ? 'identity' : encodingFor(req.headers['accept-encoding']);
  const body = await compress(bytes, encoding, 4);
  if (res.destroyed) return;
  res.statusCode = 200;
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('cache-control', 'no-store, no-transform');
  res.setHeader('vary', 'accept-encoding');
  res.setHeader('x-content-type-options', 'nosniff');
  if (encoding !== 'identity') res.setHeader('content-encoding', encoding);
  res.setHeader('content-length', body.length);
  res.end(req.method === 'HEAD' ? undefined : body);
}

/**
 * Bodies of unary answers: collected up to a limit, decoded from whatever encoding they came in (proxies in between choose their own), and
 * turned into text. A body that does not decode is broken, never shortened.
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, gunzipSync, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { AnswerHeaders } from '../domain/failure.ts';
import { headerText } from '../domain/classify-headers.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** Collects chunks; `add` is false when a limit is passed, and what came too late is not kept. */
export interface BodyCollector {
  add(chunk: Buffer): boolean;
  bytes(): Buffer;
  /** Once nobody needs the bytes any more. */
  release(): void;
}

/** What all large bodies of one moment may hold together. */
export interface BodyBudget {
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** At most `limitBytes` are given out at once. */
export function createBodyBudget(limitBytes: number): BodyBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > limitBytes) return false;
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}

/** So much of each body costs no budget: ordinary answers go through whatever a few huge ones do. */
const FREE_BYTES = 256 * 1024;

/** Collects at most `limitBytes` of an answer, and no more than the budget has left; what is over it is not kept. */
export function createBodyCollector(limitBytes: number, budget?: BodyBudget): BodyCollector {
  const kept = new GrowingBytes();
  let borrowed = 0;
  const affords = (length: number): boolean => {
    const wanted = Math.max(0, length - FREE_BYTES) - borrowed;
    if (budget === undefined || wanted <= 0) return true;
    if (!budget.take(wanted)) return false;
    borrowed += wanted;
    return true;
  };
  return {
    add(chunk) {
      const length = kept.length + chunk.length;
      if (length > limitBytes || !affords(length)) return false;
      kept.append(chunk, true);
      return true;
    },
    bytes: () => kept.bytes(),
    release() {
      budget?.give(borrowed);
      borrowed = 0;
    },
  };
}

export type DecodedBody =
  | { readonly kind: 'text'; readonly text: string }
  /** The encoding ends too early, is damaged, or is none we know. */
  | { readonly kind: 'broken'; readonly sign: string }
  | { readonly kind: 'tooLarge' };

interface DecodeOptions {
  readonly maxOutputLength: number;
}
type Decoder = (bytes: Buffer, options: DecodeOptions) => Promise<Buffer>;

/** A body this small unpacks sooner here than on another thread, even one that was made to unpack to a thousand times its size. */
const SMALL_BYTES = 8_192;
const gunzipLater: Decoder = promisify(gunzip);
const gunzipBody: Decoder = async (bytes, options) =>
  bytes.length <= SMALL_BYTES ? gunzipSync(bytes, options) : gunzipLater(bytes, options);
const inflateBody: Decoder = promisify(inflate);
const inflateRawBody: Decoder = promisify(inflateRaw);
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipBody],
  ['x-gzip', gunzipBody],
  // "deflate" is zlib-wrapped by the standard and raw by custom
  ['deflate', (bytes, options) => inflateBody(bytes, options).catch(() => inflateRawBody(bytes, options))],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** The encodings of an answer, outermost last, without those that mean nothing. */
export const encodingsOf = (headers: AnswerHeaders): readonly string[] =>
  headerText(headers, 'content-encoding')
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity')
    .slice(0, 4);

/** Undoes the encodings from the outermost inwards. Never throws. */
export async function decodeBody(bytes: Buffer, headers: AnswerHeaders, limitBytes: number): Promise<DecodedBody> {
  let current = bytes;
  for (const encoding of encodingsOf(headers).toReversed()) {
    const decoder = DECODERS.get(encoding);
    if (decoder === undefined) return { kind: 'broken', sign: `encoding ${encoding.slice(0, 20)}` };
    try {
      current = await decoder(current, { maxOutputLength: limitBytes });
    } catch (thrown) {
      if (isTooLarge(thrown)) return { kind: 'tooLarge' };
      return { kind: 'broken', sign: `${encoding} body that ends early or is damaged` };
    }
  }
  const text = current.toString('utf8');
  return { kind: 'text', text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

const isTooLarge = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';

/** What classification needs to see of an error, as it comes and decoded. */
const COMPLAINT_BYTES = 65_536;
const MAX_COMPLAINT_BYTES = 1_048_576;

/** For the body of an error: its start is enough. */
export const createComplaintCollector = (): BodyCollector => createBodyCollector(COMPLAINT_BYTES);

/** The text of an error's body; empty where it cannot be read. */
export async function complaintText(bytes: Buffer, headers: AnswerHeaders): Promise<string> {
  const decoded = await decodeBody(bytes, headers, MAX_COMPLAINT_BYTES);
  return decoded.kind === 'text' ? decoded.text : '';
}

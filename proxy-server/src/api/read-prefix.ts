/** The start of an answer's body, decoded: enough to tell who is speaking. */
import type { IncomingMessage } from 'node:http';
import { gunzipSync, brotliDecompressSync, constants } from 'node:zlib';

const MAX_PREFIX_BYTES = 65_536;

function decode(bytes: Buffer, encoding: string | undefined): string {
  const limit = { maxOutputLength: MAX_PREFIX_BYTES * 4 };
  try {
    if (encoding === 'gzip') return gunzipSync(bytes, { ...limit, finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
    if (encoding === 'br') return brotliDecompressSync(bytes, { ...limit, finishFlush: constants.BROTLI_OPERATION_FLUSH }).toString('utf8');
  } catch {
    return ''; // what does not decode says nothing; the status still does
  }
  return bytes.toString('utf8');
}

/** Reads at most 64 KiB and lets the rest go. Never throws. */
export async function readPrefix(answer: IncomingMessage): Promise<{ readonly bodyPrefix: string; readonly bodyComplete: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve) => {
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_PREFIX_BYTES) answer.destroy();
    });
    for (const event of ['end', 'close', 'error', 'aborted'] as const) answer.on(event, () => resolve());
  });
  const bodyPrefix = decode(Buffer.concat(chunks).subarray(0, MAX_PREFIX_BYTES), answer.headers['content-encoding']);
  return { bodyPrefix, bodyComplete: answer.complete };
}

import type { IncomingMessage } from 'node:http';
import { invalidArgument } from './argo-error.ts';

/** argocd-server itself has no limit; a simulator of thousands must. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw invalidArgument('http: request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (!(isRecord(thrown) || typeof thrown === 'object')) throw thrown;
    // Go ends with "unexpected EOF" where the text stops too early, and names the character where it is wrong.
    const position = /position (\d+)/.exec(String(thrown))?.[1];
    const wrong = position === undefined ? '' : text.charAt(Number(position));
    throw invalidArgument(wrong === '' ? 'unexpected EOF' : `invalid character '${wrong}' looking for beginning of value`);
  }
}

/** The JSON object of a request's body; fields nobody knows are ignored, as the gateway does. */
export async function readJsonBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(request);
  const body = text.trim() === '' ? {} : parse(text);
  return isRecord(body) ? body : {};
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

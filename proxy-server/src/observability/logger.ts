/** pino behind the port. Nothing leaves through here before credentials and query strings are taken out of it, whatever field they stand in. */
import { pino, type DestinationStream, type Logger as PinoLogger, type LoggerOptions } from 'pino';
import { redact } from '../domain/redact.ts';
import type { LogFields, Logger } from '../ports/runtime.ts';

const CREDENTIAL_KEY =
  /^(authorization|cookie|set-cookie|cf-access-client-secret|cf-access-client-id|x-edge-fleet-secret|.*token|.*secret|.*password)$/i;
const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const STACK_LINES = 12;

const withoutQuery = (text: string): string => text.replace(/((?:https?:\/\/|(?<=^|\s)\/)[^\s?"']*)\?[^\s"']*/g, '$1?[redacted]');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** An error is told by its name, code, message and the first lines of its stack; its causes go along. */
function cleanError(error: Readonly<Record<string, unknown>>, depth: number): LogFields {
  const part = (key: string): unknown => clean(error[key], depth + 1);
  const stack =
    typeof error['stack'] === 'string' ? clean(error['stack'].split('\n').slice(0, STACK_LINES).join('\n'), depth + 1) : undefined;
  return { type: part('name'), code: part('code'), message: part('message'), stack, cause: part('cause') };
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutQuery(redact(value));
  if (!isRecord(value)) return value;
  if (depth > MAX_DEPTH) return '[deeper]';
  if (typeof value['message'] === 'string' && typeof value['stack'] === 'string') return cleanError(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => clean(item, depth + 1));
  return cleanFields(value, depth);
}

function cleanFields(fields: LogFields, depth: number): LogFields {
  const entries = Object.entries(fields).slice(0, MAX_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, CREDENTIAL_KEY.test(key) && value !== undefined ? '[redacted]' : clean(value, depth + 1)]),
  );
}

const wrap = (inner: PinoLogger): Logger => ({
  debug: (fields, message) => {
    if (inner.isLevelEnabled('debug')) inner.debug(cleanFields(fields, 0), message);
  },
  info: (fields, message) => inner.info(cleanFields(fields, 0), message),
  warn: (fields, message) => inner.warn(cleanFields(fields, 0), message),
  error: (fields, message) => inner.error(cleanFields(fields, 0), message),
  child: (fields) => wrap(inner.child(cleanFields(fields, 0))),
});

/** Writes JSON lines to `destination`; standard output where it is absent. */
export function createLogger(level: 'error' | 'warn' | 'info' | 'debug', destination?: DestinationStream): Logger {
  // pino would read an error anew that has been cleaned already.
  const options: LoggerOptions = {
    serializers: { err: (value: unknown) => value },
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

import type { ApplicationCondition } from './application.ts';
import type { ApplicationLook } from './look.ts';

export interface MessageFacts {
  readonly look: ApplicationLook;
  readonly conditions: readonly ApplicationCondition[];
  readonly operationMessage: string;
  readonly healthMessage: string;
}

/**
 * The one sentence that explains a look: what keeps it from being judged, what the operation says where it fails, what health says; a
 * Healthy or Suspended Application needs none. '' where nothing explains it.
 */
export function applicationMessage({ look, conditions, operationMessage, healthMessage }: MessageFacts): string {
  const condition = conditions.find(({ type, message }) => type.endsWith('Error') && message !== '')?.message ?? '';
  const firstOf = (...messages: readonly string[]): string => messages.find((message) => message !== '') ?? '';
  switch (look) {
    case 'Unjudged':
      return condition;
    case 'Failing':
      return firstOf(operationMessage, condition, healthMessage);
    case 'Degraded':
    case 'Missing':
      return firstOf(healthMessage, condition, operationMessage);
    case 'Progressing':
      return firstOf(operationMessage, healthMessage);
    default:
      return '';
  }
}

/** Longer messages are alike by their beginning. */
const MAX_COMMON_LENGTH = 200;
const PARTS_THAT_DIFFER = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, // UUIDs
  /\bsha256:[0-9a-f]+/gi,
  /-[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, // Pod names end in a template hash and five safe characters
  /\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/gi, // hashes
  /\d+(?:[.:]\d+)*/g, // numbers, times, addresses, versions
];

/** What many messages have in common: what tells them apart is a `*`. As a pattern it matches each of them. */
export function commonMessage(message: string): string {
  if (message === '') return '';
  const common = PARTS_THAT_DIFFER.reduce(
    (text, part) => text.replace(part, '*'),
    message.slice(0, MAX_COMMON_LENGTH).replaceAll(/[^\S ]+| {2,}/g, '*'),
  );
  const tail = message.length > MAX_COMMON_LENGTH ? '*' : '';
  return `${common.trim()}${tail}`.replaceAll(/\*(?:[\s.:/-]?\*)+/g, '*');
}

import type { ApplicationCondition } from './application.ts';
import type { SyncStatus } from './health.ts';
import type { ApplicationLook } from './look.ts';
import { isFailing, type OperationState } from './operation.ts';

export interface MessageFacts {
  readonly look: ApplicationLook;
  readonly conditions: readonly ApplicationCondition[];
  readonly operation: OperationState;
  readonly sync: SyncStatus;
  readonly operationMessage: string;
  readonly healthMessage: string;
}

/** Where a sentence that explains a look may come from. */
export type MessageSource = 'condition' | 'operation' | 'health';

/** Best first. A Healthy or Suspended Application needs no explanation. */
const SOURCES: Readonly<Record<ApplicationLook, readonly MessageSource[]>> = {
  Unjudged: ['condition'],
  Failing: ['operation', 'condition', 'health'],
  Degraded: ['health', 'condition', 'operation'],
  Missing: ['health', 'condition', 'operation'],
  Progressing: ['operation', 'health'],
  Suspended: [],
  Healthy: [],
};
const BESIDE_OPERATION: Readonly<Record<ApplicationLook, readonly MessageSource[]>> = {
  ...SOURCES,
  Failing: ['condition', 'health'],
  Degraded: ['health', 'condition'],
  Missing: ['health', 'condition'],
  Progressing: ['health'],
};

/** True where what the operation says is about now: it fails, or it is under way. "successfully synced" explains nothing that came after. */
export const operationExplains = (operation: OperationState, sync: SyncStatus): boolean =>
  isFailing(operation, sync) || operation === 'Running' || operation === 'Terminating';

/** Where to look for the sentence that explains a look, best first. */
export const messageSources = (look: ApplicationLook, withOperation: boolean): readonly MessageSource[] =>
  withOperation ? SOURCES[look] : BESIDE_OPERATION[look];

/** What a condition says that keeps Argo CD from comparing or syncing; '' where none does. */
export const conditionMessage = (conditions: readonly ApplicationCondition[]): string =>
  conditions.find(({ type, message }) => type.endsWith('Error') && message !== '')?.message ?? '';

/**
 * The one sentence that explains a look: what keeps it from being judged, what the operation says where it fails or runs, what health says.
 * '' where nothing explains it.
 */
export function applicationMessage({ look, conditions, operation, sync, operationMessage, healthMessage }: MessageFacts): string {
  const texts: Readonly<Record<MessageSource, string>> = {
    condition: conditionMessage(conditions),
    operation: operationMessage,
    health: healthMessage,
  };
  const source = messageSources(look, operationExplains(operation, sync)).find((known) => texts[known] !== '');
  return source === undefined ? '' : texts[source];
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

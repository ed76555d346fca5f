import { defined, listAt, numberAt, textAt, timeAt } from '../../api/json-fields.ts';

/** A Kubernetes Event. */
export interface EdgeEvent {
  readonly key: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly object: string;
  readonly count: number;
  readonly firstAt?: number;
  readonly lastAt?: number;
}

/** More are not drawn; the newest count. */
export const MAX_EVENTS = 500;

/** Newest first. `eventTime` stands in where the older fields are null (events.k8s.io/v1). */
export function parseEvents(answer: unknown): readonly EdgeEvent[] {
  return listAt(answer, 'items')
    .map((item, index): EdgeEvent => {
      const firstAt = timeAt(item, 'firstTimestamp') ?? timeAt(item, 'eventTime') ?? timeAt(item, 'metadata', 'creationTimestamp');
      return {
        key: textAt(item, 'metadata', 'uid') ?? String(index),
        type: textAt(item, 'type') ?? '',
        reason: textAt(item, 'reason') ?? '',
        message: textAt(item, 'message') ?? '',
        object: [textAt(item, 'involvedObject', 'kind'), textAt(item, 'involvedObject', 'name')]
          .filter((part) => part !== undefined)
          .join(' '),
        count: numberAt(item, 'count') ?? 1,
        ...defined<EdgeEvent>({ firstAt, lastAt: timeAt(item, 'lastTimestamp') ?? firstAt }),
      };
    })
    .sort((left, right) => (right.lastAt ?? 0) - (left.lastAt ?? 0))
    .slice(0, MAX_EVENTS);
}

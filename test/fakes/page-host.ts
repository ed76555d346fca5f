/** What a page needs of a browser that jsdom lacks, and a hub that answers for the invented fleet without a network. */
import { TextDecoder as NodeTextDecoder, TextEncoder as NodeTextEncoder } from 'node:util';
import type { EdgeRow } from '../../proxy-server/src/domain/fleet-view.ts';
import { overviewOf } from './fleet-answers.ts';
import { answerFleet } from './fleet-routes.ts';

export interface FakeHub {
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  /** What was posted, in order. */
  readonly posted: { readonly path: string; readonly body: unknown }[];
  /** An event on every open stream. */
  push(type: string, data: unknown): void;
  /** Answers in place of the usual: undefined leaves a path as it is. */
  answer: (path: string) => { readonly status: number; readonly type: string; readonly body: string } | undefined;
}

type Reading = (result: { readonly done: boolean; readonly value?: Uint8Array }) => void;

/** A body that gives what is pushed into it. */
function pushBody(): { readonly body: object; push(text: string): void } {
  const waiting: Uint8Array[] = [];
  let reading: Reading | undefined;
  const read = (): Promise<unknown> =>
    new Promise((resolve) => {
      const value = waiting.shift();
      if (value !== undefined) resolve({ done: false, value });
      else reading = resolve;
    });
  return {
    body: { getReader: () => ({ read, cancel: () => Promise.resolve() }) },
    push(text) {
      const value = new NodeTextEncoder().encode(text);
      if (reading === undefined) waiting.push(value);
      else reading({ done: false, value });
      reading = undefined;
    },
  };
}

const response = (status: number, type: string, text: string, body: object | null = null): object => ({
  ok: status >= 200 && status < 300,
  status,
  headers: { get: (name: string) => (name === 'Content-Type' ? type : null) },
  body,
  text: () => Promise.resolve(text),
  json: () => Promise.resolve(JSON.parse(text)),
});

/** Puts the fake hub into the page of this test. */
export function installHub(rows: readonly EdgeRow[]): FakeHub {
  const bodies: { push(text: string): void }[] = [];
  const hub: FakeHub = {
    asked: [],
    posted: [],
    push: (type, data) => bodies.forEach((body) => body.push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)),
    answer: () => undefined,
  };
  const fetch = (path: string, init?: RequestInit): Promise<object> => {
    hub.asked.push(path);
    if (init?.method === 'POST') hub.posted.push({ path, body: JSON.parse(String(init.body)) });
    const own = hub.answer(path);
    if (own !== undefined) return Promise.resolve(response(own.status, own.type, own.body));
    if (path.includes('/stream?')) {
      const { body, push } = pushBody();
      bodies.push({ push });
      push('event: hello\ndata: {}\n\n');
      if (path.includes('fleet') && !path.includes('after=')) push(`id: 1\nevent: snapshot\ndata: ${JSON.stringify(overviewOf(rows))}\n\n`);
      return Promise.resolve(response(200, 'text/event-stream', '', body));
    }
    const { status, body } = answerFleet(rows, path);
    return Promise.resolve(response(status, status === 200 ? 'application/json' : 'application/problem+json', JSON.stringify(body)));
  };
  Object.assign(window, { fetch, EDGE_FLEET_VERSION: 'test' });
  Object.assign(globalThis, { TextDecoder: NodeTextDecoder, EDGE_FLEET_VERSION: 'test' });
  HTMLCanvasElement.prototype.getContext = () => null;
  const sized = (owner: object, size: string, value: number): unknown =>
    Object.defineProperty(owner, size, { configurable: true, get: () => value });
  sized(Element.prototype, 'clientHeight', 800);
  sized(Element.prototype, 'clientWidth', 800);
  sized(HTMLElement.prototype, 'offsetHeight', 44);
  return hub;
}

/**
 * The simulator answers as real Argo CDs did: same status, same headers, same framing byte by byte, same keys of the same types in the same order,
 * same words in errors. Every recording of test/fixtures/argocd is asked again, or named in LEFT_OUT with the reason why not.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/src/simulator.ts';
import type { Application, Edge } from '../../simulator/src/world/edge.ts';
import { create, refresh, release, remove } from '../../simulator/src/world/operations.ts';
import { POPUP, recordedEdgeName } from '../../simulator/src/world/recorded-edges.ts';
import { ask, readRecording, type Answer, type Recording, type Until } from './argocd-recordings-client.ts';
import { shapeDifferences } from './argocd-recordings-shape.ts';

const VERSIONS = [
  ['2.10.20', '2.10'],
  ['2.14.21', '2.14'],
  ['3.4.7', '3.4'],
  ['3.5.1', '3.5'],
] as const;

/** Not asked here, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'plain-http-to-tls-server': 'asked of a TLS listener in simulator/src/door.test.ts',
  'plain-http-to-tls-server-stream': 'asked of a TLS listener in simulator/src/door.test.ts',
  'stream-when-server-stops': 'the grace of SIGTERM is played by the front as the fault `draining`',
  'stream-from-resource-version': 'asked in its own test below',
};

/** What depends on the moment of the recording, not on the version. */
const TOLERATED: Readonly<Record<string, readonly RegExp[]>> = {
  // The controller had healed itself (a partial operation with autoHealAttemptsCount) when these were taken, or had not.
  '*': [
    /operation\.sync\.(resources|autoHealAttemptsCount)/,
    /\{migrations\}\.status\.operationState\.(operation\.sync|syncResult)\.resources\[\]\.(hookType|images)/,
    /\.managedFields/,
  ],
  'app-migrations': [/syncResult\.resources\[\]\.(hookType|images)/],
  'stream-full-one-app-sse': [/syncResult\.resources\[\]\.images/],
  accounts: [/tokens\[\]\.expiresAt/],
  'list-exclusion': [/\.operationState\.operation\.sync\.resources/],
  // The recorded Pod carried a label of its own that made it crash.
  'tree-inventory': [/labels\.crash/],
};

const STORY = [
  'delete-operation-none-running',
  'delete-operation-without-content-type-415',
  'sync-forbidden',
  'sync-window-blocked',
  'sync-auto-other-revision',
  'sync-bad-json',
  'sync-charset-415',
  'sync-unknown-field',
  'sync-accepted-stream',
  'sync-accepted',
  'sync-second-while-running',
  'app-signage-out-of-sync',
  'managed-resources-signage-out-of-sync',
  'sync-dry-run',
  'app-signage-after-dry-run',
  'sync-again',
  'rollback-unknown-id',
  'rollback-with-auto-sync',
  'rollback-accepted',
  'app-signage-after-rollback',
  'patch-auto-sync-off',
  'patch-auto-sync-on',
  'sync-partial',
] as const;
const ROOT_PATH = ['rootpath-healthz', 'rootpath-inside', 'rootpath-outside'];

const isStream = (recording: Recording): boolean => recording.response?.chunks !== undefined || recording.response === null;

/** Headers whose value belongs to the moment or to the length of the data. */
const MOMENTARY = new Set(['Date', 'Content-Length', 'Transfer-Encoding']);

function headersThatMatter(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .map(([name, value]) => (MOMENTARY.has(name) ? (name === 'Date' ? 'Date' : '') : `${name}: ${value}`))
    .filter((line) => line !== '');
}

/** Takes out of an error's words what names a moment, a commit or a host of the recorded world. */
function words(body: string): string {
  return body
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replaceAll(/argocd\.store-0417\.example\.com|recorded-[\d-]+\.edge\.test/g, '<host>');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function expectSame(name: string, recording: Recording, answer: Answer | undefined): void {
  const { response } = recording;
  if (response === null || answer === undefined) {
    expect(answer?.body).toBe(response === null ? undefined : response.body);
    return;
  }
  expect(`${answer.status} ${answer.body.slice(0, answer.status === response.status ? 0 : 300)}`).toBe(`${response.status} `);
  expect(headersThatMatter(answer.headers)).toEqual(headersThatMatter(response.headers));
  expectSameBody(name, response, answer);
}

function expectSameBody(name: string, response: NonNullable<Recording['response']>, answer: Answer): void {
  const recordedBody = response.body ?? '';
  const recorded = parseJson(recordedBody);
  if (response.status >= 400 || recorded === undefined) {
    expect(words(answer.body)).toBe(words(recordedBody));
    expect(answer.headers['Content-Length'] === undefined).toBe(response.headers['Content-Length'] === undefined);
    return;
  }
  expect(shapeDifferences(recorded, parseJson(answer.body), [...(TOLERATED['*'] ?? []), ...(TOLERATED[name] ?? [])])).toEqual([]);
}

/** The messages of a stream, in the order they came; throws where the bytes are not framed as recorded. */
function messagesOf(bytes: string, events: boolean): unknown[] {
  const framing = events ? /data: (\{.*?\}) \n\n\n|:\n/gy : /(\{.*\})\n/gy;
  const messages: unknown[] = [];
  let end = 0;
  for (const match of bytes.matchAll(framing)) {
    end = match.index + match[0].length;
    if (match[1] !== undefined) messages.push(JSON.parse(match[1]));
  }
  if (end !== bytes.length)
    throw new Error(`Not framed as ${events ? 'events' : 'lines'} from byte ${end}: ${JSON.stringify(bytes.slice(end, end + 80))}`);
  return messages;
}

interface Message {
  readonly result?: { readonly type?: string; readonly application?: { readonly metadata: { readonly name: string } } };
}

/** One list of messages as an object by what they are about, so that shapes compare like with like. */
function byApplication(messages: readonly unknown[]): unknown {
  return Object.fromEntries(
    (messages as readonly Message[]).map((message) => [
      `${message.result?.type ?? ''} ${message.result?.application?.metadata.name ?? ''}`,
      message,
    ]),
  );
}

const bytesOf = (recording: Recording): string => (recording.response?.chunks ?? []).map((chunk) => chunk.text).join('');

function expectSameStream(name: string, recording: Recording, answer: Answer | undefined, keep: (message: Message) => boolean): void {
  const { response } = recording;
  if (response === null || answer === undefined) {
    expect(answer).toBe(response === null ? undefined : answer);
    expect(response).toBeNull();
    return;
  }
  const events = response.headers['Content-Type'] === 'text/event-stream';
  expect(answer.status).toBe(response.status);
  expect(headersThatMatter(answer.headers)).toEqual(headersThatMatter(response.headers));
  expect(answer.headers['Transfer-Encoding']).toBe('chunked');
  const recorded = bytesOf(recording);
  if (response.status !== 200) {
    expect(answer.body).toBe(recorded);
    return;
  }
  const wanted = (bytes: string): unknown => byApplication((messagesOf(bytes, events) as Message[]).filter(keep));
  expect(shapeDifferences(wanted(recorded), wanted(answer.body), [...(TOLERATED['*'] ?? []), ...(TOLERATED[name] ?? [])])).toEqual([]);
}

const isSnapshot = (message: Message): boolean => message.result?.type === 'ADDED' && message.result.application?.metadata.name !== 'popup';

describe.each(VERSIONS)('an edge of Argo CD %s', (version, line) => {
  const names = readdirSync(new URL(`../fixtures/argocd/${version}/`, import.meta.url))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace('.json', ''));
  const asked = new Set<string>();
  let simulator: Simulator;
  let edge: Edge;
  const application = (name: string): Application => edge.applications.find(({ component }) => component.name === name)!;
  const read = (name: string): Recording => {
    asked.add(name);
    return readRecording(version, name);
  };
  const askFor = async (name: string, until?: Until): Promise<void> =>
    expectSame(name, read(name), await ask(simulator, edge, readRecording(version, name), until));
  const quiet = new Set<string>([...STORY, ...ROOT_PATH, ...Object.keys(LEFT_OUT)]);
  const still = names.filter((name) => !quiet.has(name) && !isStream(readRecording(version, name)));
  const streams = names.filter(
    (name) => !quiet.has(name) && isStream(readRecording(version, name)) && !['stream-create-delete-sse', 'tree-stream-sse'].includes(name),
  );

  /** Until nothing is due any more: operations, refreshes and roll-outs are over. */
  const rest = async (): Promise<void> => {
    while (simulator.world.agenda.size() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  beforeAll(async () => {
    simulator = await startSimulator({ edges: 0, recordedEdges: true, keepAliveMs: 240 });
    edge = simulator.world.edge(recordedEdgeName(line))!;
  });
  afterAll(() => simulator.close());

  test.each(still)('answers %s', async (name) => {
    await askFor(name);
  });

  test.each(streams)('streams %s', async (name) => {
    const recording = read(name);
    const isQuiet = recording.response === null;
    const ended = recording.response?.ended === 'by the server';
    const snapshot = (messagesOfSafely(bytesOf(recording)) as Message[]).filter(isSnapshot).length;
    const answer = await ask(
      simulator,
      edge,
      recording,
      isQuiet ? { silentMs: 150 } : ended ? { silentMs: 5000 } : { messages: snapshot, silentMs: 5000 },
    );
    expectSameStream(name, recording, answer, name.startsWith('logs') ? () => true : isSnapshot);
  });

  test('streams an Application that comes and goes as stream-create-delete-sse', async () => {
    const name = 'stream-create-delete-sse';
    const recording = read(name);
    const answer = await ask(simulator, edge, recording, {
      messages: 13,
      silentMs: 2000,
      meanwhile: () => {
        simulator.world.agenda.put(simulator.world.clock.now() + 100, () => create(simulator.world, edge, POPUP));
        simulator.world.agenda.put(simulator.world.clock.now() + 400, () => remove(simulator.world, application('popup')));
      },
    });
    expectSameStream(name, recording, answer, (message) => message.result?.application?.metadata.name === 'popup');
  });

  test('keeps silent on tree-stream-sse until the tree changes, and comments from then on', async () => {
    const name = 'tree-stream-sse';
    const recording = read(name);
    const began = performance.now();
    const answer = await ask(simulator, edge, recording, {
      silentMs: 2_000,
      meanwhile: () => simulator.world.agenda.put(simulator.world.clock.now() + 150, () => simulator.world.touch(application('pos'))),
    });
    expect(performance.now() - began).toBeGreaterThan(150);
    expect(answer?.body).toContain(':\n');
    expectSameStream(name, recording, answer, () => true);
  });

  test('replays nothing on stream-from-resource-version, withholds its headers, and then shows what changes', async () => {
    const recording = read('stream-from-resource-version');
    const began = performance.now();
    const answer = await ask(simulator, edge, recording, {
      messages: 1,
      silentMs: 2000,
      meanwhile: () =>
        simulator.world.agenda.put(simulator.world.clock.now() + 150, () =>
          refresh(simulator.world, application('signage'), () => undefined),
        ),
    });
    expect(performance.now() - began).toBeGreaterThan(150);
    const messages = messagesOf(answer?.body ?? '', true) as Message[];
    expect(messages.map((message) => `${message.result?.type ?? ''} ${message.result?.application?.metadata.name ?? ''}`)).toEqual([
      'MODIFIED signage',
    ]);
    await rest();
    application('signage').refreshed = false;
  });

  test('tells the story of syncing, dry running, rolling back and patching', async () => {
    for (const name of STORY.slice(0, 8)) await askFor(name);
    await rest();

    const streamed = read('sync-accepted-stream');
    const watching = ask(simulator, edge, streamed, { messages: 7, silentMs: 3000 });
    while (edge.traffic.openStreams === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await askFor('sync-accepted');
    await askFor('sync-second-while-running');
    const watched = await watching;
    const story = (bytes: string): string[] =>
      (messagesOf(bytes, true) as Message[]).map(chapterOf).filter((chapter, index, all) => chapter !== all[index - 1]);
    expect(story(watched?.body ?? '')).toEqual(story(bytesOf(streamed)));
    await rest();

    release(simulator.world, application('signage'), '2.1.608');
    refresh(simulator.world, application('signage'), () => undefined);
    await rest();
    expect(application('signage').sync).toBe('OutOfSync');
    await askFor('app-signage-out-of-sync');
    await askFor('managed-resources-signage-out-of-sync');
    await askFor('sync-dry-run');
    await rest();
    await askFor('app-signage-after-dry-run');
    await askFor('sync-again');
    await rest();
    for (const name of ['rollback-unknown-id', 'rollback-with-auto-sync', 'rollback-accepted']) await askFor(name);
    await rest();
    for (const name of ['app-signage-after-rollback', 'patch-auto-sync-off', 'patch-auto-sync-on', 'sync-partial']) await askFor(name);
    await rest();
    expect(application('signage').deployments).toBe(3);
  });

  test('knows its root path', async () => {
    edge.rootPath = '/argo';
    for (const name of ROOT_PATH.filter((candidate) => names.includes(candidate))) await askFor(name);
    edge.rootPath = '';
    expect(edge.rootPath).toBe('');
  });

  test('leaves out no recording without a reason', () => {
    const forgotten = names.filter((name) => !asked.has(name) && LEFT_OUT[name] === undefined);
    expect(forgotten).toEqual([]);
    expect(asked.size).toBeGreaterThan(100);
  });
});

function messagesOfSafely(bytes: string): unknown[] {
  return bytes
    .split('\n')
    .map((text) => text.replace(/^data: /, ''))
    .filter((text) => text.startsWith('{'))
    .map((text) => JSON.parse(text) as unknown);
}

/** What a watcher of one Application can tell apart: operation, phase, sync, health. Images come beside, at once or a moment later. */
function chapterOf(message: Message): string {
  const { application, type } = message.result as unknown as { type: string; application: Watched };
  const { sync, health, operationState } = application.status;
  return [
    type,
    application.operation === undefined ? 'at rest' : 'operation',
    operationState?.phase ?? 'no state',
    sync.status,
    health.status,
  ].join(', ');
}

interface Watched {
  readonly operation?: unknown;
  readonly status: {
    readonly sync: { readonly status: string };
    readonly health: { readonly status?: string };
    readonly operationState?: { readonly phase: string };
  };
}

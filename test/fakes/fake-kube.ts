/**
 * A Kubernetes API server as far as a client can tell: lists and watches with resource versions, label and field selectors, bookmarks,
 * 410 after a compaction, cut connections, 401 after a token rotation, server-side apply of status that is no write when nothing changes,
 * and refusals by a CRD's own rules. It keeps every request, so that tests can hold RBAC against what is really asked.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface KubeRequest {
  readonly verb: 'list' | 'watch' | 'get' | 'patch' | 'create';
  /** As RBAC names it: `edges`, `edges/status`, `secrets`. */
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly status: number;
}

interface Stored {
  readonly object: KubeObject;
  readonly resource: string;
}

interface Event {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly stored: Stored;
}

interface Place {
  readonly group: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

interface Asked {
  readonly verb: string;
  readonly place: Place;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly body: string;
}

interface Watcher {
  readonly place: Place;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}

const PLURALS: Readonly<Record<string, string>> = {
  Edge: 'edges',
  Connector: 'connectors',
  Product: 'products',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
};
const NAMESPACE = 'edge-fleet';

function placeOf(path: string): Place | undefined {
  const match = /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path);
  if (match === null) return undefined;
  return { group: match[1] ?? '', namespace: match[2]!, resource: match[3]!, name: match[4], subresource: match[5] };
}

function matchesSelectors(object: KubeObject, query: URLSearchParams): boolean {
  const labels = (object.metadata['labels'] ?? {}) as Record<string, string>;
  const pairs = (text: string | null): readonly string[][] => (text ?? '').split(',').filter((part) => part !== '').map((part) => part.split('=')); // prettier-ignore
  const byLabel = pairs(query.get('labelSelector')).every(([key = '', value = '']) => labels[key] === value);
  const byField = pairs(query.get('fieldSelector')).every(([key = '', value = '']) =>
    key === 'metadata.name' ? object.metadata.name === value : false,
  );
  return byLabel && byField;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

export class FakeKube {
  readonly requests: KubeRequest[] = [];
  token = 'token-1';
  /** The next so many status patches are answered with 409. */
  conflicts = 0;
  /** Lists of these resources are answered with this status, as for a missing CRD (404) or a missing right (403). */
  readonly listFailures = new Map<string, number>();
  /** The same for watches alone. */
  readonly watchFailures = new Map<string, number>();
  /** What a CRD refuses, by kind. */
  readonly validators = new Map<string, (object: unknown) => readonly string[]>();
  #version = 100;
  #oldest = 0;
  readonly #objects = new Map<string, Stored>();
  readonly #events: Event[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #server: Server;
  #unavailable = false;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#port()}`;
  }

  #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Goes away, port and all; `meanwhile` happens before it is back. */
  async restart(meanwhile: () => void): Promise<void> {
    const port = this.#port();
    await this.close();
    meanwhile();
    await this.start(port);
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Creates or replaces an object, as `kubectl apply` would; the generation grows when the spec changes. Returns why it was refused. */
  put(object: KubeObject): readonly string[] {
    const refused = this.validators.get(object.kind)?.(object) ?? [];
    if (refused.length > 0) return refused;
    const resource = PLURALS[object.kind]!;
    const before = this.#objects.get(`${resource}/${object.metadata.name}`)?.object;
    const sameSpec = before !== undefined && JSON.stringify(before['spec']) === JSON.stringify(object['spec']);
    const generation = before === undefined ? 1 : Number(before.metadata['generation']) + (sameSpec ? 0 : 1);
    const status = before?.['status'] === undefined ? {} : { status: before['status'] };
    this.#store(
      { ...status, ...object, metadata: { namespace: NAMESPACE, uid: `uid-${object.metadata.name}`, ...object.metadata, generation } },
      resource,
    );
    return [];
  }

  remove(kind: string, name: string): void {
    const key = `${PLURALS[kind]!}/${name}`;
    const stored = this.#objects.get(key);
    if (stored === undefined) return;
    this.#objects.delete(key);
    this.#version += 1;
    this.#emit({ version: this.#version, type: 'DELETED', stored });
  }

  get(kind: string, name: string): KubeObject | undefined {
    return this.#objects.get(`${PLURALS[kind]!}/${name}`)?.object;
  }

  names(kind: string): readonly string[] {
    return [...this.#objects.values()].filter(({ object }) => object.kind === kind).map(({ object }) => object.metadata.name);
  }

  get watches(): number {
    return this.#watchers.size;
  }

  /** Ends every open watch in the middle, as a lost connection does. */
  cut(): void {
    for (const { response } of this.#watchers) response.destroy();
  }

  /** Ends every open watch in good form, as an API server does of its own accord now and then. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
    this.#watchers.clear();
  }

  /** Forgets what happened before now: watches from older versions get 410, as after an etcd compaction. */
  compact(): void {
    this.#oldest = this.#version;
    this.#events.length = 0;
  }

  /** From now on only this token is good; open watches are ended, as they are when a server restarts. */
  rotateToken(token: string): void {
    this.token = token;
    this.cut();
  }

  unavailable(is: boolean): void {
    this.#unavailable = is;
    if (is) this.cut();
  }

  bookmark(): void {
    this.#version += 1;
    for (const { place, response } of this.#watchers) {
      const object = { kind: place.resource, apiVersion: 'v1', metadata: { resourceVersion: String(this.#version) } };
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
    }
  }

  #store(object: KubeObject, resource: string): void {
    const key = `${resource}/${object.metadata.name}`;
    this.#version += 1;
    const stored = { object: { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } }, resource };
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(key, stored);
    this.#emit({ version: this.#version, type, stored });
  }

  #emit(event: Event): void {
    this.#events.push(event);
    for (const watcher of this.#watchers) this.#send(watcher, event);
  }

  #send(watcher: Watcher, { version, type, stored }: Event): void {
    if (stored.resource !== watcher.place.resource || !matchesSelectors(stored.object, watcher.query)) return;
    const object =
      type === 'DELETED' ? { ...stored.object, metadata: { ...stored.object.metadata, resourceVersion: String(version) } } : stored.object;
    watcher.response.write(`${JSON.stringify({ type, object })}\n`);
  }

  #json(response: ServerResponse, status: number, body: unknown): number {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    return status;
  }

  #failure(response: ServerResponse, code: number, reason: string, message = reason): number {
    return this.#json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kube');
    const place = placeOf(url.pathname);
    if (place === undefined) return void this.#failure(response, 404, 'NotFound');
    const isWatch = url.searchParams.get('watch') === 'true';
    const verb = request.method === 'PATCH' ? 'patch' : isWatch ? 'watch' : place.name === undefined ? 'list' : 'get';
    const body = await bodyOf(request);
    const status = this.#dispatch({ verb, place, url, request, body }, response);
    const resource = place.subresource === undefined ? place.resource : `${place.resource}/${place.subresource}`;
    const selector = (name: string): string => url.searchParams.get(name) ?? '';
    this.requests.push({ verb, resource, group: place.group, namespace: place.namespace, labelSelector: selector('labelSelector'), fieldSelector: selector('fieldSelector'), status }); // prettier-ignore
  }

  #dispatch(asked: Asked, response: ServerResponse): number {
    const { place, request } = asked;
    if (this.#unavailable) return this.#failure(response, 503, 'ServiceUnavailable');
    if (request.headers.authorization !== `Bearer ${this.token}`) return this.#failure(response, 401, 'Unauthorized');
    if (place.namespace !== NAMESPACE) return this.#failure(response, 403, 'Forbidden');
    const failure =
      (asked.verb === 'watch' ? this.watchFailures : this.listFailures).get(place.resource) ?? this.listFailures.get(place.resource);
    if (failure !== undefined && asked.verb !== 'patch')
      return this.#failure(response, failure, failure === 403 ? 'Forbidden' : 'NotFound');
    return this.#serve(asked, response);
  }

  #serve(asked: Asked, response: ServerResponse): number {
    const { verb, place, url } = asked;
    if (verb === 'watch') return this.#watch(place, url, response);
    if (verb === 'list') return this.#list(place, url, response);
    if (verb === 'patch') return this.#applyStatus(asked, response);
    const stored = this.#stored(place);
    return stored === undefined ? this.#failure(response, 404, 'NotFound') : this.#json(response, 200, stored.object);
  }

  #stored(place: Place): Stored | undefined {
    return this.#objects.get(`${place.resource}/${place.name ?? ''}`);
  }

  #list(place: Place, url: URL, response: ServerResponse): number {
    const items = [...this.#objects.values()].filter(
      ({ resource, object }) => resource === place.resource && matchesSelectors(object, url.searchParams),
    );
    const metadata = { resourceVersion: String(this.#version) };
    return this.#json(response, 200, { kind: 'List', apiVersion: 'v1', metadata, items: items.map(({ object }) => object) });
  }

  #watch(place: Place, url: URL, response: ServerResponse): number {
    const since = Number(url.searchParams.get('resourceVersion') ?? '0');
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (since < this.#oldest) {
      const object = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old resource version' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return 410;
    }
    const watcher = { place, query: url.searchParams, response };
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
    for (const event of this.#events) if (event.version > since) this.#send(watcher, event);
    return 200;
  }

  #applyStatus({ place, url, request, body }: Asked, response: ServerResponse): number {
    const contentType = request.headers['content-type'] ?? '';
    if (contentType !== 'application/apply-patch+yaml') return this.#failure(response, 415, 'UnsupportedMediaType', contentType);
    if (place.subresource !== 'status' || url.searchParams.get('fieldManager') === null) return this.#failure(response, 400, 'BadRequest');
    const stored = this.#stored(place);
    if (stored === undefined) return this.#failure(response, 404, 'NotFound');
    if (this.conflicts > 0) {
      this.conflicts -= 1;
      return this.#failure(response, 409, 'Conflict');
    }
    return this.#applyTo(stored, JSON.parse(body) as KubeObject, response);
  }

  #applyTo({ object, resource }: Stored, applied: KubeObject, response: ServerResponse): number {
    const next = { ...object, status: applied['status'] };
    const refused = this.validators.get(object.kind)?.(next) ?? [];
    if (refused.length > 0) return this.#failure(response, 422, 'Invalid', refused.join('; '));
    if (JSON.stringify(object['status']) !== JSON.stringify(applied['status'])) this.#store(next, resource);
    return this.#json(response, 200, this.get(object.kind, object.metadata.name));
  }
}

/**
 * Fast JSON for very many alike Applications. An Application of a shape seen before under a projection seen before is not built, filtered and
 * serialised again: the first of its kind is, with marks in place of the words that differ, and cut at the marks. From then on its JSON is the
 * pieces with the words between them: some microseconds instead of some hundred.
 */
import type { Application, Operation } from '../world/edge.ts';
import type { Component } from '../world/catalog.ts';
import type { World } from '../world/world.ts';
import { type Json } from './go-json.ts';
import { type View } from './application-status.ts';
import { applicationObject } from './application-object.ts';
import type { NumberKey, Resolvers, TextKey, Texts } from './application-text.ts';
import { createResolvers, historyLengthOf } from './application-text.ts';
import { goJson } from './go-json.ts';
import type { VersionProfile } from './profiles.ts';

/** Renders Applications under one projection: what `shape` makes of the object is what is written. */
export interface Renderer {
  render(application: Application): string;
}

/** Distinct compiled pieces kept per version before all are forgotten; a world has some thousand. */
const COMPILED_LIMIT = 20_000;
const RENDERER_LIMIT = 64;

interface Hole {
  readonly key: TextKey | NumberKey;
  readonly index: number;
}
interface Compiled {
  readonly pieces: readonly string[];
  readonly holes: readonly Hole[];
}

const MARKS: Texts = {
  text: (key, index = 0) => `\uE000${key}:${index}\uE001`,
  number: (key, index = 0) => `\uE002${key}:${index}\uE003`,
};
const MARK = /"\uE002(\w+):(\d+)\uE003"|\uE000(\w+):(\d+)\uE001/g;
/** Words that may hold characters JSON escapes; all others are names, numbers and times. */
const ESCAPED: ReadonlySet<string> = new Set<TextKey>(['message', 'condition']);

function isKey(key: string): key is TextKey | NumberKey {
  return key.length > 0;
}

function compile(json: string): Compiled {
  const pieces: string[] = [];
  const holes: Hole[] = [];
  let end = 0;
  for (const match of json.matchAll(MARK)) {
    const key = match[1] ?? match[3] ?? '';
    if (!isKey(key)) continue;
    pieces.push(json.slice(end, match.index));
    holes.push({ key, index: Number(match[2] ?? match[4]) });
    end = match.index + match[0].length;
  }
  pieces.push(json.slice(end));
  return { pieces, holes };
}

const isPlain = (operation: Operation | undefined): boolean =>
  operation === undefined ||
  (operation.username === '' &&
    !operation.dryRun &&
    operation.infos.length === 0 &&
    operation.resources.length === 0 &&
    operation.strategy === undefined);

/** An Application that somebody has written to by hand: rendered for itself. */
function isShared(application: Application): boolean {
  return (
    application.labels === undefined &&
    application.annotations === undefined &&
    application.deletedAt === undefined &&
    application.automated === application.component.automated &&
    isPlain(application.operation) &&
    isPlain(application.operationState?.operation) &&
    application.records.every((record) => record.username === '')
  );
}

function operationShape(application: Application): string {
  const { operationState: state } = application;
  if (state === undefined) return '';
  const marks = [state.applied, state.finishedAt !== undefined, state.retryCount > 0, state.message !== ''];
  return `${state.phase}${marks.map(Number).join('')}`;
}

function shapeOf(application: Application, componentId: number, history: boolean): string {
  const flags =
    Number(application.operation !== undefined) +
    Number(application.refreshing) * 2 +
    Number(application.refreshed) * 4 +
    Number(application.imagesSeen) * 8;
  const length = history ? historyLengthOf(application) : '';
  return `${componentId}|${application.sync}|${application.health}|${application.trouble}|${operationShape(application)}|${flags}|${length}`;
}

/** Whether a projection lets the history through: only then do Applications with longer and shorter ones differ in shape. */
function showsHistory(shape: (object: Json) => unknown): boolean {
  const probe = '\uE000';
  const entry = {
    id: probe,
    revision: probe,
    revisions: [probe],
    deployedAt: probe,
    deployStartedAt: probe,
    initiatedBy: { automated: probe },
    source: probe,
    sources: [probe],
  };
  return goJson(shape({ metadata: {}, spec: {}, status: { history: [entry] } })).includes(probe);
}

/** Renderers of one world and version, one per projection. */
export interface Fragments {
  /** `name` stands for the projection: the same name must come with the same `shape`. */
  renderer(name: string, view: View, shape: (object: Json) => unknown): Renderer;
  /** The object itself, for the few who need it whole. */
  object(application: Application, view: View): Json;
}

function fill(compiled: Compiled, application: Application, resolvers: Resolvers): string {
  const { pieces, holes } = compiled;
  let json = pieces[0] ?? '';
  for (let index = 0; index < holes.length; index += 1) {
    const hole = holes[index];
    if (hole === undefined) break;
    const word = resolvers.resolve(application, hole.key, hole.index);
    json += ESCAPED.has(hole.key) ? goJson(word).slice(1, -1) : word;
    json += pieces[index + 1] ?? '';
  }
  return json;
}

/** Nothing compiled yet. */
export function createFragments(world: World, profile: VersionProfile): Fragments {
  const resolvers = createResolvers(world, profile.reconcileMs);
  const ids = new Map<Component, number>();
  const renderers = new Map<string, Renderer>();
  let compiledCount = 0;
  const idOf = (component: Component): number => {
    const id = ids.get(component) ?? ids.size;
    ids.set(component, id);
    return id;
  };
  const create = (view: View, shape: (object: Json) => unknown): Renderer => {
    const compiled = new Map<string, Compiled>();
    const history = showsHistory(shape);
    const write = (application: Application, texts: Texts): string =>
      goJson(shape(applicationObject(application, view, { profile, texts })));
    const render = (application: Application): string => {
      if (!isShared(application)) return write(application, resolvers.textsOf(application));
      const key = shapeOf(application, idOf(application.component), history);
      let found = compiled.get(key);
      if (found === undefined) {
        found = compile(write(application, MARKS));
        compiled.set(key, found);
        compiledCount += 1;
      }
      return fill(found, application, resolvers);
    };
    return { render };
  };
  return {
    renderer: (name, view, shape) => {
      const key = `${view}|${name}`;
      let renderer = renderers.get(key);
      if (renderer === undefined) {
        if (renderers.size >= RENDERER_LIMIT || compiledCount >= COMPILED_LIMIT) {
          renderers.clear();
          compiledCount = 0;
        }
        renderer = create(view, shape);
        renderers.set(key, renderer);
      }
      return renderer;
    },
    object: (application, view) => applicationObject(application, view, { profile, texts: resolvers.textsOf(application) }),
  };
}

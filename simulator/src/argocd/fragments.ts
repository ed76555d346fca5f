/**
 * Fast JSON for very many alike Applications. An Application of a shape seen before under a projection seen before is not built, filtered and
 * serialised again: the first of its kind is, with marks in place of the words that differ, and cut at the marks. From then on its JSON is the
 * pieces with the words between them: some microseconds instead of some hundred.
 */
import type { Application, Operation, OperationState } from '../world/edge.ts';
import type { Component } from '../world/catalog.ts';
import type { World } from '../world/world.ts';
import { type View } from './application-status.ts';
import { applicationObject } from './application-object.ts';
import type { NumberKey, Resolve, Resolvers, TextKey, Texts } from './application-text.ts';
import { createResolvers, historyLengthOf } from './application-text.ts';
import { goJson, type Json } from './go-json.ts';
import { createMemo } from './memo.ts';
import type { VersionProfile } from './profiles.ts';

/** Renders Applications under one projection: what `shape` makes of the object is what is written. */
export interface Renderer {
  render(application: Application): string;
}

/** Distinct compiled pieces kept per version before all are forgotten; a world has some thousand. */
const COMPILED_LIMIT = 20_000;
const RENDERER_LIMIT = 64;
/** Messages and conditions kept as JSON has them. */
const WORDS_KEPT = 1000;

/** A word that differs, and the piece that follows it. */
interface Hole {
  readonly resolve: Resolve;
  readonly index: number;
  readonly after: string;
}
interface Compiled {
  readonly before: string;
  readonly holes: readonly Hole[];
}

const MARKS: Texts = {
  text: (key, index = 0) => `\uE000${key}:${index}\uE001`,
  number: (key, index = 0) => `\uE002${key}:${index}\uE003`,
};
const MARK = /"\uE002(\w+):(\d+)\uE003"|\uE000(\w+):(\d+)\uE001/g;
/** Words that may hold characters JSON escapes; all others are names, numbers and times. */
const ESCAPED: ReadonlySet<string> = new Set<TextKey>(['message', 'condition']);

/** A copy that does not keep alive the text it was cut from. */
const flat = (text: string): string => Buffer.from(text).toString();

function isKey(key: string): key is TextKey | NumberKey {
  return key.length > 0;
}

/** Cuts a text at its marks; `resolverOf` finds the words, as JSON has them. */
function compile(json: string, resolverOf: Resolvers['resolver']): Compiled {
  const marks = [...json.matchAll(MARK)];
  const holes = marks.flatMap((match, position): Hole[] => {
    const key = match[1] ?? match[3] ?? '';
    if (!isKey(key)) return [];
    const after = json.slice(match.index + match[0].length, marks[position + 1]?.index);
    return [{ resolve: resolverOf(key), index: Number(match[2] ?? match[4]), after: flat(after) }];
  });
  return { before: flat(json.slice(0, marks[0]?.index)), holes };
}

/** The resolvers of words as they stand in JSON: what may hold characters that it escapes is escaped, the same words once. */
function createJsonResolvers(resolvers: Resolvers): Resolvers['resolver'] {
  const words = createMemo<string, string>(WORDS_KEPT);
  return (key) => {
    const resolve = resolvers.resolver(key);
    if (!ESCAPED.has(key)) return resolve;
    return (application, index) => {
      const word = resolve(application, index);
      return words(word, () => goJson(word).slice(1, -1));
    };
  };
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
    (application.records.length === 0 || application.records.every((record) => record.username === ''))
  );
}

/** All of an Application but its component that its JSON branches on: equal shapes of one component differ in words only. */
interface Shape {
  readonly sync: Application['sync'];
  readonly health: Application['health'];
  readonly trouble: Application['trouble'];
  /** Of the operation that was last, if there was one. */
  readonly phase: OperationState['phase'] | undefined;
  /** What is either so or not, one bit each. */
  readonly flags: number;
  /** Entries of the history, where it is shown. */
  readonly historyLength: number;
}

function operationFlags(state: OperationState | undefined): number {
  if (state === undefined) return 0;
  return (
    (state.applied ? 1 : 0) | (state.finishedAt === undefined ? 0 : 2) | (state.retryCount > 0 ? 4 : 0) | (state.message === '' ? 0 : 8)
  );
}

function flagsOf(application: Application): number {
  return (
    operationFlags(application.operationState) |
    (application.operation === undefined ? 0 : 16) |
    (application.refreshing ? 32 : 0) |
    (application.refreshed ? 64 : 0) |
    (application.imagesSeen ? 128 : 0)
  );
}

const shapeOf = (application: Application, showsHistory: boolean): Shape => ({
  sync: application.sync,
  health: application.health,
  trouble: application.trouble,
  phase: application.operationState?.phase,
  flags: flagsOf(application),
  historyLength: showsHistory ? historyLengthOf(application) : 0,
});

const hasShape = (application: Application, shape: Shape, showsHistory: boolean): boolean =>
  application.sync === shape.sync &&
  application.health === shape.health &&
  application.trouble === shape.trouble &&
  application.operationState?.phase === shape.phase &&
  flagsOf(application) === shape.flags &&
  (!showsHistory || historyLengthOf(application) === shape.historyLength);

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

/** How much of an Application a projection may show: only what all of a component have in common, but for words, or all of it. */
export type Shows = 'common' | 'all';

/** Renderers of one world and version, one per projection. */
export interface Fragments {
  /** `name` stands for the projection: the same name must come with the same `shape`. */
  renderer(name: string, view: View, shape: (object: Json) => unknown, shows?: Shows): Renderer;
  /** The object itself, for the few who need it whole. */
  object(application: Application, view: View): Json;
}

function fill({ before, holes }: Compiled, application: Application): string {
  let json = before;
  for (const { resolve, index, after } of holes) {
    json += resolve(application, index);
    json += after;
  }
  return json;
}

/** What was compiled for one component: of every shape seen, and the one seen last, since most Applications of a component look alike. */
interface Known {
  readonly byShape: Map<string, Compiled>;
  last: { readonly shape: Shape; readonly compiled: Compiled } | undefined;
}

/** The compiled pieces of one projection. */
class Shelf {
  readonly #known = new Map<Component, Known>();
  readonly #shows: Shows;
  readonly #history: boolean;
  readonly #compileOne: (application: Application) => Compiled;

  constructor(shows: Shows, history: boolean, compileOne: (application: Application) => Compiled) {
    this.#shows = shows;
    this.#history = history;
    this.#compileOne = compileOne;
  }

  clear(): void {
    this.#known.clear();
  }

  /** The pieces for this Application, compiled if it is the first of its shape. */
  of(application: Application): Compiled {
    const known = this.#known.get(application.component);
    if (known?.last !== undefined && (this.#shows === 'common' || hasShape(application, known.last.shape, this.#history)))
      return known.last.compiled;
    return this.#lookUp(application, known ?? { byShape: new Map(), last: undefined });
  }

  #lookUp(application: Application, known: Known): Compiled {
    const shape = shapeOf(application, this.#history);
    const key = Object.values(shape).join('|');
    const compiled = known.byShape.get(key) ?? this.#compileOne(application);
    known.byShape.set(key, compiled);
    known.last = { shape, compiled };
    this.#known.set(application.component, known);
    return compiled;
  }
}

/** Nothing compiled yet. */
export function createFragments(world: World, profile: VersionProfile): Fragments {
  const resolvers = createResolvers(world, profile.reconcileMs);
  const resolverOf = createJsonResolvers(resolvers);
  const renderers = new Map<string, Renderer>();
  const shelves = new Set<Shelf>();
  let compiledCount = 0;
  const forgetAll = (): void => {
    for (const shelf of shelves) shelf.clear();
    compiledCount = 0;
  };
  const create = (view: View, shape: (object: Json) => unknown, shows: Shows): Renderer => {
    const history = showsHistory(shape);
    const write = (application: Application, texts: Texts): string =>
      goJson(shape(applicationObject(application, view, { profile, texts, leavesOutHistory: !history })));
    const shelf = new Shelf(shows, history, (application) => {
      if (compiledCount >= COMPILED_LIMIT) forgetAll();
      compiledCount += 1;
      return compile(write(application, MARKS), resolverOf);
    });
    shelves.add(shelf);
    return {
      render: (application) =>
        isShared(application) ? fill(shelf.of(application), application) : write(application, resolvers.textsOf(application)),
    };
  };
  return {
    renderer: (name, view, shape, shows = 'all') => {
      const key = `${view}|${name}`;
      let renderer = renderers.get(key);
      if (renderer === undefined) {
        if (renderers.size >= RENDERER_LIMIT) {
          forgetAll();
          renderers.clear();
          shelves.clear();
        }
        renderer = create(view, shape, shows);
        renderers.set(key, renderer);
      }
      return renderer;
    },
    object: (application, view) => applicationObject(application, view, { profile, texts: resolvers.textsOf(application) }),
  };
}

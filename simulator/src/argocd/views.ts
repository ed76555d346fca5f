/**
 * What a `fields` parameter makes of Applications, worked out once for all edges of a version: a fleet is asked with the same few parameters of
 * a thousand letters by everybody.
 */
import type { ChangeType } from '../world/world.ts';
import type { Fragments, Renderer } from './fragments.ts';
import { createMemo } from './memo.ts';
import type { VersionProfile } from './profiles.ts';
import { listItem, listNames, overlaps, parseFields, project } from './projection.ts';

/** A projection of a stream. */
export interface StreamView {
  readonly renderers: Readonly<Record<ChangeType, Renderer>>;
  /** The type of a change is among the fields, so that the first MODIFIED always differs from ADDED. */
  readonly showsType: boolean;
}

/** A projection of a list. */
export interface ListView {
  readonly renderer: Renderer;
  /** The fields hold one and its own child. */
  readonly overlaps: boolean;
}

export interface Views {
  stream(parameter: string): StreamView;
  list(parameter: string): ListView;
}

const VIEW_LIMIT = 64;
/** Fields of a list that have no shape: whatever happens to an Application, they differ in words only. */
const COMMON: ReadonlySet<string> = new Set(['metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.creationTimestamp']);

function streamView(fragments: Fragments, parameter: string): StreamView {
  const fields = parseFields(parameter);
  const of = (type: ChangeType): Renderer =>
    fragments.renderer(`stream ${type} ${parameter}`, 'inferred', (application) => project({ result: { type, application } }, fields));
  return {
    renderers: { ADDED: of('ADDED'), MODIFIED: of('MODIFIED'), DELETED: of('DELETED') },
    showsType: JSON.stringify(project({ result: { type: 'ADDED' } }, fields)).includes('ADDED'),
  };
}

function listView(fragments: Fragments, profile: VersionProfile, parameter: string): ListView {
  const fields = parseFields(parameter);
  if (fields === undefined) return { renderer: fragments.renderer('', 'stored', (object) => object), overlaps: false };
  const names = listNames(fields, profile.listFields);
  const shows = names.every((name) => COMMON.has(name)) ? 'common' : 'all';
  return {
    renderer: fragments.renderer(`list ${parameter}`, 'stored', (object) => listItem(object, names), shows),
    overlaps: overlaps(names),
  };
}

/** The views of one version. */
export function createViews(fragments: Fragments, profile: VersionProfile): Views {
  const streams = createMemo<string, StreamView>(VIEW_LIMIT);
  const lists = createMemo<string, ListView>(VIEW_LIMIT);
  return {
    stream: (parameter) => streams(parameter, () => streamView(fragments, parameter)),
    list: (parameter) => lists(parameter, () => listView(fragments, profile, parameter)),
  };
}

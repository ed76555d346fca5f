import type { Exchange } from './answer.ts';
import type { StreamSettings } from './event-writer.ts';
import type { Fragments } from './fragments.ts';
import { answerList } from './list.ts';
import type { VersionProfile } from './profiles.ts';
import { authenticate } from './session.ts';
import { openApplicationStream } from './stream.ts';
import { sendJson } from './answer.ts';

/** A request with all that its route needs. */
export interface Call extends Exchange {
  readonly profile: VersionProfile;
  readonly fragments: Fragments;
  readonly streams: StreamSettings;
  /** What stood for the `:names` of the route's path, unescaped. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Answers a call, or throws an ArgoError. */
export type Answer = (call: Call) => Promise<void> | undefined | void;

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly answer: Answer;
  readonly since?: (profile: VersionProfile) => boolean;
}

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/version', answer: (call) => sendJson(call, { Version: call.profile.version }) },
  {
    method: 'GET',
    path: '/api/v1/applications',
    answer: (call) => answerList(call, call.profile, authenticate(call.world, call.edge, call.profile, call.request), call.fragments),
  },
  {
    method: 'GET',
    path: '/api/v1/stream/applications',
    answer: (call) =>
      openApplicationStream(call, authenticate(call.world, call.edge, call.profile, call.request), call.fragments, call.streams),
  },
];

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part === '*') {
      parameters['*'] = decodeURIComponent(given.slice(index).join('/'));
      return given.length > index ? parameters : undefined;
    }
    const text = given[index];
    if (text === undefined) return undefined;
    if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(text);
    else if (part !== text) return undefined;
  }
  return given.length === wanted.length ? parameters : undefined;
}

/** The route of a request, or the status a server of this version answers: 404 for a path it does not know, 405 for another method. */
export function routeOf(
  method: string,
  path: string,
  profile: VersionProfile,
): { readonly answer: Answer; readonly parameters: Readonly<Record<string, string>> } | 404 | 405 {
  let status: 404 | 405 = 404;
  for (const route of ROUTES) {
    const parameters = route.since === undefined || route.since(profile) ? match(route.path, path) : undefined;
    if (parameters === undefined) continue;
    if (route.method === method) return { answer: route.answer, parameters };
    status = 405;
  }
  return status;
}

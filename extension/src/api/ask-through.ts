import { known, unknown, type Read } from '../../../proxy-server/src/domain/doctor.ts';
import type { ThroughAnswer, ThroughFacts } from '../../../proxy-server/src/domain/doctor-through.ts';
import { OPS_SCOPE, VIEW_SCOPE } from '../../../proxy-server/src/domain/identity.ts';
import { anchorHeaders, type Anchor } from './anchor.ts';
import { textAt } from './json-fields.ts';
import { MAY_INVOKE } from './refusal.ts';

const SHOWN_CHARS = 4_096;

/** What the hub would answer: who may only look asks without leaving a refused request in its log. */
const REFUSED = known<ThroughAnswer>({ status: 401, text: 'Unauthorized extension request' });

function textOf({ text }: ThroughAnswer, name: string): string | undefined {
  try {
    return textAt(JSON.parse(text), name);
  } catch {
    return undefined;
  }
}

export interface AskThroughDeps {
  readonly fetch: typeof fetch;
  readonly anchor: Anchor;
}

/**
 * What only this browser knows, asked with the session of whoever sits before it: whether a call arrives at proxy-server, through which registration,
 * and what the hub itself says of this user. The answers are passed on as they came: doctor reads them.
 */
export async function askThrough({ fetch, anchor }: AskThroughDeps): Promise<ThroughFacts> {
  const ask = async (path: string): Promise<Read<ThroughAnswer>> => {
    try {
      const answer = await fetch(path, { headers: { ...anchorHeaders(anchor), Accept: 'application/json' }, cache: 'no-store' });
      return known({ status: answer.status, text: (await answer.text()).slice(0, SHOWN_CHARS) });
    } catch {
      return unknown('the browser does not reach the hub');
    }
  };
  const said = async (path: string, name: string): Promise<Read<string>> => {
    const answer = await ask(path);
    const value = answer.known ? textOf(answer.value, name) : undefined;
    return value === undefined ? unknown(answer.known ? 'the hub does not say' : answer.why) : known(value);
  };
  const config = (scope: string): Promise<Read<ThroughAnswer>> => ask(`extensions/${scope}/api/v1/config`);
  const [view, mayView, mayOps, hubVersion, username] = await Promise.all([
    config(VIEW_SCOPE),
    said(MAY_INVOKE + VIEW_SCOPE, 'value'),
    said(MAY_INVOKE + OPS_SCOPE, 'value'),
    said('api/version', 'Version'),
    said('api/v1/session/userinfo', 'username'),
  ]);
  const ops = mayOps.known && mayOps.value === 'no' ? REFUSED : await config(OPS_SCOPE);
  return {
    answers: { [VIEW_SCOPE]: view, [OPS_SCOPE]: ops },
    mayInvoke: { [VIEW_SCOPE]: mayView, [OPS_SCOPE]: mayOps },
    hubVersion,
    username,
  };
}

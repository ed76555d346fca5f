/** The sessions of the hub: what stands behind the value of the cookie argocd.token. */
import { randomUUID } from 'node:crypto';
import type { HubUser } from './hub-world.ts';

export const SESSION_COOKIE = 'argocd.token';

export interface Sessions {
  /** A new session of this user, by the value for its cookie. */
  open(user: HubUser): string;
  /** Whose session it is; undefined for a token that was never given out here, or has ended. */
  find(token: string | undefined): HubUser | undefined;
  close(token: string): void;
}

/** Sessions in memory: at most `limit`, the oldest ends when another one opens. */
export function createSessions(limit: number): Sessions {
  const users = new Map<string, HubUser>();
  return {
    open: (user) => {
      const token = randomUUID();
      users.set(token, user);
      const [oldest] = users.keys();
      if (users.size > limit && oldest !== undefined) users.delete(oldest);
      return token;
    },
    find: (token) => (token === undefined ? undefined : users.get(token)),
    close: (token) => void users.delete(token),
  };
}

/** The value of one cookie of a Cookie header. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

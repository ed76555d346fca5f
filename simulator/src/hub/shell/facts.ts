/** What the server tells the page about itself, in a meta element of index.html. */

export interface HubFacts {
  readonly version: string;
  readonly versions: readonly string[];
  readonly argocd: string;
  readonly users: readonly string[];
  readonly shellCookie: string;
}

export function readFacts(page: Document): HubFacts {
  return JSON.parse(page.querySelector('meta[name="hub"]')?.getAttribute('content') ?? '{}');
}

/** The base path without its last slash: empty at the root. */
export function readBasePath(page: Document): string {
  return (page.querySelector('base')?.getAttribute('href') ?? '/').replace(/\/$/, '');
}

/** Where the page lives below the host's base href. */
export const FLEET_PATH = '/fleet';

/** `push` makes a step for Back; `replace` changes the step we are on. */
export type HistoryMode = 'push' | 'replace';

export interface Router {
  /** Told about every change of the address, ours, the host's and the browser's. */
  subscribe(listener: () => void): () => void;
  /** Path below FLEET_PATH with the query, e.g. `/edges/store-1?zone=site`; read live, since the host moves without an event. */
  current(): string;
  /** An absolute address for `<a href>`. */
  hrefOf(to: string): string;
  /** To another of our pages: the host's router hears of it through a popstate whose state is null (history 4.10 ignores undefined). */
  navigate(to: string): void;
  /** Only the query of this page; the host need not know. */
  setSearch(search: string, mode: HistoryMode): void;
}

/** The base href that argocd-server wrote for its `--rootpath`, without the trailing slash. */
export function basePath(page: Document): string {
  return (page.querySelector('base')?.getAttribute('href') ?? '/').replace(/\/+$/, '');
}

export function createRouter(win: Window): Router {
  const root = basePath(win.document) + FLEET_PATH;
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const hrefOf = (to: string): string => root + (to === '/' ? '' : to.replace(/^\/(?=\?)/, ''));
  return {
    subscribe(listener) {
      if (listeners.size === 0) win.addEventListener('popstate', tell);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) win.removeEventListener('popstate', tell);
      };
    },
    current() {
      const { pathname, search } = win.location;
      const path = pathname.startsWith(root) ? pathname.slice(root.length) : '';
      return (path === '' ? '/' : path) + search;
    },
    hrefOf,
    navigate(to) {
      win.history.pushState(null, '', hrefOf(to));
      win.dispatchEvent(new PopStateEvent('popstate', { state: null }));
    },
    setSearch(search, mode) {
      const { pathname } = win.location;
      const href = pathname + (search === '' ? '' : `?${search}`);
      if (mode === 'push') win.history.pushState(null, '', href);
      else win.history.replaceState(win.history.state, '', href);
      tell();
    },
  };
}

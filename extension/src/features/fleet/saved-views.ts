import { STORAGE_PREFIX } from '../../stores/settings.ts';
import { createValueStore, type ValueStore } from '../../stores/value-store.ts';

/** A way to look at the fleet under a name: the query of the address, kept in the browser. Sharing is by the address itself. */
export interface SavedView {
  readonly name: string;
  readonly search: string;
}

const KEY = `${STORAGE_PREFIX}views`;
export const MAX_VIEWS = 50;
export const MAX_VIEW_NAME = 60;

const isView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'search' in value &&
  typeof value.search === 'string';

export function parseViews(raw: string | null): readonly SavedView[] {
  try {
    const parsed: unknown = JSON.parse(raw ?? '[]');
    return Array.isArray(parsed) ? parsed.filter(isView).slice(0, MAX_VIEWS) : [];
  } catch {
    return [];
  }
}

/** A view of the same name is replaced; the selection is not part of a view. */
export function withView(views: readonly SavedView[], name: string, search: string): readonly SavedView[] {
  const params = new URLSearchParams(search);
  params.delete('sel');
  const view = { name: name.trim().slice(0, MAX_VIEW_NAME), search: params.toString() };
  return view.name === '' ? views : [...views.filter((other) => other.name !== view.name), view].slice(-MAX_VIEWS);
}

export function createViewsStore(storage: Storage | undefined): ValueStore<readonly SavedView[]> {
  const read = (): string | null => {
    try {
      return storage?.getItem(KEY) ?? null;
    } catch {
      return null;
    }
  };
  const store = createValueStore(parseViews(read()));
  return {
    ...store,
    set(views) {
      store.set(views);
      try {
        storage?.setItem(KEY, JSON.stringify(views));
      } catch {
        return; // full or forbidden: the views last until the page is left
      }
    },
  };
}

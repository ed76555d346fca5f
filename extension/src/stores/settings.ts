import { createValueStore, type ValueStore } from './value-store.ts';

/** What a user prefers, kept in the browser. */
export interface Settings {
  /** Single-key shortcuts; WCAG 2.1.4 asks for a way to switch them off. */
  readonly shortcuts: boolean;
  readonly utc: boolean;
}

export const STORAGE_PREFIX = 'edge-fleet.';
const KEY = `${STORAGE_PREFIX}settings`;
const DEFAULTS: Settings = { shortcuts: true, utc: false };

export function parseSettings(raw: string | null): Settings {
  try {
    const parsed: unknown = JSON.parse(raw ?? '{}');
    const entries = typeof parsed === 'object' && parsed !== null ? new Map(Object.entries(parsed)) : new Map<string, unknown>();
    return { shortcuts: entries.get('shortcuts') !== false, utc: entries.get('utc') === true };
  } catch {
    return DEFAULTS;
  }
}

/** A browser without storage keeps the settings until the page is left. */
export function createSettingsStore(storage: Storage | undefined): ValueStore<Settings> {
  const read = (): string | null => {
    try {
      return storage?.getItem(KEY) ?? null;
    } catch {
      return null;
    }
  };
  const store = createValueStore<Settings>(parseSettings(read()));
  return {
    ...store,
    set(next) {
      store.set(next);
      try {
        storage?.setItem(KEY, JSON.stringify(next));
      } catch {
        return; // full or forbidden: the setting holds until the page is left
      }
    },
  };
}

/** localStorage `view_preferences`, as Argo CD keeps it: the theme and whether the sidebar is collapsed. */

export type Theme = 'light' | 'dark' | 'auto';

export interface Preferences {
  readonly theme: Theme;
  readonly hideSidebar: boolean;
}

const KEY = 'view_preferences';

/** From 3.5 on the theme follows the system unless chosen; before, it is light. */
export function readPreferences(version: string): Preferences {
  const defaults: Preferences = { theme: version === '3.5' ? 'auto' : 'light', hideSidebar: false };
  return { ...defaults, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
}

export function writePreferences(preferences: Preferences): void {
  localStorage.setItem(KEY, JSON.stringify(preferences));
}

/** The class that is put on the layout; auto asks the system. */
export function resolveTheme(theme: Theme): 'light' | 'dark' {
  if (theme !== 'auto') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export const TAB_KEYS = ['summary', 'resources', 'diff', 'events', 'logs', 'history'] as const;
export type ApplicationTab = (typeof TAB_KEYS)[number];

/** The tab of the address; a word that is none is the first. */
export const parseApplicationTab = (raw: string | null): ApplicationTab => TAB_KEYS.find((key) => key === raw) ?? 'summary';

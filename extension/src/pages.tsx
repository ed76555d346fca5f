import * as React from 'react';
import { FleetPage } from './features/fleet/FleetPage.tsx';
import { EdgePage } from './features/edge/EdgePage.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { FLEET_TOPIC } from './stores/fleet-feed.ts';
import { shellWords } from './messages/shell.ts';

/** A page of ours: which tab it belongs to, what it listens to, and how it is drawn. */
export interface PageOfPath {
  readonly tab: string | undefined;
  /** The name of the edge it is about. */
  readonly edge?: string;
  readonly topics: readonly string[];
  readonly render: () => React.ReactElement;
}

/** Tabs only for pages that work. */
export const TABS: readonly { readonly key: string; readonly to: string; readonly title: string }[] = [
  { key: 'edges', to: '/', title: shellWords.tabs.edges },
];

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export function pageOf(path: string): PageOfPath {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second, third] = parts.map(decoded);
  if (parts.length === 0) return { tab: 'edges', topics: [FLEET_TOPIC], render: () => <FleetPage /> };
  if (first === 'edges' && second !== undefined && third === undefined)
    return { tab: 'edges', edge: second, topics: [`edge:${second}`], render: () => <EdgePage name={second} /> };
  return { tab: undefined, topics: [], render: () => <NotFoundPage /> };
}

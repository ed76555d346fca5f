import * as React from 'react';
import { FleetPage } from './features/fleet/FleetPage.tsx';
import { ApplicationPage } from './features/application/ApplicationPage.tsx';
import { ApplicationsPage } from './features/applications/ApplicationsPage.tsx';
import { EdgePage } from './features/edge/EdgePage.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { FLEET_TOPIC } from './stores/fleet-feed.ts';
import { shellWords } from './messages/shell.ts';

/** A page of ours: which tab it belongs to, what it listens to, and how it is drawn. */
export interface PageOfPath {
  readonly tab: string | undefined;
  /** The name of the edge it is about. */
  readonly edge?: string;
  /** The name of the Application on that edge. */
  readonly application?: string;
  readonly topics: readonly string[];
  readonly render: () => React.ReactElement;
}

/** Tabs only for pages that work. */
export const TABS: readonly { readonly key: string; readonly to: string; readonly title: string }[] = [
  { key: 'edges', to: '/', title: shellWords.tabs.edges },
  { key: 'applications', to: '/applications', title: shellWords.tabs.applications },
];

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function pageOfEdge(edge: string, [part, namespace, name, ...more]: readonly (string | undefined)[]): PageOfPath | undefined {
  const topics = [`edge:${edge}`];
  if (part === undefined) return { tab: 'edges', edge, topics, render: () => <EdgePage name={edge} /> };
  if (part !== 'applications' || namespace === undefined || name === undefined || more.length > 0) return undefined;
  return {
    tab: 'applications',
    edge,
    application: name,
    topics,
    render: () => <ApplicationPage edge={edge} namespace={namespace} name={name} />,
  };
}

export function pageOf(path: string): PageOfPath {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second, ...rest] = parts.map(decoded);
  const notFound: PageOfPath = { tab: undefined, topics: [], render: () => <NotFoundPage /> };
  if (parts.length === 0) return { tab: 'edges', topics: [FLEET_TOPIC], render: () => <FleetPage /> };
  if (parts.length === 1 && first === 'applications')
    return { tab: 'applications', topics: [FLEET_TOPIC], render: () => <ApplicationsPage /> };
  return (first === 'edges' && second !== undefined ? pageOfEdge(second, rest) : undefined) ?? notFound;
}

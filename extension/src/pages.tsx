import * as React from 'react';
import { ActionsPage } from './features/actions/ActionsPage.tsx';
import { RunPage } from './features/actions/RunPage.tsx';
import { AuditPage } from './features/audit/AuditPage.tsx';
import { DoctorPage } from './features/doctor/DoctorPage.tsx';
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

/** Only for who may use it. */
export const DOCTOR_TAB = 'doctor';

/** Tabs only for pages that work. */
export const TABS: readonly { readonly key: string; readonly to: string; readonly title: string }[] = [
  { key: 'edges', to: '/', title: shellWords.tabs.edges },
  { key: 'applications', to: '/applications', title: shellWords.tabs.applications },
  { key: 'actions', to: '/actions', title: shellWords.tabs.actions },
  { key: 'audit', to: '/audit', title: shellWords.tabs.audit },
  { key: DOCTOR_TAB, to: '/doctor', title: shellWords.tabs.doctor },
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

/** Pages of one or two parts that are not about an edge. */
function pageOfName(name: string, more: readonly (string | undefined)[]): PageOfPath | undefined {
  const [id] = more;
  if (more.length === 1 && name === 'actions' && id !== undefined)
    return { tab: name, topics: [FLEET_TOPIC], render: () => <RunPage key={id} id={id} /> };
  if (more.length > 0) return undefined;
  if (name === 'applications') return { tab: name, topics: [FLEET_TOPIC], render: () => <ApplicationsPage /> };
  if (name === 'actions') return { tab: name, topics: [FLEET_TOPIC], render: () => <ActionsPage /> };
  if (name === 'audit') return { tab: name, topics: [FLEET_TOPIC], render: () => <AuditPage /> };
  return name === DOCTOR_TAB ? { tab: name, topics: [FLEET_TOPIC], render: () => <DoctorPage /> } : undefined;
}

export function pageOf(path: string): PageOfPath {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second, ...rest] = parts.map(decoded);
  const notFound: PageOfPath = { tab: undefined, topics: [], render: () => <NotFoundPage /> };
  if (parts.length === 0) return { tab: 'edges', topics: [FLEET_TOPIC], render: () => <FleetPage /> };
  if (first === 'edges' && second !== undefined) return pageOfEdge(second, rest) ?? notFound;
  return (first === undefined ? undefined : pageOfName(first, parts.length === 1 ? [] : [second, ...rest])) ?? notFound;
}

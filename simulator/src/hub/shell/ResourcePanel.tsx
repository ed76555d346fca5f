/** The resources of an Application, each with the tabs that extensions registered for its kind. */
import * as React from 'react';
import type { ExtensionsService, ResourceExtension } from './extensions-service.ts';
import type { Application } from './hub-client.ts';
import { SlidingPanel } from './SlidingPanel.tsx';

interface Node {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

interface ResourcePanelProps {
  readonly application: Application;
  readonly tree: { readonly nodes: readonly Node[] };
  readonly extensions: ExtensionsService;
}

/** `*` and `**` for any group or kind, the empty group included. */
const globMatches = (glob: string, value: string): boolean => glob === value || glob === '**' || (glob === '*' && value !== '');

const tabsOf = (extensions: ExtensionsService, node: Node): readonly ResourceExtension[] =>
  extensions.resources.filter(({ group, kind }) => globMatches(group, node.group) && globMatches(kind, node.kind));

/** Resource tabs are the one place where the shell catches what an extension throws. */
class TabBoundary extends React.Component<{ readonly children: React.ReactNode }, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): React.ReactNode {
    return this.state.failed ? 'Something went wrong. Contact administrators.' : this.props.children;
  }
}

export function ResourcePanel({ application, tree, extensions }: ResourcePanelProps): React.ReactElement {
  const [open, setOpen] = React.useState<Node>();
  const tabs = open === undefined ? [] : tabsOf(extensions, open);
  return (
    <div className="argo-container">
      {tree.nodes.map((node) => (
        <button key={node.name} className="white-box application-resource" onClick={() => setOpen(node)}>
          <i className="fa fa-cube" aria-hidden="true" /> {node.kind} {node.name}
        </button>
      ))}
      <SlidingPanel isShown={open !== undefined} onClose={() => setOpen(undefined)}>
        <h2>{open?.name}</h2>
        {tabs.map(({ component: Tab, title }) => (
          <TabBoundary key={title}>
            <h3>{title}</h3>
            <Tab application={application} tree={tree} resource={open} />
          </TabBoundary>
        ))}
      </SlidingPanel>
    </div>
  );
}

/**
 * window.extensionsAPI and what stands behind it. System-level extensions are announced to whoever listens at that moment and to nobody
 * later, which is how Argo CD 3.5 loses what is registered before its first render (argo-cd#29095).
 * https://github.com/argoproj/argo-cd/blob/v3.5.1/ui/src/app/shared/services/extensions-service.ts
 */
import type * as React from 'react';
import type { Application } from './hub-client.ts';

export interface ApplicationProps {
  readonly application: Application;
  readonly tree: unknown;
}
export interface StatusPanelProps {
  readonly application: Application;
  readonly openFlyout: () => void;
}
export interface TopBarProps extends ApplicationProps {
  readonly openFlyout: () => void;
}
export interface ResourceProps extends ApplicationProps {
  readonly resource: unknown;
}

export interface SystemExtension {
  readonly component: React.ComponentType;
  readonly title: string;
  readonly path: string;
  readonly icon: string;
}
export interface AppViewExtension {
  readonly component: React.ComponentType<ApplicationProps>;
  readonly title: string;
  readonly icon: string;
  readonly shouldDisplay: (application: Application) => boolean;
}
export interface StatusPanelExtension {
  readonly component: React.ComponentType<StatusPanelProps>;
  readonly title: string;
  readonly id: string;
  readonly flyout?: React.ComponentType<ApplicationProps> | undefined;
}
export interface TopBarExtension {
  readonly component: React.ComponentType<TopBarProps>;
  readonly title: string;
  readonly id: string;
  readonly flyout?: React.ComponentType<ApplicationProps> | undefined;
  readonly shouldDisplay: (application: Application) => boolean;
  readonly iconClassName: string;
  readonly isMiddle: boolean;
}
export interface ResourceExtension {
  readonly component: React.ComponentType<ResourceProps>;
  readonly group: string;
  readonly kind: string;
  readonly title: string;
  readonly icon?: string | undefined;
}

/** Everything that was registered, and the one event that the shell listens to. */
export interface ExtensionsService {
  readonly resources: ResourceExtension[];
  readonly system: SystemExtension[];
  readonly appViews: AppViewExtension[];
  readonly statusPanels: StatusPanelExtension[];
  readonly topBar: TopBarExtension[];
  addSystemListener(listener: (extension: SystemExtension) => void): void;
}

type Row<T> = T extends { component: infer C } ? C : never;
type Flyout = React.ComponentType<ApplicationProps>;

const always = (): boolean => true;

/** Empty, with its five register functions to put on window. Before 3.3 an app view has no shouldDisplay. */
export function createExtensions(version: string): { readonly service: ExtensionsService; readonly api: object } {
  const listeners: ((extension: SystemExtension) => void)[] = [];
  const service: ExtensionsService = {
    resources: [],
    system: [],
    appViews: [],
    statusPanels: [],
    topBar: [],
    addSystemListener: (listener) => void listeners.push(listener),
  };
  const asksAppViews = version !== '2.14';
  const api = {
    // eslint-disable-next-line max-params -- the signature is Argo CD's
    registerResourceExtension(component: Row<ResourceExtension>, group: string, kind: string, title: string, options?: { icon: string }) {
      service.resources.push({ component, group, kind, title, icon: options?.icon });
    },
    registerSystemLevelExtension(component: React.ComponentType, title: string, path: string, icon: string) {
      const extension = { component, title, path, icon };
      service.system.push(extension);
      for (const listener of listeners) listener(extension);
    },
    registerAppViewExtension(component: Row<AppViewExtension>, title: string, icon: string, shouldDisplay = always) {
      service.appViews.push({ component, title, icon, shouldDisplay: asksAppViews ? shouldDisplay : always });
    },
    registerStatusPanelExtension(component: Row<StatusPanelExtension>, title: string, id: string, flyout?: Flyout) {
      service.statusPanels.push({ component, title, id, flyout });
    },
    // eslint-disable-next-line max-params -- the signature is Argo CD's
    registerTopBarActionMenuExt(
      component: Row<TopBarExtension>,
      title: string,
      id: string,
      flyout?: Flyout,
      shouldDisplay: (application: Application) => boolean = always,
      iconClassName = '',
      isMiddle = false,
    ) {
      service.topBar.push({ component, title, id, flyout, shouldDisplay, iconClassName, isMiddle });
    },
  };
  return { service, api };
}

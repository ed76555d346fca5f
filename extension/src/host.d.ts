/**
 * The part of the host page that we rely on. `extensionsAPI` is put on window by Argo CD's shell before extensions.js runs
 * (argo-cd ui/src/app/shared/services/extensions-service.ts @ v2.13.0 and v3.5.1); the variables file is written by the installer.
 */
interface ExtensionsApi {
  registerSystemLevelExtension(component: () => object | null, title: string, path: string, icon: string): void;
  /** shouldDisplay is asked from 3.3 on; before, the view is offered on every Application. */
  registerAppViewExtension?(
    component: (props: { readonly application: unknown }) => object | null,
    title: string,
    icon: string,
    shouldDisplay?: (application: unknown) => boolean,
  ): void;
  registerStatusPanelExtension?(component: (props: { readonly application: unknown }) => object | null, title: string, id: string): void;
}

interface Window {
  readonly extensionsAPI?: ExtensionsApi;
  /** Values are strings, keys upper case, nothing escaped: read with care. */
  readonly EDGE_FLEET_VARS?: Readonly<Record<string, unknown>>;
  /** There is no unregister, and a second registration adds a second sidebar item. */
  __edgeFleetRegistered?: string;
}

/** Set by the bundler. */
declare const EDGE_FLEET_VERSION: string;

declare module '*.scss' {
  const css: string;
  export { css as default };
}

import { HubApp } from './HubApp.tsx';
import { FLEET_PATH } from './router.ts';
import { whenShellIsUp } from './registration.ts';
import { shellWords } from './messages/shell.ts';

/** Registers the one system-level page; a second copy of the bundle, or a page without the API, does nothing. */
if (window.__edgeFleetRegistered === undefined && window.extensionsAPI !== undefined) {
  const api = window.extensionsAPI;
  window.__edgeFleetRegistered = EDGE_FLEET_VERSION;
  whenShellIsUp(document, () => api.registerSystemLevelExtension(HubApp, shellWords.title, FLEET_PATH, 'fa-network-wired'));
}

/**
 * Runs `register` once the shell listens. Up to Argo CD 3.4 the shell renders synchronously, so `#app` has children by the time we run and
 * the call is made at once (2.10 to 2.12 read the list only then). From 3.5 it renders in a later task and loses what was registered
 * before (argo-cd#29095), so we wait for the first child.
 */
export function whenShellIsUp(page: Document, register: () => void): void {
  const app = page.getElementById('app');
  if (app === null || app.childNodes.length > 0) {
    register();
    return;
  }
  const observer = new MutationObserver(() => {
    if (app.childNodes.length === 0) return;
    observer.disconnect();
    register();
  });
  observer.observe(app, { childList: true });
}

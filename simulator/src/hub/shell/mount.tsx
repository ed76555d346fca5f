/** What both shells do before their first render: put React, the extensions API and the style on the page. */
import * as React from 'react';
import { createBrowserHistory } from 'history';
import { App } from './App.tsx';
import { createExtensions } from './extensions-service.ts';
import { readBasePath, readFacts } from './facts.ts';
import css from './argo-cd.scss';

/** Prepares `window` and gives the element to render into `#app`. */
export function prepare(globals: Readonly<Record<string, unknown>>): { readonly element: React.ReactElement; readonly container: Element } {
  const facts = readFacts(document);
  const { service, api } = createExtensions(facts.version);
  Object.assign(window, globals, { React, extensions: { resources: {} }, extensionsAPI: api });
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
  const history = createBrowserHistory({ basename: readBasePath(document) });
  const container = document.getElementById('app');
  if (container === null) throw new Error('The page has no #app');
  return { element: <App facts={facts} extensions={service} history={history} />, container };
}

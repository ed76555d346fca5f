/** The shell from Argo CD 3.5 on: React 19, rendered in a later task, so a registration in between finds no listener. */
import * as ReactDOM from 'react-dom';
import * as ReactJSXRuntime from 'react-19/jsx-runtime';
import { createRoot } from 'react-dom-19/client';
import { prepare } from './mount.tsx';

const { element, container } = prepare({ ReactDOM, ReactJSXRuntime });
createRoot(container).render(element);

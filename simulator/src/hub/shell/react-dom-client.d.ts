/** The parts of React 19 that the shell of 3.5 uses; the types of this project are those of React 16. */
declare module 'react-dom-19/client' {
  import type { ReactNode } from 'react';
  export function createRoot(container: Element): { render(node: ReactNode): void };
}
declare module 'react-19/jsx-runtime' {
  export const jsx: unknown;
}
declare module 'history' {
  export interface Location {
    readonly pathname: string;
    readonly search: string;
  }
  export interface History {
    readonly location: Location;
    push(path: string): void;
    replace(path: string): void;
    listen(onMove: () => void): () => void;
  }
  export function createBrowserHistory(options: { basename: string }): History;
}

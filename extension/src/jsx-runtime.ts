import * as React from 'react';

/**
 * `react/jsx-runtime` for libraries that were compiled against it. The host page has none before Argo CD 3.5, and the one of a newer
 * React builds elements that an older one refuses, so both ways end in the host's own createElement.
 */
export const Fragment = React.Fragment;

type ElementType = string | React.ComponentType<Record<string, unknown>>;

export function jsx(type: ElementType, props: Readonly<Record<string, unknown>>, key?: string): React.ReactElement {
  return React.createElement(type, key === undefined ? { ...props } : { ...props, key });
}

export { jsx as jsxs, jsx as jsxDEV };

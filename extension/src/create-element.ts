import * as React from 'react';

/** What JSX becomes in the bundle (webpack.jsx.js): a name of one letter, where a property of the host's React stays as long as it is. */
export const { createElement } = React;

/**
 * Three bundles. `extension` is the one file that Argo CD serves to every browser; `shell-16` and `shell-19` are the page that plays the
 * hub's web UI in `npm start` and in the browser tests, once per React. `npm run build` makes the first and its archive.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import webpack from 'webpack';
import { ArchivePlugin } from './webpack.archive.js';
import { JSX_FACTORY } from './webpack.jsx.js';

const ROOT = import.meta.dirname;
const VERSION = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
const LIMIT_BYTES = 300_000;

/** These are not on every React that hosts us, or are a React of their own: an import of one must not slip into the bundle. */
const FORBIDDEN = /^(react-is|scheduler|react-dom\/.+|react-19|react-dom-19)(\/|$)/;

const typeScript = {
  test: /\.tsx?$/,
  use: {
    loader: 'ts-loader',
    options: {
      transpileOnly: true,
      configFile: join(ROOT, 'tsconfig.json'),
      compilerOptions: { noEmit: false, target: 'es2022', module: 'esnext', jsx: 'react', allowImportingTsExtensions: false },
    },
  },
};
const withFactory = ({ loader, options }) => ({
  loader,
  options: {
    ...options,
    allowTsInNodeModules: true,
    compilerOptions: { ...options.compilerOptions, jsxFactory: JSX_FACTORY },
  },
});
const style = { test: /\.scss$/, use: [{ loader: 'css-loader', options: { exportType: 'string', url: false } }, 'sass-loader'] };
const argoUi = /node_modules\/@argoproj\/argo-ui\//;

/** One IIFE that starts and ends with a semicolon: its neighbours in extensions.js may forget theirs. */
const semicolons = [false, true].map(
  (footer) =>
    new webpack.BannerPlugin({
      banner: footer ? ';\n' : ';',
      raw: true,
      footer,
      stage: webpack.Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE,
    }),
);

const extension = {
  name: 'extension',
  mode: 'production',
  target: ['web', 'es2022'],
  devtool: false,
  entry: join(ROOT, 'extension/src/index.tsx'),
  output: {
    path: join(ROOT, 'dist/resources/extension-edge-fleet.js'),
    filename: 'extensions-edge-fleet.js',
    iife: true,
    uniqueName: 'argocd-edge-fleet',
    clean: true,
  },
  externals: [
    { react: 'React', 'react-dom': 'ReactDOM' },
    ({ request, contextInfo }, done) =>
      FORBIDDEN.test(request) ? done(new Error(`${contextInfo.issuer} imports ${request}, which the host page does not offer`)) : done(),
  ],
  resolve: {
    extensions: ['.ts', '.tsx', '.js', '.json'],
    alias: {
      'react/jsx-runtime$': join(ROOT, 'extension/src/jsx-runtime.ts'),
      'react/jsx-dev-runtime$': join(ROOT, 'extension/src/jsx-runtime.ts'),
      classnames$: join(ROOT, 'extension/src/ui/classnames.cjs'),
    },
  },
  module: {
    rules: [
      { test: /\.[jt]sx?$/, resolve: { fullySpecified: false } }, // argo-ui's files are named without their ending
      {
        ...typeScript,
        exclude: /node_modules\/(?!@argoproj)/,
        use: [join(ROOT, 'webpack.jsx.js'), withFactory(typeScript.use)],
      },
      { ...style, exclude: argoUi },
      { test: /\.scss$/, include: argoUi, use: 'null-loader' },
    ],
  },
  optimization: { splitChunks: false },
  plugins: [
    new webpack.DefinePlugin({ EDGE_FLEET_VERSION: JSON.stringify(VERSION) }),
    new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    ...semicolons,
    new ArchivePlugin({ directory: join(ROOT, 'dist'), name: 'edge-fleet' }),
  ],
  performance: { hints: 'error', maxAssetSize: LIMIT_BYTES, maxEntrypointSize: LIMIT_BYTES, assetFilter: (name) => name.endsWith('.js') },
  stats: 'errors-warnings',
};

/** Argo CD's own page bundles React and puts it on window; so does the page that plays it. */
const shell = (react, alias) => ({
  name: `shell-${react}`,
  mode: 'production',
  target: ['web', 'es2022'],
  devtool: false,
  entry: join(ROOT, `simulator/src/hub/shell/react-${react}.tsx`),
  output: { path: join(ROOT, '.cache/hub-shell'), filename: `shell-${react}.js`, uniqueName: `hub-shell-${react}` },
  resolve: { extensions: ['.ts', '.tsx', '.js'], alias },
  module: { rules: [{ ...typeScript, exclude: /node_modules/ }, style] },
  optimization: { minimize: false },
  performance: false,
  stats: 'errors-warnings',
});

export default [
  extension,
  shell(16, {}),
  shell(19, {
    'react-dom/client$': join(ROOT, 'node_modules/react-dom-19/client.js'),
    'react-dom$': join(ROOT, 'node_modules/react-dom-19'),
    'react/jsx-runtime$': join(ROOT, 'node_modules/react-19/jsx-runtime.js'),
    react$: join(ROOT, 'node_modules/react-19'),
  }),
];

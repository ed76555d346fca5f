/**
 * Four projects: `node` for everything without a page, `react-16` and `react-19` run each *.test.tsx once per React of the host page,
 * `browser` drives Chromium (left out where there is none). ES modules throughout, because the Kubernetes client is ESM only: start with
 * NODE_OPTIONS=--experimental-vm-modules, as `npm test` does. Types are checked by `npm run check`, not here.
 */
import { existsSync } from 'node:fs';

const FOLDERS = ['extension', 'proxy-server', 'simulator', 'bench', 'test', 'docs', 'manifests'];

const transform = {
  'node_modules/@argoproj/argo-ui/.+\\.tsx$': '<rootDir>/test/argo-ui-transform.mjs',
  '^.+\\.tsx?$': [
    'ts-jest',
    {
      useESM: true,
      diagnostics: false,
      tsconfig: {
        jsx: 'react',
        target: 'es2023',
        module: 'esnext',
        moduleResolution: 'bundler',
        isolatedModules: true,
        allowImportingTsExtensions: true,
        esModuleInterop: true,
        noEmit: true,
        verbatimModuleSyntax: true,
      },
    },
  ],
};
const shared = {
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform,
  transformIgnorePatterns: ['/node_modules/(?!@argoproj/)'],
  roots: FOLDERS.filter((folder) => existsSync(new URL(folder, import.meta.url))).map((folder) => `<rootDir>/${folder}`),
};
const node = { ...shared, testEnvironment: 'node' };
const react = (version, mapping) => ({
  ...shared,
  displayName: `react-${version}`,
  testEnvironment: 'jsdom',
  testMatch: ['**/*.test.tsx'],
  roots: ['<rootDir>/extension'],
  moduleNameMapper: { '\\.s?css$': '<rootDir>/test/fakes/style-sheet.ts', ...mapping },
});

export default {
  // Of a test on a busy machine; one that hangs still ends.
  testTimeout: 20_000,
  projects: [
    { ...node, displayName: 'node', testMatch: ['**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', '\\.browser\\.test\\.ts$'] },
    react(16, {}),
    react(19, {
      '^react$': '<rootDir>/node_modules/react-19',
      '^react/(.*)$': '<rootDir>/node_modules/react-19/$1',
      '^react-dom$': '<rootDir>/node_modules/react-dom-19',
      '^react-dom/(.*)$': '<rootDir>/node_modules/react-dom-19/$1',
      '^@testing-library/react$': '<rootDir>/node_modules/testing-library-react-19',
    }),
    { ...node, displayName: 'browser', testMatch: ['**/*.browser.test.ts'] },
  ],
};

/**
 * Who may import whom, as data. A folder of proxy-server may import itself, the folders listed for it, the npm packages listed for it,
 * and Node's own modules only where `node` is true. test/architecture.test.ts plants a fault for every rule and expects it to be caught.
 */
const SRC = '^proxy-server/src/';
const TEST = '\\.test\\.tsx?$';

const npm = (names) => names.map((name) => `^node_modules/(@types/)?${name}/`);

/** folder: the folders of ours, the npm packages and Node's modules it may import. */
const FOLDERS = {
  domain: { folders: [], npm: ['semver', 'croner'] },
  ports: { folders: ['domain'], npm: [] },
  contract: { folders: ['domain'], npm: ['zod'] },
  cache: { folders: ['domain', 'ports'], npm: [] },
  controllers: { folders: ['domain', 'ports'], npm: [] },
  edges: { folders: ['domain', 'ports'], npm: ['undici', 'zod'], node: true },
  folder: { folders: ['domain', 'ports', 'contract'], npm: ['yaml', 'chokidar'], node: true },
  kube: { folders: ['domain', 'ports', 'contract'], npm: ['@kubernetes/client-node'], node: true },
  history: { folders: ['domain', 'ports'], npm: ['kysely', 'pg'], node: true },
  rights: { folders: ['domain', 'ports'], npm: ['casbin'] },
  doctor: { folders: ['domain', 'ports'], npm: [] },
  api: { folders: ['domain', 'ports', 'contract', 'cache'], npm: ['express', 'http-proxy-middleware', 'zod', 'zod-openapi'], node: true },
  observability: { folders: ['domain', 'ports'], npm: ['pino', 'prom-client'], node: true },
};

const folderRule = ([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `${folder}/ may import ${[folder, ...allowed.folders].join(', ')}; npm: ${allowed.npm.join(', ') || 'nothing'}; node: ${allowed.node === true ? 'yes' : 'no'}`,
  severity: 'error',
  from: { path: `${SRC}${folder}/`, pathNot: TEST },
  to: {
    pathNot: [`${SRC}(${[folder, ...allowed.folders].join('|')})/`, ...npm(allowed.npm)],
    ...(allowed.node === true ? { dependencyTypesNot: ['core'] } : {}),
  },
});

const EXTENSION_NPM = ['react', 'react-dom', 'use-sync-external-store', '@argoproj/argo-ui', 'diff', '@types/use-sync-external-store'];
const SIMULATOR_NPM = ['yaml', 'zod'];
const SHELL_NPM = ['react', 'react-19', 'react-dom', 'react-dom-19', 'history'];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'Every import names a file or package that is there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...Object.entries(FOLDERS).map(folderRule),
    {
      name: 'new-folders-need-a-rule',
      comment: 'A new folder of proxy-server needs a line in the table above before its first file',
      severity: 'error',
      from: { path: `${SRC}[^/]+/`, pathNot: `${SRC}(${Object.keys(FOLDERS).join('|')})/` },
      to: {},
    },
    {
      name: 'main-is-a-root',
      comment: 'main.ts is imported by nobody',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: `${SRC}main\\.ts$` },
    },
    {
      name: 'config-is-for-main',
      comment: 'A folder takes what it needs as an argument',
      severity: 'error',
      from: { path: `${SRC}[^/]+/`, pathNot: TEST },
      to: { path: `${SRC}config\\.ts$` },
    },
    {
      name: 'extension-imports',
      comment: 'Of the server only contract/ and domain/',
      severity: 'error',
      from: { path: '^extension/' },
      to: { path: '^(proxy-server|simulator|bench)/', pathNot: `${SRC}(domain|contract)/` },
    },
    {
      name: 'extension-contract-types-only',
      comment: 'zod stays out of the bundle: contract/ gives the extension types',
      severity: 'error',
      from: { path: '^extension/', pathNot: TEST },
      to: { path: `${SRC}contract/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'extension-npm',
      comment: 'Only what is known to run on React 16.14 and 19 both, and nothing of Node',
      severity: 'error',
      from: { path: '^extension/', pathNot: TEST },
      to: { pathNot: ['^extension/', SRC, ...npm(EXTENSION_NPM)] },
    },
    {
      name: 'extension-argo-ui-leaves',
      comment: 'Six leaf components of argo-ui, one file at a time; never its index, never its styles',
      severity: 'error',
      from: { path: '^extension/' },
      to: {
        path: '^node_modules/@argoproj/argo-ui/',
        pathNot: '^node_modules/@argoproj/argo-ui/src/components/(checkbox|mockup-list|tabs|sliding-panel|ticker|duration)',
      },
    },
    {
      name: 'extension-ui-imports',
      comment: 'A ui part takes props and knows nothing of us',
      severity: 'error',
      from: { path: '^extension/src/ui/', pathNot: TEST },
      to: { pathNot: ['^extension/src/ui/', ...npm(EXTENSION_NPM)] },
    },
    {
      name: 'extension-features-apart',
      comment: 'One feature does not import another',
      severity: 'error',
      from: { path: '^extension/src/features/([^/]+)/', pathNot: TEST },
      to: { path: '^extension/src/features/', pathNot: '^extension/src/features/$1/' },
    },
    {
      name: 'simulator-imports',
      comment: 'Its own folders, domain/ of the server, node, yaml, zod',
      severity: 'error',
      from: { path: '^simulator/', pathNot: [TEST, '^simulator/src/hub/shell/'] },
      to: { pathNot: ['^simulator/', `${SRC}domain/`, ...npm(SIMULATOR_NPM)], dependencyTypesNot: ['core'] },
    },
    {
      name: 'simulator-shell-imports',
      comment: 'The page that plays the hub runs in a browser, on the Reacts of the two shells',
      severity: 'error',
      from: { path: '^simulator/src/hub/shell/', pathNot: TEST },
      to: { pathNot: ['^simulator/src/hub/shell/', ...npm(SHELL_NPM)] },
    },
    {
      name: 'production-without-simulator',
      comment: 'No production code imports the simulator or a benchmark',
      severity: 'error',
      from: { path: '^(proxy-server|extension)/', pathNot: TEST },
      to: { path: '^(simulator|bench)/' },
    },
    {
      name: 'test-is-a-leaf',
      comment: 'Nobody imports test/',
      severity: 'error',
      from: { pathNot: ['^test/', TEST] },
      to: { path: '^test/' },
    },
    { name: 'tests-are-leaves', comment: 'Nobody imports a test', severity: 'error', from: {}, to: { path: TEST } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.scss', '.css'],
    },
  },
};

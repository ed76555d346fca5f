/**
 * What the compiler cannot say about the style of this code, as lint rules: promises, switches, sizes, names, and the calls that make a
 * function impure. Import rules live in .dependency-cruiser.cjs; what needs the whole tree at once is in test/architecture.test.ts.
 */
import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

const CODE = ['**/*.ts', '**/*.tsx'];
const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'test/**/*.ts', 'test/**/*.tsx'];
const ENTRY_POINTS = [
  '**/src/main.ts',
  'simulator/src/start.ts',
  'bench/main.ts',
  'bench/soak/main.ts',
  'test/run.ts',
  'docs/*.ts',
  'manifests/generate.ts',
  'manifests/archive.ts',
  'proxy-server/src/doctor-main.ts',
  'proxy-server/src/run-program.ts',
];

/** One syntax ban: no-restricted-syntax is a single rule, so each group of files gets its own list put together from these. */
const ban = (selector, message) => ({ selector, message });

const EVERYWHERE = [
  ban('ExportDefaultDeclaration', 'Export by name.'),
  ban('ExportAllDeclaration', 'No barrels: import from the file that holds it.'),
  ban('ExportNamedDeclaration[source]', 'No barrels: import from the file that holds it.'),
  ban('BinaryExpression[operator="instanceof"][right.name=/Error$/]', 'Narrow thrown values by name or code: realms differ.'),
  ban('TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]', 'No I prefix.'),
];
const OUTSIDE_CONFIG = [ban('MemberExpression[object.name="process"][property.name="env"]', 'Only config.ts reads the environment.')];
const PURE_FOLDERS = [
  ban('CallExpression[callee.object.name="Date"][callee.property.name="now"]', 'Time is an argument: now.'),
  ban('NewExpression[callee.name="Date"][arguments.length=0]', 'Time is an argument: now.'),
  ban('CallExpression[callee.object.name="performance"]', 'Time is an argument: now.'),
  ban('CallExpression[callee.object.name="Math"][callee.property.name="random"]', 'Randomness comes from ports/runtime.ts.'),
  ban('CallExpression[callee.object.name="crypto"]', 'Randomness comes from ports/runtime.ts.'),
];
const IN_TESTS = [
  ban(
    'CallExpression[callee.object.name="jest"][callee.property.name=/^(mock|doMock|unstable_mockModule|spyOn|useFakeTimers)$/]',
    'Fakes, not mocks.',
  ),
  ban('CallExpression[callee.name=/^(test|it|describe)$/] > Literal[value=/\\bshould\\b/i]', 'Say the situation, then the outcome.'),
  ban('CallExpression[callee.object.name=/^(test|it|describe)$/][callee.property.name="only"]', 'The whole suite runs.'),
];

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'fetch'].map((name) => ({
  name,
  message: 'Comes from ports/runtime.ts or a port.',
}));

/** React names that one of the two Reacts of the host page does not have (16.14 on Argo CD up to 3.4, 19 from 3.5). */
const REACT_16_LACKS = [
  'useId',
  'useSyncExternalStore',
  'useTransition',
  'useDeferredValue',
  'useInsertionEffect',
  'useActionState',
  'useOptimistic',
  'startTransition',
  'use',
];
const REACT_DOM_19_LACKS = ['render', 'hydrate', 'findDOMNode', 'unmountComponentAtNode', 'createRoot', 'hydrateRoot'];
const FORBIDDEN_MODULES = [
  'react-dom/client',
  'react-dom/server',
  'react-dom/test-utils',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'react-is',
  'scheduler',
];
const namedImport = (module, names) =>
  ban(
    `ImportDeclaration[source.value="${module}"] > ImportSpecifier[imported.name=/^(${names.join('|')})$/]`,
    'Not on every React that hosts us.',
  );
const REACT_IMPORTS = [
  namedImport('react', REACT_16_LACKS),
  namedImport('react-dom', REACT_DOM_19_LACKS),
  ban('ImportDeclaration[source.value=/^react(-dom)?$/] > ImportDefaultSpecifier', 'import * as React.'),
];
const notOnBoth = (object, names) => names.map((property) => ({ object, property, message: 'Not on every React that hosts us.' }));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.cache/', 'node_modules/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: CODE,
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-empty': 'error',
      'no-useless-catch': 'error',
      'no-param-reassign': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-debugger': 'error',
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 60],
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...OUTSIDE_CONFIG],
    },
  },
  { files: ['**/config.ts'], rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE] } },
  {
    files: ['proxy-server/src/domain/**/*.ts', 'proxy-server/src/controllers/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...OUTSIDE_CONFIG, ...PURE_FOLDERS],
      'no-restricted-globals': ['error', ...TIMERS],
    },
  },
  { files: ['proxy-server/src/domain/ids.ts'], rules: { '@typescript-eslint/consistent-type-assertions': 'off' } },
  {
    files: ['extension/**/*.ts', 'extension/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...OUTSIDE_CONFIG, ...REACT_IMPORTS],
      'no-restricted-imports': [
        'error',
        {
          paths: FORBIDDEN_MODULES.map((name) => ({ name, message: 'The host page does not offer it.' })),
        },
      ],
      'no-restricted-properties': ['error', ...notOnBoth('React', REACT_16_LACKS), ...notOnBoth('ReactDOM', REACT_DOM_19_LACKS)],
    },
  },
  // A component may be 150 lines: most of it is markup.
  { files: ['**/*.tsx'], rules: { 'max-lines-per-function': ['error', 150] } },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...IN_TESTS],
    },
  },
  { files: ENTRY_POINTS, rules: { 'no-console': 'off' } },
);

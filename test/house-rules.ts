/**
 * The rules of this codebase that look at one file and that neither the compiler nor lint can say. Each is a pure function from a file to
 * what is wrong with it, in words; architecture.test.ts runs them over the tree and plants a fault for each.
 */
import { dirname, join, normalize } from 'node:path';
import type { SourceFile } from './source-tree.ts';

/** What is wrong with a file; empty when nothing is. */
export type HouseRule = (file: SourceFile) => readonly string[];

const MAX_LINES = 400;
const VAGUE_NAMES = /(^|\/|-)(utils?|helpers?|common|misc|types|manager)(-[a-z]+)?\.tsx?$/;
const isTest = ({ path }: SourceFile): boolean => /^test\/|\.test\.tsx?$/.test(path);
const lines = ({ text }: SourceFile): readonly string[] => text.split('\n');

const found = (file: SourceFile, pattern: RegExp, words: string): readonly string[] =>
  lines(file).flatMap((line, index) => (pattern.test(line) ? [`line ${index + 1}: ${words}`] : []));

const fileSize: HouseRule = (file) => {
  const count = lines(file).length - 1;
  return count > MAX_LINES ? [`has ${count} lines, ${MAX_LINES} is the limit`] : [];
};

/** kebab-case after the main export; components in PascalCase. */
const fileName: HouseRule = ({ path }) => {
  const name = path.split('/').at(-1) ?? '';
  const base = name.split('.')[0] ?? '';
  if (VAGUE_NAMES.test(path)) return ['is named after nothing it holds'];
  const isComponent = /\.(tsx|test\.ts)$/.test(name) && /^[A-Z][A-Za-z0-9]*$/.test(base);
  return isComponent || /^[a-z0-9]+(-[a-z0-9]+)*$/.test(base) ? [] : ['is not in kebab-case'];
};

/** The glossary has one word for each thing (docs/architecture.md). */
const words: HouseRule = (file) =>
  found(file, /\b(lastSeen|last_seen|spokes|MTTR|offlineEdges|childClusters?|masterCluster)\b/, 'is not a word of the glossary');

/** What a module keeps between calls belongs to whoever builds it. */
const moduleState: HouseRule = (file) =>
  isTest(file)
    ? []
    : found(
        file,
        /^(export )?(let|var)\b|^(export )?const \w+(: (?!Readonly|readonly)[^=]+)? = (new (Map|Set|WeakMap|WeakSet)(<.*>)?\(\)|\[\]|\{\});$/,
        'keeps state in the module',
      );

const todo: HouseRule = (file) => found(file, /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/, 'TODO without an issue');

const lintExceptions: HouseRule = (file) => found(file, /eslint-disable(?!.* -- .)/, 'switches lint off without a reason');

/** A string with `../` that leads above the project from where the file stands. */
const reachesOutside: HouseRule = (file) =>
  lines(file).flatMap((line, index) => {
    const climbs = [...line.matchAll(/['"`]((?:\.\.?\/)+[^'"`]*)['"`]/g)].map((match) => match[1] ?? '');
    const outside = climbs.some((climb) => normalize(join(dirname(file.path), climb)).startsWith('..'));
    return outside ? [`line ${index + 1}: reaches outside the project`] : [];
  });

const DOCUMENTED = /^(proxy-server\/src\/(domain|ports|edges|controllers)|simulator\/src)\/(?!hub\/shell\/)/;
const EXPORTED_WORK = /^export (async function|function|class|abstract class)\b/;

/** A doc comment on every exported function and class of the folders whose promises others rely on. */
const docComments: HouseRule = (file) => {
  if (!DOCUMENTED.test(file.path) || isTest(file)) return [];
  const all = lines(file);
  return all.flatMap((line, index) => {
    const before = all.slice(0, index).findLast((earlier) => earlier.trim() !== '' && !earlier.startsWith('// ')) ?? '';
    return EXPORTED_WORK.test(line) && !before.trimEnd().endsWith('*/') ? [`line ${index + 1}: no doc comment`] : [];
  });
};

/** By the name under which a planted fault asks for it. */
export const HOUSE_RULES: Readonly<Record<string, HouseRule>> = {
  'file size': fileSize,
  'file name': fileName,
  words,
  'module state': moduleState,
  todo,
  'lint exceptions': lintExceptions,
  'reach outside': reachesOutside,
  'doc comments': docComments,
};

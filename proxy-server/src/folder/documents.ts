/**
 * One file of YAML or JSON as documents. A document is cut out before it is parsed: `---` at the start of a line always begins a new one,
 * even inside a block scalar (YAML 1.2.2, 9.1.2), so one document that cannot be read leaves its neighbours alone, and a document whose text
 * did not change is not parsed again.
 */
import { createHash } from 'node:crypto';
import { LineCounter, parse, parseDocument } from 'yaml';
import { objectText, parseObject, type FleetObject } from '../contract/kind-parser.ts';
import type { KindProblem } from '../contract/kind-problem.ts';
import { thrownWords } from '../domain/thrown-words.ts';

export interface FolderDocument {
  readonly digest: string;
  readonly text: string;
  /** Line of the file on which the document begins, from 1. */
  readonly line: number;
  /** `Edge/store-0417`; absent where that cannot be told. */
  readonly key: string | undefined;
  readonly object: FleetObject | undefined;
  readonly problems: readonly KindProblem[];
}

interface Cut {
  readonly text: string;
  readonly line: number;
}

/** A document of comments, directives and markers alone is none. */
const hasContent = (part: string): boolean => part.split('\n').some((line) => !/^\s*(#.*|%.*|---\s*(#.*)?|\.\.\.\s*)?$/.test(line));

/** The documents of a file, without those that hold nothing but comments. */
export function cutDocuments(text: string): readonly Cut[] {
  const cuts: Cut[] = [];
  let start = 0;
  let line = 1;
  const push = (end: number): void => {
    const part = text.slice(start, end);
    if (hasContent(part)) cuts.push({ text: part, line });
    for (let at = start; at < end; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    start = end;
  };
  for (const marker of text.matchAll(/^---(?=\s|$)/gm)) if (marker.index > 0) push(marker.index);
  push(text.length);
  return cuts;
}

const keyOf = (raw: unknown): string | undefined => {
  const words = objectText(raw).split(' ');
  const [kind, name] = words;
  return words.length === 2 && kind !== undefined && name !== undefined && !name.startsWith('(') ? `${kind}/${name}` : undefined;
};

const withoutMarker = (text: string): string => text.replace(/^---[^\n]*\n?/, '');

/** JSON is YAML, and read thirty times as fast as such. */
function parseJson(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a flow mapping that is YAML alone
  }
}

/** Aliases are bounded, so that a few lines cannot become gigabytes. */
const parseText = (text: string): unknown => parseJson(withoutMarker(text)) ?? parse(text, { maxAliasCount: 100, logLevel: 'error' });

const messageOf = (thrown: unknown): string => thrownWords(thrown, 'cannot be read').split('\n')[0] ?? '';

/** Never throws: what cannot be read is a problem. */
export function readDocument(cut: Cut, digest: string): FolderDocument {
  const base = { digest, text: cut.text, line: cut.line };
  let raw: unknown;
  try {
    raw = parseText(cut.text);
  } catch (thrown) {
    const remedy = `Correct the YAML: ${messageOf(thrown).replace(/ at line .*$/, '')}`;
    return {
      ...base,
      key: undefined,
      object: undefined,
      problems: [{ object: 'document', field: 'syntax', path: [], remedy, severity: 'error' }],
    };
  }
  const { object, problems } = parseObject(raw, 1);
  return { ...base, key: object === undefined ? keyOf(raw) : `${object.kind}/${object.name}`, object, problems };
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Line of the file on which a field stands, for a problem's `where`; the document's own line where it cannot be told. */
export function lineOfField(document: FolderDocument, path: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  const parsed = parseDocument(document.text, { lineCounter: lines, logLevel: 'silent' });
  const offset = parsed.errors[0]?.pos[0] ?? offsetOf(parsed, path);
  return offset === undefined ? document.line : document.line + lines.linePos(offset).line - 1;
}

function offsetOf(parsed: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = parsed.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const [start]: readonly unknown[] = node.range;
      return typeof start === 'number' ? start : undefined;
    }
  }
  return undefined;
}

/** A document for people to read; JSON becomes YAML elsewhere. */
export const documentText = (document: FolderDocument): string => `${withoutMarker(document.text).trim()}\n`;

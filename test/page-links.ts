/** Links of Markdown pages within the project: to files that are there, and to headings that are there. */
import { dirname, join, normalize } from 'node:path';
import type { SourceFile } from './source-tree.ts';

const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const EXTERNAL = /^[a-z]+:/;

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/`/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

function anchorsOf(text: string): ReadonlySet<string> {
  return new Set([...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));
}

/** Every link of `page` that leads nowhere. `exists` answers for paths from the top of the project. */
export function brokenLinks(page: SourceFile, pages: readonly SourceFile[], exists: (path: string) => boolean): readonly string[] {
  const targets = [...withoutCode(page.text).matchAll(LINK)].map((match) => match[1] ?? '').filter((target) => !EXTERNAL.test(target));
  return targets.filter((target) => {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)));
    if (path.startsWith('..') || !exists(path)) return true;
    const linked = pages.find((candidate) => candidate.path === path);
    return anchor !== undefined && linked !== undefined && !anchorsOf(linked.text).has(anchor);
  });
}

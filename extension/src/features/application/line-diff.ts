import { diffLines } from 'diff';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Line number on the live and on the desired side, from 1. */
  readonly live?: number;
  readonly desired?: number;
}

/** Lines that differ with their neighbours; `hidden` equal lines stand before them. */
export interface Hunk {
  readonly hidden: number;
  readonly lines: readonly DiffLine[];
}

export interface LineDiff {
  readonly hunks: readonly Hunk[];
  /** Equal lines after the last hunk. */
  readonly hiddenAfter: number;
  readonly added: number;
  readonly removed: number;
}

/** Two texts that differ by more are not compared line by line: it would hold the page up. */
const MAX_EDITS = 1_000;
const CONTEXT = 3;

function toLines(live: string, desired: string): readonly DiffLine[] | undefined {
  const changes = diffLines(live, desired, { maxEditLength: MAX_EDITS });
  if (changes === undefined) return undefined;
  let liveLine = 0;
  let desiredLine = 0;
  return changes.flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => {
        if (added) return { kind: 'added', text, desired: (desiredLine += 1) };
        if (removed) return { kind: 'removed', text, live: (liveLine += 1) };
        return { kind: 'same', text, live: (liveLine += 1), desired: (desiredLine += 1) };
      }),
  );
}

/** What differs between live and desired, with three lines around it. Undefined: too different to be compared. */
export function lineDiff(live: string, desired: string, context = CONTEXT): LineDiff | undefined {
  const all = toLines(live, desired);
  if (all === undefined) return undefined;
  const near = new Set<number>();
  all.forEach(({ kind }, index) => {
    if (kind !== 'same') for (let at = index - context; at <= index + context; at += 1) near.add(at);
  });
  const hunks: { hidden: number; lines: DiffLine[] }[] = [];
  let hidden = 0;
  all.forEach((line, index) => {
    if (!near.has(index)) hidden += 1;
    else if (hidden > 0 || hunks.length === 0) {
      hunks.push({ hidden, lines: [line] });
      hidden = 0;
    } else hunks.at(-1)?.lines.push(line);
  });
  const count = (kind: DiffLine['kind']): number => all.filter((line) => line.kind === kind).length;
  return { hunks, hiddenAfter: hidden, added: count('added'), removed: count('removed') };
}

import * as React from 'react';

export interface WindowOptions {
  readonly count: number;
  /** What a row is taken to be high until it has been drawn. */
  readonly rowHeight: number;
  /** Rows drawn beyond both ends of what is in sight. */
  readonly overscan: number;
  /** Names a row wherever it stands, so that a height stays with its row. */
  readonly keyOf: (index: number) => string | number;
}

/** The rows to draw, `first` up to but without `end`, and the room that those before and after them take. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
  /** Scrolls as little as brings a row into sight. */
  readonly reveal: (index: number) => void;
}

interface Range {
  readonly first: number;
  readonly end: number;
}

/** Before the room is known: what a first paint, and a page without layout, draw. */
const FIRST_ROOM_PX = 600;
const MAX_HEIGHTS = 20_000;

const sum = (heightOf: (index: number) => number, from: number, to: number): number => {
  let total = 0;
  for (let index = from; index < to; index += 1) total += heightOf(index);
  return total;
};

/** The rows between two heights. Rows are counted, not searched: ten thousand additions cost less than a frame's thousandth. */
export function rowsBetween(count: number, heightOf: (index: number) => number, top: number, bottom: number): Range {
  let first = 0;
  let y = 0;
  while (first < count - 1 && y + heightOf(first) <= top) {
    y += heightOf(first);
    first += 1;
  }
  let end = first;
  while (end < count && y < bottom) {
    y += heightOf(end);
    end += 1;
  }
  return { first, end: Math.max(end, Math.min(count, first + 1)) };
}

/** What sticks to the top of the scroller hides rows below it. */
const stickyHeight = (scroller: HTMLElement): number => scroller.querySelector('thead')?.offsetHeight ?? 0;

interface Known {
  readonly range: Range;
  readonly heightOf: (index: number) => number;
  readonly keyOf: (index: number) => string | number;
}

/** Notes the heights of the rows drawn and keeps those in sight where they are. True when a height is another than was thought. */
function measure(node: HTMLElement, heights: Map<string | number, number>, { range, heightOf, keyOf }: Known): boolean {
  let above = 0;
  let changed = false;
  for (const row of node.querySelectorAll<HTMLElement>('[data-index]')) {
    const index = Number(row.dataset['index']);
    const height = row.offsetHeight;
    const more = height - heightOf(index);
    if (height === 0 || Math.abs(more) < 1) continue;
    if (index < range.first) above += more;
    if (heights.size >= MAX_HEIGHTS) heights.clear();
    heights.set(keyOf(index), height);
    changed = true;
  }
  if (above !== 0) node.scrollTop += above;
  return changed;
}

/**
 * Only the rows in sight are in the page. Rows carry `data-index` and are measured as they are drawn, since texts wrap; a row above the
 * view that turns out higher or lower moves the scroller by as much, so that nothing in sight jumps.
 */
export function useWindow(element: React.RefObject<HTMLElement>, options: WindowOptions): RowWindow {
  const { count, rowHeight, overscan, keyOf } = options;
  const heights = React.useRef(new Map<string | number, number>());
  const heightOf = (index: number): number => heights.current.get(keyOf(index)) ?? rowHeight;
  const rangeNow = (): Range => {
    const node = element.current;
    const top = node?.scrollTop ?? 0;
    return rowsBetween(count, heightOf, top, top + (node?.clientHeight || FIRST_ROOM_PX));
  };
  const [, redraw] = React.useReducer((drawn: number) => drawn + 1, 0);
  const range = rangeNow();
  const latest = React.useRef({ range, rangeNow });
  latest.current = { range, rangeNow };

  // Talks to the scroller: scrolling and another size bring other rows into sight.
  React.useLayoutEffect(() => {
    const node = element.current;
    if (node === null) return undefined;
    const look = (): void => {
      const next = latest.current.rangeNow();
      if (next.first !== latest.current.range.first || next.end !== latest.current.range.end) redraw();
    };
    node.addEventListener('scroll', look, { passive: true });
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(redraw);
    observer?.observe(node);
    return () => {
      node.removeEventListener('scroll', look);
      observer?.disconnect();
    };
  }, [element]);

  // Talks to the layout: the true heights of what was drawn.
  React.useLayoutEffect(() => {
    if (element.current !== null && measure(element.current, heights.current, { range, heightOf, keyOf })) redraw();
  });

  const first = Math.max(0, range.first - overscan);
  const end = Math.min(count, range.end + overscan);
  const reveal = (index: number): void => {
    const node = element.current;
    if (node === null || index < 0 || index >= count) return;
    const start = sum(heightOf, 0, index);
    const bottom = start + heightOf(index) + stickyHeight(node) - node.clientHeight;
    if (start < node.scrollTop) node.scrollTop = start;
    else if (bottom > node.scrollTop) node.scrollTop = bottom;
  };
  return { first, end, before: sum(heightOf, 0, first), after: sum(heightOf, end, count), reveal };
}

import * as React from 'react';

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Distance of the upper edge from the window's. */
  readonly top: number;
}

/** The room an element has, followed as it changes; zero until it is known. */
export function useSize(element: React.RefObject<HTMLElement>): Size {
  const [size, setSize] = React.useState<Size>({ width: 0, height: 0, top: 0 });
  // Talks to the browser's layout.
  React.useLayoutEffect(() => {
    const node = element.current;
    if (node === null) return undefined;
    const read = (): void => {
      const { width, height, top } = node.getBoundingClientRect();
      const next = { width: Math.floor(width), height: Math.floor(height), top: Math.round(top) };
      setSize((now) => (now.width === next.width && now.height === next.height && now.top === next.top ? now : next));
    };
    read();
    window.addEventListener('resize', read);
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(read);
    observer?.observe(node);
    return () => {
      window.removeEventListener('resize', read);
      observer?.disconnect();
    };
  }, [element]);
  return size;
}

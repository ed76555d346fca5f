import * as React from 'react';

/** Closes what is open at Escape or at a press outside, and gives focus back to where it was. */
export function useDismiss(open: boolean, container: React.RefObject<HTMLElement>, close: () => void): void {
  const latest = React.useRef(close);
  latest.current = close;
  // Talks to the document: keys and presses outside.
  React.useEffect(() => {
    if (!open) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    const onPress = (event: Event): void => {
      if (event.target instanceof Node && container.current?.contains(event.target) === false) latest.current();
    };
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', onPress, true);
    return () => {
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('pointerdown', onPress, true);
    };
  }, [open, container]);
}

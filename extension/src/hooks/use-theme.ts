import * as React from 'react';

const THEMED = '.theme-dark,.theme-light';

/** The host's theme is a class on an ancestor, and the class is the truth: it flips in place when the system's preference does. */
export function useDarkTheme(element: React.RefObject<HTMLElement>): boolean {
  const [dark, setDark] = React.useState(false);
  // Talks to the host's DOM: its theme class.
  React.useLayoutEffect(() => {
    const themed = element.current?.closest(THEMED);
    if (themed === null || themed === undefined) return undefined;
    const read = (): void => setDark(themed.classList.contains('theme-dark'));
    read();
    const observer = new MutationObserver(read);
    observer.observe(themed, { attributes: true, attributeFilter: ['class'] });
    return () => observer.disconnect();
  }, [element]);
  return dark;
}

import * as React from 'react';

export interface TickingProps {
  readonly everyMs: number;
  readonly children: () => React.ReactNode;
}

/** Writes its content anew every so often: what is relative to now goes on by itself. A tab that nobody looks at rests, and is right at once when it is looked at. */
export function Ticking({ everyMs, children }: TickingProps): React.ReactElement {
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  // Talks to a timer and to the visibility of the tab.
  React.useEffect(() => {
    const run = (): void => {
      if (!document.hidden) tick();
    };
    const timer = window.setInterval(run, everyMs);
    document.addEventListener('visibilitychange', run);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', run);
    };
  }, [everyMs]);
  return <>{children()}</>;
}

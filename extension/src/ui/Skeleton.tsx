import * as React from 'react';
import { MockupList } from './argo-ui.js';

const SHOW_AFTER_MS = 300;

/** The shape of what is coming, after 300 ms: what loads faster never flashes. */
export function Skeleton({ label, rowHeight = 44 }: { readonly label: string; readonly rowHeight?: number }): React.ReactElement {
  const [shown, setShown] = React.useState(false);
  // Talks to a timer.
  React.useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), SHOW_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div className="ef-skeleton" role="status" aria-busy="true">
      <span className="ef-hidden">{label}</span>
      {shown ? <MockupList height={rowHeight} marginTop={12} /> : null}
    </div>
  );
}

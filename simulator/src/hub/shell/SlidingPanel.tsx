/** The panel that slides in from the right, over the page. */
import * as React from 'react';

interface SlidingPanelProps {
  readonly isShown: boolean;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}

export function SlidingPanel({ isShown, onClose, children }: SlidingPanelProps): React.ReactElement | null {
  if (!isShown) return null;
  return (
    <div className="sliding-panel sliding-panel--is-middle sliding-panel--opened">
      <div className="sliding-panel__wrapper">
        <button className="sliding-panel__close" onClick={onClose} aria-label="Close">
          <i className="fa fa-times" aria-hidden="true" />
        </button>
        <div className="sliding-panel__body">{children}</div>
      </div>
    </div>
  );
}

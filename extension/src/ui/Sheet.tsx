import * as React from 'react';
import * as ReactDOM from 'react-dom';
import { SlidingPanel } from './argo-ui.js';

export interface SheetProps {
  readonly open: boolean;
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  /** The theme's class, since the sheet hangs on the body. */
  readonly dark: boolean;
  readonly children: React.ReactNode;
}

const FOCUSABLE = 'a[href],button:not([disabled]),input:not([disabled]),select,textarea,[tabindex]:not([tabindex="-1"])';

/** Keeps Tab inside. */
function keepFocus(event: React.KeyboardEvent, root: HTMLElement | null): void {
  const items = [...(root?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].filter((item) => item.getAttribute('aria-hidden') !== 'true');
  const first = items[0];
  const last = items.at(-1);
  const from = event.shiftKey ? first : last;
  const to = event.shiftKey ? last : first;
  if (event.key !== 'Tab' || document.activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}

/** A sheet from the side, on the host's sliding panel: a dialog that takes focus, keeps it, and gives it back. */
export function Sheet({ open, title, closeLabel, onClose, dark, children }: SheetProps): React.ReactElement | null {
  const root = React.useRef<HTMLDivElement>(null);
  // Talks to the browser's focus.
  React.useEffect(() => {
    if (!open) return undefined;
    const before = document.activeElement;
    root.current?.querySelector<HTMLElement>('.ef-sheet__close')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [open]);
  if (!open) return null;
  return ReactDOM.createPortal(
    <div className={dark ? 'theme-dark' : 'theme-light'}>
      <div
        ref={root}
        className="ef-root ef-sheet"
        role="dialog"
        aria-modal="true"
        aria-label={title}
        tabIndex={-1}
        onKeyDown={(event) => {
          keepFocus(event, root.current);
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
      >
        <SlidingPanel isShown isNarrow onClose={onClose}>
          <div className="ef-sheet__head">
            <h2 className="ef-sheet__title">{title}</h2>
            <button type="button" className="ef-button ef-sheet__close" onClick={onClose}>
              {closeLabel}
            </button>
          </div>
          {children}
        </SlidingPanel>
      </div>
    </div>,
    document.body,
  );
}

import * as React from 'react';
import { Icon } from './Icon.tsx';
import { useDismiss } from './use-dismiss.ts';

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  /** Given: the item is one of several of which some hold. */
  readonly checked?: boolean;
  readonly onPick: () => void;
  /** Stays open, for items that are picked several at a time. */
  readonly stays?: boolean;
  readonly disabledBecause?: string;
}

export interface MenuProps {
  readonly label: string;
  /** What the button shows; the label where it shows only a glyph. */
  readonly children: React.ReactNode;
  readonly items: readonly MenuItem[];
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly alignEnd?: boolean;
}

function step(menu: HTMLElement | null, key: string): boolean {
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[key];
  if (to === undefined) return false;
  items[to]?.focus();
  return true;
}

/** A button with a menu, by the WAI-ARIA menu button pattern: arrows, Home, End, Escape, focus back to the button. */
export function Menu({ label, children, items, open: wanted, onOpenChange, alignEnd = false }: MenuProps): React.ReactElement {
  const [own, setOwn] = React.useState(false);
  const open = wanted ?? own;
  const root = React.useRef<HTMLDivElement>(null);
  const list = React.useRef<HTMLDivElement>(null);
  const button = React.useRef<HTMLButtonElement>(null);
  const setOpen = (next: boolean): void => {
    setOwn(next);
    onOpenChange?.(next);
    if (!next) button.current?.focus();
  };
  useDismiss(open, root, () => setOpen(false));
  // Talks to the browser's focus.
  React.useEffect(() => {
    if (!open) return;
    const holds = list.current?.querySelector<HTMLElement>('[aria-checked="true"]');
    (holds ?? list.current?.querySelector<HTMLElement>('[role^="menuitem"]'))?.focus();
  }, [open]);
  return (
    <div className="ef-menu" ref={root}>
      <button
        type="button"
        ref={button}
        className="ef-button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open ? (
        <div
          ref={list}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          className={`ef-menu__list${alignEnd ? ' ef-menu__list--end' : ''}`}
          onKeyDown={(event) => {
            if (step(list.current, event.key)) event.preventDefault();
            if (event.key === 'Tab') setOpen(false);
          }}
        >
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              tabIndex={-1}
              role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
              aria-checked={item.checked}
              aria-disabled={item.disabledBecause !== undefined}
              title={item.disabledBecause}
              className="ef-menu__item"
              onClick={() => {
                if (item.disabledBecause !== undefined) return;
                item.onPick();
                if (item.stays !== true) setOpen(false);
              }}
            >
              <Icon name={item.checked === true ? 'fa-check' : ''} className="ef-menu__tick" />
              <span dir="auto">{item.label}</span>
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

import * as React from 'react';
import { useServices } from '../services.ts';
import { useValue } from './use-store.ts';

/** Keys to actions: `j`, `?`, `Escape`, or two in a row: `g f`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const CHORD_MS = 1_000;
const TYPING = 'input,textarea,select,[contenteditable="true"]';

/** Enter on a link or a button is its own: the page's Enter must not take it away. */
const isPressing = ({ key, target }: KeyboardEvent): boolean =>
  key === 'Enter' && target instanceof HTMLElement && target.closest('a,button,summary') !== null;

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest(TYPING) !== null;

/** The action of a key after an earlier one, and what is waited for next. Pure, so that the map of keys can be tested without a page. */
export function readShortcut(
  shortcuts: Shortcuts,
  pending: string,
  key: string,
): { readonly action?: () => void; readonly pending: string } {
  const chord = pending === '' ? undefined : shortcuts[`${pending} ${key}`];
  if (chord !== undefined) return { action: chord, pending: '' };
  const single = shortcuts[key];
  if (single !== undefined) return { action: single, pending: '' };
  return { pending: Object.keys(shortcuts).some((known) => known.startsWith(`${key} `)) ? key : '' };
}

/** Single-key shortcuts of a page: never while typing, with a modifier, where somebody handled the key, or where the user switched them off. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const { settings } = useServices();
  const enabled = useValue(settings).shortcuts;
  const latest = React.useRef(shortcuts);
  latest.current = shortcuts;
  // Talks to the document: key presses.
  React.useEffect(() => {
    if (!enabled) return undefined;
    let pending = '';
    let pressedAt = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target) || isPressing(event)) return;
      const inTime = event.timeStamp - pressedAt < CHORD_MS;
      const { action, pending: next } = readShortcut(latest.current, inTime ? pending : '', event.key);
      pending = next;
      pressedAt = event.timeStamp;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [enabled]);
}

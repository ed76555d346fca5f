/**
 * What we throw outside of rendering, where no error boundary catches it: in a handler, a timer, a promise. The host page lives on, but
 * whoever pressed the button would see nothing happen.
 */

/** `extensions.js:3`: our bundle is one line of the file that holds all extensions, so a fault there is ours and not a neighbour's. */
export const lineOf = (stack: string): string | undefined => /([^\s(@]+:\d+):\d+\)?$/m.exec(stack)?.[1];

const OWN_LINE = lineOf(String(new Error().stack));
const MAX_CHARS = 2_000;

const stackOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? String(thrown.stack) : '';

/** Tells of each fault of ours; the answer ends it. */
export function onOwnFault(win: Window, tell: (details: string) => void, ownLine = OWN_LINE): () => void {
  const look = (thrown: unknown): void => {
    const stack = stackOf(thrown);
    if (ownLine !== undefined && lineOf(stack) === ownLine) tell(stack.slice(0, MAX_CHARS));
  };
  const onError = ({ error }: ErrorEvent): void => look(error);
  const onRejection = ({ reason }: PromiseRejectionEvent): void => look(reason);
  win.addEventListener('error', onError);
  win.addEventListener('unhandledrejection', onRejection);
  return () => {
    win.removeEventListener('error', onError);
    win.removeEventListener('unhandledrejection', onRejection);
  };
}

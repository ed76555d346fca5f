import * as React from 'react';
import type { KnownLabels, QueryError } from '../../../proxy-server/src/domain/query.ts';
import { completions, isHalfField, type Completion, type KnownWords } from './query-completion.ts';
import { readQuery, type QueryPiece } from './query-colours.ts';

export interface QueryLineOptions {
  readonly query: string;
  readonly labels: KnownLabels | undefined;
  readonly known: KnownWords;
  readonly onType: (query: string) => void;
  readonly onSubmit: (query: string) => void;
  readonly input: React.RefObject<HTMLInputElement>;
}

/** The line while it is typed into: its text, its colours, its mistake, and the list of completions with the one that is active. */
export interface QueryLineState {
  readonly text: string;
  readonly pieces: readonly QueryPiece[];
  readonly error: QueryError | undefined;
  readonly options: readonly Completion[];
  readonly active: number;
  readonly type: (text: string, caret: number) => void;
  readonly moveCaret: (caret: number) => void;
  readonly take: (option: Completion) => void;
  readonly close: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

export function useQueryLine({ query, labels, known, onType, onSubmit, input }: QueryLineOptions): QueryLineState {
  const [text, setText] = React.useState(query);
  const [caret, setCaret] = React.useState(query.length);
  const [open, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(-1);
  const written = React.useRef(query);
  // Talks to the address: a query that came from elsewhere (Back, a facet) replaces what is in the line.
  React.useEffect(() => {
    if (query === written.current) return;
    written.current = query;
    setText(query);
  }, [query]);
  const { pieces, error } = React.useMemo(() => readQuery(text, labels), [text, labels]);
  const options = React.useMemo(() => (open ? completions(text, caret, known) : []), [open, text, caret, known]);

  const type = (next: string, at: number): void => {
    setText(next);
    setCaret(at);
    setActive(-1);
    setOpen(true);
    if (readQuery(next, labels).error !== undefined || isHalfField(next, at, known)) return;
    written.current = next;
    onType(next);
  };
  const take = (option: Completion): void => {
    const at = option.from + option.text.length;
    type(text.slice(0, option.from) + option.text + text.slice(option.to), at);
    setOpen(/[:>]$/.test(option.text));
    window.requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
    input.current?.focus();
  };
  const step = (by: number): void => {
    setOpen(true);
    if (options.length > 0) setActive((now) => (Math.max(now, by > 0 ? -1 : 0) + by + options.length) % options.length);
  };
  const enter = (chosen: Completion | undefined): void => {
    if (chosen !== undefined) return take(chosen);
    setOpen(false);
    if (error === undefined) onSubmit(text);
  };
  const leave = (): void => (open && options.length > 0 ? setOpen(false) : input.current?.blur());
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const chosen = options[active];
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: () => enter(chosen),
      Escape: leave,
      ...(chosen === undefined ? {} : { Tab: () => take(chosen) }),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  return { text, pieces, error, options, active, type, moveCaret: setCaret, take, close: () => setOpen(false), onKeyDown };
}

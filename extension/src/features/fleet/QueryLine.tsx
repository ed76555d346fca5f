import * as React from 'react';
import type { KnownLabels } from '../../../../proxy-server/src/domain/query.ts';
import { fleetWords } from '../../messages/fleet.ts';
import { Icon } from '../../ui/Icon.tsx';
import { completions, type Completion, type KnownWords } from './query-completion.ts';
import { readQuery } from './query-colours.ts';

export interface QueryLineProps {
  readonly query: string;
  readonly labels: KnownLabels | undefined;
  readonly known: KnownWords;
  /** What is typed, at once; the page writes it into the address in its own time. */
  readonly onType: (query: string) => void;
  readonly onSubmit: (query: string) => void;
  /** What the server said about a query that looked right here. */
  readonly refused: string | undefined;
}

export const QUERY_INPUT_ID = 'ef-query';
const LIST_ID = 'ef-query-completions';
const ERROR_ID = 'ef-query-error';
const optionId = (index: number): string => `${LIST_ID}-${index}`;

/**
 * The query as text: coloured by a copy of it under a transparent input, completed by a list (WAI-ARIA combobox), and with the mistake named
 * where it is.
 */
export function QueryLine({ query, labels, known, onType, onSubmit, refused }: QueryLineProps): React.ReactElement {
  const [text, setText] = React.useState(query);
  const [caret, setCaret] = React.useState(query.length);
  const [open, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(-1);
  const input = React.useRef<HTMLInputElement>(null);
  const mirror = React.useRef<HTMLDivElement>(null);
  const written = React.useRef(query);

  // Talks to the address: a query that came from elsewhere (Back, a facet) replaces what is in the line.
  React.useEffect(() => {
    if (query === written.current) return;
    written.current = query;
    setText(query);
  }, [query]);

  const { pieces, error } = React.useMemo(() => readQuery(text, labels), [text, labels]);
  const options = React.useMemo(() => (open ? completions(text, caret, known) : []), [open, text, caret, known]);
  const message = error?.message ?? refused;

  const type = (next: string, at: number): void => {
    setText(next);
    setCaret(at);
    setActive(-1);
    written.current = next;
    if (readQuery(next, labels).error === undefined) onType(next);
  };
  const take = (option: Completion): void => {
    const next = text.slice(0, option.from) + option.text + text.slice(option.to);
    const at = option.from + option.text.length;
    type(next, at);
    setOpen(/[:>]$/.test(option.text));
    window.requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
    input.current?.focus();
  };
  const submit = (): void => {
    setOpen(false);
    if (error === undefined) onSubmit(text);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const chosen = options[active];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setOpen(true);
      if (options.length > 0) setActive((now) => (now + (event.key === 'ArrowDown' ? 1 : options.length)) % options.length);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) take(chosen);
    else if (event.key === 'Enter') return submit();
    else if (event.key === 'Escape') {
      if (open && options.length > 0) setOpen(false);
      else input.current?.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="ef-query">
      <div className={`ef-query__box${message === undefined ? '' : ' ef-query__box--wrong'}`}>
        <Icon name="fa-filter" className="ef-query__icon" />
        <div className="ef-query__field">
          <div ref={mirror} className="ef-query__mirror" aria-hidden="true" dir="auto">
            {pieces.map((piece, index) => (
              <span key={index} className={`ef-query__${piece.part}`}>
                {piece.text}
              </span>
            ))}
          </div>
          <input
            ref={input}
            id={QUERY_INPUT_ID}
            className="ef-query__input"
            type="text"
            role="combobox"
            dir="auto"
            aria-label={fleetWords.query.label}
            aria-expanded={options.length > 0}
            aria-controls={LIST_ID}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 && options[active] !== undefined ? optionId(active) : undefined}
            aria-invalid={message !== undefined}
            aria-describedby={message === undefined ? undefined : ERROR_ID}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder={fleetWords.query.placeholder}
            value={text}
            onChange={(event) => {
              setOpen(true);
              type(event.target.value, event.target.selectionStart ?? event.target.value.length);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onScroll={(event) => {
              if (mirror.current !== null) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
            }}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
        </div>
        {text === '' ? null : (
          <button type="button" className="ef-button ef-button--plain" aria-label={fleetWords.query.clear} onClick={() => onSubmit('')}>
            <Icon name="fa-times" />
          </button>
        )}
      </div>
      <ul id={LIST_ID} role="listbox" aria-label={fleetWords.query.completions} className="ef-query__list" hidden={options.length === 0}>
        {options.map((option, index) => (
          <li
            key={option.text}
            id={optionId(index)}
            role="option"
            aria-selected={index === active}
            className={`ef-query__option${index === active ? ' ef-query__option--active' : ''}`}
            onMouseDown={(event) => {
              event.preventDefault();
              take(option);
            }}
          >
            <code dir="auto">{option.text}</code>
            <span>{option.note}</span>
          </li>
        ))}
      </ul>
      {message === undefined ? null : (
        <p
          id={ERROR_ID}
          className="ef-query__message"
          style={{ paddingInlineStart: `calc(2.4em + ${Math.min(60, error?.position ?? 0)}ch)` }}
        >
          {message}
          {error?.nearest === undefined ? null : (
            <button
              type="button"
              className="ef-link"
              onClick={() => take({ text: error.nearest ?? '', note: '', from: error.position, to: error.position + error.length })}
            >
              {fleetWords.query.nearest(error.nearest)}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

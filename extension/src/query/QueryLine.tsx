import * as React from 'react';
import type { KnownLabels, QueryError } from '../../../proxy-server/src/domain/query.ts';
import { queryWords } from '../messages/query.ts';
import { Icon } from '../ui/Icon.tsx';
import type { KnownWords } from './query-completion.ts';
import { useQueryLine, type QueryLineState } from './use-query-line.ts';

export interface QueryLineProps {
  readonly query: string;
  readonly labels: KnownLabels | undefined;
  readonly known: KnownWords;
  readonly placeholder: string;
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
/** Beyond this the message would leave the line; it then stands at its end. */
const MAX_INDENT_CHARS = 48;

/**
 * The query as text: coloured by a copy of it under a transparent input, completed by a list (WAI-ARIA combobox), and with the mistake named
 * where it is.
 */
export function QueryLine(props: QueryLineProps): React.ReactElement {
  const input = React.useRef<HTMLInputElement>(null);
  const line = useQueryLine({ ...props, input });
  const message = line.error?.message ?? props.refused;
  return (
    <div className="ef-query">
      <div className={message === undefined ? 'ef-query__box' : 'ef-query__box ef-query__box--wrong'}>
        <Icon name="fa-filter" className="ef-query__icon" />
        <QueryInput line={line} input={input} placeholder={props.placeholder} wrong={message !== undefined} />
        {line.text === '' ? null : (
          <button type="button" className="ef-button ef-button--plain" aria-label={queryWords.clear} onClick={() => props.onSubmit('')}>
            <Icon name="fa-times" />
          </button>
        )}
      </div>
      <CompletionList line={line} />
      {message === undefined ? null : <Mistake message={message} error={line.error} line={line} />}
    </div>
  );
}

interface QueryInputProps {
  readonly line: QueryLineState;
  readonly input: React.RefObject<HTMLInputElement>;
  readonly placeholder: string;
  readonly wrong: boolean;
}

function QueryInput({ line, input, placeholder, wrong }: QueryInputProps): React.ReactElement {
  const mirror = React.useRef<HTMLDivElement>(null);
  return (
    <div className="ef-query__line">
      <div ref={mirror} className="ef-query__mirror" aria-hidden="true" dir="auto">
        {line.pieces.map((piece, index) => (
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
        aria-label={queryWords.label}
        aria-expanded={line.options.length > 0}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={line.options[line.active] === undefined ? undefined : optionId(line.active)}
        aria-invalid={wrong}
        aria-describedby={wrong ? ERROR_ID : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={placeholder}
        value={line.text}
        onChange={(event) => line.type(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onSelect={(event) => line.moveCaret(event.currentTarget.selectionStart ?? 0)}
        onScroll={(event) => {
          if (mirror.current !== null) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
        }}
        onBlur={line.close}
        onKeyDown={line.onKeyDown}
      />
    </div>
  );
}

function CompletionList({ line }: { readonly line: QueryLineState }): React.ReactElement {
  return (
    <ul id={LIST_ID} role="listbox" aria-label={queryWords.completions} className="ef-query__list" hidden={line.options.length === 0}>
      {line.options.map((option, index) => (
        <li
          key={option.text}
          id={optionId(index)}
          role="option"
          aria-selected={index === line.active}
          className={index === line.active ? 'ef-query__option ef-query__option--active' : 'ef-query__option'}
          onMouseDown={(event) => {
            event.preventDefault();
            line.take(option);
          }}
        >
          <code dir="auto">{option.text}</code>
          <span>{option.note}</span>
        </li>
      ))}
    </ul>
  );
}

interface MistakeProps {
  readonly message: string;
  readonly error: QueryError | undefined;
  readonly line: QueryLineState;
}

/** Under the place where the mistake is, with the word that was perhaps meant. */
function Mistake({ message, error, line }: MistakeProps): React.ReactElement {
  const indent = Math.min(MAX_INDENT_CHARS, error?.position ?? 0);
  const nearest = error?.nearest;
  return (
    <p id={ERROR_ID} className="ef-query__message" style={{ paddingInlineStart: `min(calc(24px + ${indent} * 7.8px), 50%)` }}>
      {message}
      {error === undefined || nearest === undefined ? null : (
        <button
          type="button"
          className="ef-link"
          onClick={() => line.take({ text: nearest, note: '', from: error.position, to: error.position + error.length })}
        >
          {queryWords.nearest(nearest)}
        </button>
      )}
    </p>
  );
}

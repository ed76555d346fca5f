import * as React from 'react';
import { applicationWords } from '../../messages/application.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { useWindow } from '../../ui/use-window.ts';
import { cutAtMatches, searchLines, type LogLine } from './log-lines.ts';
import { useLog, type Log } from './use-log.ts';

const words = applicationWords.logs;
const LINE_HEIGHT = 18;
const OVERSCAN = 20;

/** The lines of a log as they come, with a search over what is here. Following keeps the end in sight until somebody scrolls up. */
export function LogView({ path, follow }: { readonly path: string; readonly follow: boolean }): React.ReactElement {
  const [run, setRun] = React.useState(0);
  const [text, setText] = React.useState('');
  const log = useLog(path, run);
  const lines = React.useMemo(() => searchLines(log.buffer.lines, text), [log.buffer.lines, text]);
  return (
    <>
      <div className="ef-part__line">
        <input
          className="ef-input ef-part__filter"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="ef-muted" role="status">
          {words.found(lines.length, log.buffer.lines.length)}
        </span>
        <LogState log={log} follow={follow} />
        <button type="button" className="ef-link" onClick={() => setRun(run + 1)}>
          {words.again}
        </button>
      </div>
      {log.problem === undefined ? null : <ProblemView problem={log.problem} compact onRetry={() => setRun(run + 1)} />}
      {log.message === undefined ? null : (
        <p className="ef-app__message" dir="auto">
          {words.failed} {log.message}
        </p>
      )}
      {lines.length > 0 ? (
        <Lines lines={lines} wanted={text} follow={follow} />
      ) : log.reading ? null : (
        <p className="ef-part__none">{log.buffer.lines.length === 0 ? words.none : words.noMatch}</p>
      )}
    </>
  );
}

function LogState({ log, follow }: { readonly log: Log; readonly follow: boolean }): React.ReactElement {
  const formats = useFormats();
  const state = log.reading ? (follow ? words.following : words.reading) : words.ended;
  return (
    <span className="ef-muted">
      {state}
      {log.at === 0 ? null : `, ${applicationWords.part.asOf(formats.exactClock(log.at))}`}
      {log.buffer.dropped === 0 ? null : `, ${words.dropped(log.buffer.dropped)}`}
    </span>
  );
}

interface LinesProps {
  readonly lines: readonly LogLine[];
  readonly wanted: string;
  readonly follow: boolean;
}

function Lines({ lines, wanted, follow }: LinesProps): React.ReactElement {
  const scroller = React.useRef<HTMLDivElement>(null);
  const atEnd = React.useRef(true);
  const view = useWindow(scroller, {
    count: lines.length,
    rowHeight: LINE_HEIGHT,
    overscan: OVERSCAN,
    keyOf: (index) => lines[index]?.number ?? index,
  });
  // Talks to the scroller: new lines are in sight while the reader is at the end.
  React.useEffect(() => {
    if (follow && atEnd.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [follow, lines, view.before, view.after]);
  const onScroll = (event: React.UIEvent<HTMLDivElement>): void => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    atEnd.current = scrollTop + clientHeight >= scrollHeight - 2 * LINE_HEIGHT;
  };
  return (
    <div ref={scroller} className="ef-log" role="region" aria-label={words.region} tabIndex={0} onScroll={onScroll}>
      <div style={{ paddingBlock: `${view.before}px ${view.after}px` }}>
        {lines.slice(view.first, view.end).map((line, offset) => (
          <div key={line.number} data-index={view.first + offset} className="ef-log__line">
            <span className="ef-log__number">{line.number}</span>
            <code dir="auto">
              {cutAtMatches(line.text, wanted).map((piece, index) => (index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece))}
            </code>
          </div>
        ))}
      </div>
    </div>
  );
}

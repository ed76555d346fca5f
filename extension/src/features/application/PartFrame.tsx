import * as React from 'react';
import { applicationWords } from '../../messages/application.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { usePartsOfEdge, type Part } from './use-part.ts';

export interface PartFrameProps<T> {
  readonly title: string;
  readonly part: Part<T>;
  readonly children: (data: T) => React.ReactNode;
  /** Beside the title, such as a filter. */
  readonly tools?: React.ReactNode;
  readonly className?: string;
}

/** A part that loads from the edge by itself: how old it is, what went wrong in words, and the last known while it is asked again. */
export function PartFrame<T>({ title, part, children, tools, className = '' }: PartFrameProps<T>): React.ReactElement {
  const words = applicationWords.part;
  const { away } = usePartsOfEdge();
  return (
    <section className={`ef-card ef-part ${className}`} aria-label={title}>
      <ProgressLine active={part.fetching} label={words.asking} />
      <header className="ef-part__head">
        <h2 className="ef-heading">{title}</h2>
        <PartAge part={part} />
        {tools}
        <button type="button" className="ef-button ef-part__again" onClick={part.again} disabled={part.fetching}>
          {words.again}
        </button>
      </header>
      {part.problem === undefined ? null : <ProblemView problem={part.problem} compact />}
      {part.data !== undefined ? (
        children(part.data)
      ) : part.problem === undefined ? (
        <Skeleton label={words.loading(title)} />
      ) : away ? (
        <p className="ef-part__none">{applicationWords.awayNotLoaded}</p>
      ) : null}
    </section>
  );
}

/** "as of 14:02:11"; hatched where asking again failed, so that it is only the last known. */
export function PartAge<T>({ part }: { readonly part: Part<T> }): React.ReactElement | null {
  const words = applicationWords.part;
  const formats = useFormats();
  const { away } = usePartsOfEdge();
  if (part.data === undefined || part.at === 0) return null;
  const old = away || part.problem !== undefined;
  const clock = formats.exactClock(part.at);
  return (
    <time
      className={old ? 'ef-part__age ef-part__age--old' : 'ef-part__age'}
      dateTime={formats.iso(part.at)}
      title={formats.absolute(part.at)}
    >
      {old ? <span className="ef-hatch" aria-hidden="true" /> : null} {old ? words.wasAsOf(clock) : words.asOf(clock)}
    </time>
  );
}

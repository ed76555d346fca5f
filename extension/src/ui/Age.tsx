import * as React from 'react';
import { Ticking } from './Ticking.tsx';
import { useFormats } from './Formats.tsx';

export interface AgeProps {
  readonly at: number | undefined;
  /** What to say where there is no time. */
  readonly never: string;
  /** Another zone for the absolute time, such as the site's. */
  readonly zone?: string;
}

const MINUTE = 60_000;

/** How often a relative time has to be written anew so that it is never wrong by more than it says. */
const intervalFor = (ageMs: number): number => (ageMs < MINUTE ? 1_000 : ageMs < 60 * MINUTE ? 10_000 : MINUTE);

/** A relative time that goes on counting, with the absolute one at hand. */
export function Age({ at, never, zone }: AgeProps): React.ReactElement {
  const formats = useFormats();
  if (at === undefined) return <span className="ef-age ef-age--never">{never}</span>;
  return (
    <Ticking everyMs={intervalFor(Math.abs(formats.now() - at))}>
      {() => (
        <time className="ef-age" dateTime={formats.iso(at)} title={`${formats.absolute(at, zone)} (${formats.iso(at)})`}>
          {formats.relative(at, formats.now())}
        </time>
      )}
    </Ticking>
  );
}

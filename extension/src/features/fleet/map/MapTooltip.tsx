import * as React from 'react';
import { fleetWords } from '../../../messages/fleet.ts';
import type { RowWords } from './row-words.ts';
import type { Point } from './map-layout.ts';

export interface MapTooltipProps {
  readonly words: RowWords;
  readonly at: Point;
  readonly room: { readonly width: number; readonly height: number };
  readonly href: string | undefined;
}

/** Who this is, how it is, and how old that is. Hidden from screen readers, which hear the same from the cell. */
export function MapTooltip({ words, at, room, href }: MapTooltipProps): React.ReactElement {
  const style: React.CSSProperties = {
    ...(at.x > room.width / 2 ? { right: room.width - at.x + 14 } : { left: at.x + 14 }),
    ...(at.y > room.height / 2 ? { bottom: room.height - at.y + 14 } : { top: at.y + 14 }),
  };
  return (
    <div className="ef-tooltip" style={style} aria-hidden={href === undefined}>
      <p className="ef-tooltip__name" dir="auto">
        {words.title}
      </p>
      {words.subtitle === undefined ? null : <p className="ef-tooltip__sub">{words.subtitle}</p>}
      {words.lines.map((line) => (
        <p key={line} className="ef-tooltip__line">
          {line}
        </p>
      ))}
      {href === undefined ? null : <a href={href}>{fleetWords.map.open}</a>}
    </div>
  );
}

import * as React from 'react';
import { fleetWords } from '../../../messages/fleet.ts';
import { Figure } from '../../../ui/Figure.tsx';
import { kindWord, type LegendLine } from './map-legend.ts';
import { HATCHED } from './cell-kinds.ts';

export interface MapLegendProps {
  readonly lines: readonly LegendLine[];
  readonly onPress: (line: LegendLine) => void;
}

/** What the colours mean and how many there are of each; a press filters. */
export function MapLegend({ lines, onPress }: MapLegendProps): React.ReactElement {
  return (
    <div className="ef-legend" role="group" aria-label={fleetWords.map.legend}>
      {lines.map((line) => (
        <button key={line.kind.word} type="button" className="ef-legend__item" aria-pressed={line.on} onClick={() => onPress(line)}>
          <span
            className={`ef-swatch ef-swatch--${line.kind.paint}${HATCHED.has(line.kind.paint) ? ' ef-swatch--hatched' : ''}`}
            aria-hidden="true"
          />
          {kindWord(line.kind, line.newest)} <Figure value={line.count} />
        </button>
      ))}
    </div>
  );
}

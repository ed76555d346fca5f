import * as React from 'react';
import { applicationWords } from '../../messages/application.ts';
import { Age } from '../../ui/Age.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { VirtualTable, type Column } from '../../ui/VirtualTable.tsx';
import { parseEvents, type EdgeEvent } from './edge-events.ts';
import { PartFrame } from './PartFrame.tsx';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.events;
const ROW_HEIGHT = 36;
const eventKey = (event: EdgeEvent): string => event.key;

const COLUMNS: readonly Column<EdgeEvent>[] = [
  { key: 'last', title: words.last, width: '14%', cell: (event) => <Age at={event.lastAt} never="" /> },
  {
    key: 'reason',
    title: words.reason,
    width: '18%',
    cell: (event) => (
      <span className={event.type === 'Warning' ? 'ef-tone--degraded' : undefined}>
        {event.type === 'Warning' ? `${event.type}: ${event.reason}` : event.reason}
      </span>
    ),
  },
  { key: 'object', title: words.object, width: '20%', cell: (event) => <span dir="auto">{event.object}</span> },
  { key: 'message', title: words.message, cell: (event) => <span dir="auto">{event.message}</span> },
  { key: 'count', title: words.count, width: '8%', numeric: true, cell: (event) => <Figure value={event.count} /> },
];

/** What the edge's controller noted about the Application, newest first. */
export function EventsTab(): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const events = usePart<readonly EdgeEvent[]>(paths.events, parseEvents);
  return (
    <PartFrame title={words.title} part={events} className="ef-part--fill">
      {(rows) =>
        rows.length === 0 ? (
          <p className="ef-part__none">{words.none}</p>
        ) : (
          <VirtualTable label={words.title} columns={COLUMNS} rows={rows} rowKey={eventKey} total={rows.length} rowHeight={ROW_HEIGHT} />
        )
      }
    </PartFrame>
  );
}

import * as React from 'react';
import { RollBackButton } from '../../acting/ActingParts.tsx';
import { actionWords } from '../../messages/actions.ts';
import { applicationWords } from '../../messages/application.ts';
import { Age } from '../../ui/Age.tsx';
import { useFormats } from '../../ui/Formats.tsx';
import { VirtualTable, type Column } from '../../ui/VirtualTable.tsx';
import {
  isCommit,
  parseApplicationObject,
  parseCommit,
  type ApplicationObject,
  type CommitFacts,
  type HistoryEntry,
} from './application-object.ts';
import { PartFrame } from './PartFrame.tsx';
import { ProblemView } from '../../ProblemView.tsx';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.history;
const ROW_HEIGHT = 48;
const entryKey = (entry: HistoryEntry): string => String(entry.id);

const COLUMNS: readonly Column<HistoryEntry>[] = [
  { key: 'id', title: words.id, width: '6%', numeric: true, cell: (entry) => entry.id },
  { key: 'deployed', title: words.deployed, width: '16%', cell: (entry) => <Age at={entry.deployedAt} never={words.unknown} /> },
  { key: 'took', title: words.took, width: '10%', cell: (entry) => <Took entry={entry} /> },
  {
    key: 'by',
    title: words.by,
    width: '14%',
    cell: (entry) => <span dir="auto">{entry.initiatedBy === 'automated' ? words.automated : (entry.initiatedBy ?? words.unknown)}</span>,
  },
  {
    key: 'revision',
    title: words.revision,
    cell: (entry) => (
      <span className="ef-two">
        {entry.revisions.map((revision, index) => (
          <span key={`${index} ${revision}`} dir="auto" title={entry.repositories[index]}>
            <code>{revision}</code>
          </span>
        ))}
      </span>
    ),
  },
  { key: 'commit', title: words.commit, width: '26%', cell: (entry) => <Commit entry={entry} /> },
];

/** The newest entry is what runs; every other can be gone back to. */
const rollBackColumn = (newest: HistoryEntry | undefined): Column<HistoryEntry> => ({
  key: 'roll',
  title: actionWords.roll.column,
  width: '13%',
  cell: (entry) => (entry === newest ? <span className="ef-muted">{actionWords.roll.current}</span> : <RollBackButton id={entry.id} />),
});

function Took({ entry }: { readonly entry: HistoryEntry }): React.ReactElement {
  const formats = useFormats();
  const { startedAt, deployedAt } = entry;
  return <span>{startedAt === undefined || deployedAt === undefined ? words.unknown : formats.duration(deployedAt - startedAt)}</span>;
}

/** What ran before, as long as the edge remembers it, newest first. */
export function HistoryTab(): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const whole = usePart<ApplicationObject>(paths.whole, parseApplicationObject);
  return (
    <PartFrame title={words.title} part={whole} className="ef-part--fill">
      {({ history }) =>
        history.length === 0 ? (
          <p className="ef-part__none">{words.none}</p>
        ) : (
          <>
            <p className="ef-part__line ef-muted">{words.note}</p>
            <VirtualTable
              label={words.title}
              columns={[...COLUMNS, rollBackColumn(history[0])]}
              rows={history}
              rowKey={entryKey}
              total={history.length}
              rowHeight={ROW_HEIGHT}
            />
          </>
        )
      }
    </PartFrame>
  );
}

/** A commit is asked for only when somebody wants it: the edge may have to fetch from Git for it. */
function Commit({ entry }: { readonly entry: HistoryEntry }): React.ReactElement {
  const [asked, setAsked] = React.useState(false);
  const source = entry.revisions.findIndex(isCommit);
  const revision = entry.revisions[source];
  if (revision === undefined) return <span className="ef-muted">{words.noCommit}</span>;
  if (!asked)
    return (
      <button type="button" className="ef-link" onClick={() => setAsked(true)}>
        {words.show}
      </button>
    );
  return <CommitFactsOf revision={revision} entry={entry} source={entry.revisions.length > 1 ? source : undefined} />;
}

function CommitFactsOf({
  revision,
  entry,
  source,
}: {
  readonly revision: string;
  readonly entry: HistoryEntry;
  readonly source: number | undefined;
}): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const part = usePart<CommitFacts>(paths.commit(revision, entry.id, source), parseCommit);
  if (part.problem !== undefined) return <ProblemView problem={part.problem} compact onRetry={part.again} />;
  if (part.data === undefined) return <span className="ef-muted">{words.loading}</span>;
  const { author, at, message } = part.data;
  return (
    <span className="ef-two">
      <span dir="auto">{message?.split('\n')[0] ?? words.unknown}</span>
      <span className="ef-two__second" dir="auto">
        {author ?? ''} <Age at={at} never="" />
      </span>
    </span>
  );
}

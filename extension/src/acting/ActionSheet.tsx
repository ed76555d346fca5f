import * as React from 'react';
import type { HubProblem } from '../api/hub-problem.ts';
import { useDarkTheme } from '../hooks/use-theme.ts';
import { actionWords, kindTexts, kindWords } from '../messages/actions.ts';
import { shellWords } from '../messages/shell.ts';
import { ProblemView } from '../ProblemView.tsx';
import { useServices } from '../services.ts';
import { CheckRow } from '../ui/CheckRow.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { isSingle, type ActionDraft, type ActionSubject } from './action-draft.ts';
import { EXPIRIES_H, missing, NEW_TERMS, startAction, useImpact, WIDTHS, type ActionTerms, type Impact } from './action-form.ts';
import { PreviewNote } from './PreviewNote.tsx';
import { SyncFields, type DraftFieldsProps } from './SyncFields.tsx';

/** What is about to be asked for. */
export interface Asking {
  readonly draft: ActionDraft;
  readonly subject: ActionSubject;
  /** What it is done to, as the title says it. */
  readonly what: string;
  /** Auto-sync is on where a rollback would go. */
  readonly autoSync?: boolean;
}

export interface ActionSheetProps {
  readonly asking: Asking;
  readonly onClose: () => void;
  readonly onStarted: (run: string) => void;
}

const words = actionWords.sheet;

interface Sending {
  readonly busy: boolean;
  readonly problem: HubProblem | undefined;
  readonly send: (draft: ActionDraft, terms: ActionTerms) => void;
}

function useSending({ asking, onClose, onStarted }: ActionSheetProps): Sending {
  const services = useServices();
  const [problem, setProblem] = React.useState<HubProblem | undefined>(undefined);
  const [busy, setBusy] = React.useState(false);
  const send = (draft: ActionDraft, terms: ActionTerms): void => {
    setBusy(true);
    void startAction(services, asking.subject, draft, terms).then((answer) => {
      setBusy(false);
      if (!answer.ok) return setProblem(answer.error);
      services.announcement.set(actionWords.started(kindWords[draft.kind]));
      onClose();
      onStarted(answer.value.id);
    });
  };
  return { busy, problem, send };
}

/** Asks before anything is done: what it touches, how, why; large ones want their number typed. */
export function ActionSheet(props: ActionSheetProps): React.ReactElement {
  const { asking, onClose } = props;
  const root = React.useRef<HTMLSpanElement>(null);
  const dark = useDarkTheme(root);
  const title = words.title(kindWords[asking.draft.kind], asking.what);
  return (
    <>
      <span ref={root} hidden />
      <Sheet open title={title} closeLabel={words.cancel} onClose={onClose} dark={dark}>
        <ActionForm {...props} />
      </Sheet>
    </>
  );
}

function ActionForm(props: ActionSheetProps): React.ReactElement {
  const { subject, autoSync, draft: first } = props.asking;
  const [draft, setDraft] = React.useState<ActionDraft>(first);
  const [terms, setTerms] = React.useState<ActionTerms>(NEW_TERMS);
  const { busy, problem, send } = useSending(props);
  const impact = useImpact(first, subject);
  const { preview } = impact;
  const single = isSingle(subject);
  const need = missing({ draft, terms, preview, mustTurnOff: autoSync === true && draft.kind === 'rollback' });
  return (
    <form
      className="ef-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (need === undefined && !busy) send(draft, terms);
      }}
    >
      <p>{kindTexts[draft.kind]}</p>
      <Impacts impact={impact} />
      <KindFields draft={draft} onChange={(over) => setDraft({ ...draft, ...over })} single={single} autoSync={autoSync} />
      <TermsFields terms={terms} preview={preview} single={single} onChange={(over) => setTerms({ ...terms, ...over })} />
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
      <p className="ef-actions">
        <button type="submit" className="ef-button ef-button--main" disabled={need !== undefined || busy} aria-describedby="ef-act-need">
          {draft.kind === 'sync' && draft.dryRun ? `${kindWords.sync} (${actionWords.page.dry})` : kindWords[draft.kind]}
        </button>
        <span id="ef-act-need" className="ef-muted" role="status">
          {busy ? shellWords.refreshing : (need ?? '')}
        </span>
      </p>
    </form>
  );
}

function Impacts({ impact: { preview, problem } }: { readonly impact: Impact }): React.ReactElement {
  if (problem !== undefined) return <ProblemView problem={problem} compact />;
  return preview === undefined ? <p role="status">{words.counting}</p> : <PreviewNote preview={preview} />;
}

interface KindFieldsProps extends DraftFieldsProps {
  readonly single: boolean;
  readonly autoSync: boolean | undefined;
}

function KindFields({ draft, onChange, single, autoSync }: KindFieldsProps): React.ReactElement | null {
  if (draft.kind === 'sync')
    return (
      <>
        {single ? null : <p className="ef-impact">{draft.dryRun ? words.dryFirst : words.noDryRun}</p>}
        <SyncFields draft={draft} onChange={onChange} />
      </>
    );
  if (draft.kind !== 'rollback') return null;
  return (
    <fieldset className="ef-fields">
      <legend>{draft.to === 'previous' ? words.previous : actionWords.roll.to(String(draft.to))}</legend>
      {autoSync === true ? <p>{words.mustTurnOff}</p> : null}
      {autoSync === false ? null : (
        <CheckRow
          id="ef-act-off"
          label={words.turnOff}
          checked={draft.turnAutoSyncOff}
          onChange={() => onChange({ turnAutoSyncOff: !draft.turnAutoSyncOff })}
        />
      )}
      <CheckRow id="ef-act-prune" label={words.prune} checked={draft.prune} onChange={() => onChange({ prune: !draft.prune })} />
    </fieldset>
  );
}

interface TermsFieldsProps {
  readonly terms: ActionTerms;
  readonly preview: Impact['preview'];
  readonly single: boolean;
  readonly onChange: (change: Partial<ActionTerms>) => void;
}

/** Why, and, where it is several or one that has to be waited for, how. A large one wants its number typed. */
function TermsFields({ terms, preview, single, onChange }: TermsFieldsProps): React.ReactElement {
  const crowd = !single || (preview !== undefined && preview.notHeard > 0);
  const confirm = preview?.confirm === true ? preview.applications : undefined;
  return (
    <>
      <label className="ef-field">
        <span>{words.reason}</span>
        <input
          className="ef-input"
          required
          maxLength={500}
          value={terms.reason}
          placeholder={words.reasonNote}
          onChange={(event) => onChange({ reason: event.target.value })}
        />
      </label>
      {crowd ? (
        <>
          <Choice
            label={words.width}
            value={terms.width}
            values={WIDTHS}
            text={(value) => value.toLocaleString()}
            onPick={(width) => onChange({ width })}
          />
          <Choice
            label={words.expires}
            value={terms.expiresH}
            values={EXPIRIES_H}
            text={actionWords.hours}
            onPick={(expiresH) => onChange({ expiresH })}
          />
        </>
      ) : null}
      {confirm === undefined ? null : (
        <label className="ef-field">
          <span>{words.confirm(confirm)}</span>
          <input
            className="ef-input"
            inputMode="numeric"
            autoComplete="off"
            value={terms.typed}
            onChange={(event) => onChange({ typed: event.target.value })}
          />
        </label>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: number;
  readonly values: readonly number[];
  readonly text: (value: number) => string;
  readonly onPick: (value: number) => void;
}

function Choice({ label, value, values, text, onPick }: ChoiceProps): React.ReactElement {
  return (
    <label className="ef-field">
      <span>{label}</span>
      <select className="ef-input" value={value} onChange={(event) => onPick(Number(event.target.value))}>
        {values.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

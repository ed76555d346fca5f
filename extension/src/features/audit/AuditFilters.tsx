import * as React from 'react';
import { AUDIT_OUTCOMES } from '../../../../proxy-server/src/domain/audit.ts';
import { saveFile } from '../../api/save-file.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { auditedWords, auditWords as words, outcomeWords } from '../../messages/audit.ts';
import { ProblemView } from '../../ProblemView.tsx';
import { useServices } from '../../services.ts';
import { auditQuery } from './audit-query.ts';

const TEXTS = [
  ['user', words.user],
  ['edge', words.edge],
  ['app', words.application],
] as const;
const DAYS = [
  ['from', words.since],
  ['to', words.until],
] as const;
const CHOICES = [
  ['action', words.action, auditedWords],
  ['outcome', words.outcome, Object.fromEntries(AUDIT_OUTCOMES.map((outcome) => [outcome, outcomeWords[outcome]]))],
] as const;

/** The filters, each a key of the address, and the file of exactly what they let through. */
export function AuditFilters(): React.ReactElement {
  const { client } = useServices();
  const { search, change, changeSoon } = useUrlState();
  const [problem, setProblem] = React.useState<HubProblem | undefined>(undefined);
  const csv = (): void => void saveFile(client, `audit.csv?${auditQuery(search)}`, 'text/csv', 'audit.csv').then(setProblem);
  return (
    <>
      <div className="ef-filters" role="search" aria-label={words.filter}>
        {TEXTS.map(([key, label]) => (
          <label key={key} className="ef-field">
            <span>{label}</span>
            <input
              key={search.has(key) ? 'given' : 'empty'}
              className="ef-input"
              defaultValue={search.get(key) ?? ''}
              onChange={(event) => changeSoon({ [key]: event.target.value.trim() })}
            />
          </label>
        ))}
        {CHOICES.map(([key, label, options]) => (
          <label key={key} className="ef-field">
            <span>{label}</span>
            <select className="ef-input" value={search.get(key) ?? ''} onChange={(event) => change({ [key]: event.target.value })}>
              <option value="">{words.any}</option>
              {Object.entries(options).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        ))}
        {DAYS.map(([key, label]) => (
          <label key={key} className="ef-field">
            <span>{label}</span>
            <input
              className="ef-input"
              type="date"
              value={search.get(key) ?? ''}
              onChange={(event) => change({ [key]: event.target.value })}
            />
          </label>
        ))}
        <button type="button" className="ef-button" onClick={csv}>
          {words.csv}
        </button>
      </div>
      {problem === undefined ? null : <ProblemView problem={problem} compact />}
    </>
  );
}

import * as React from 'react';
import { actionWords } from '../messages/actions.ts';
import { CheckRow } from '../ui/CheckRow.tsx';
import { SYNC_OPTIONS, type ActionDraft } from './action-draft.ts';

export interface DraftFieldsProps {
  readonly draft: ActionDraft;
  readonly onChange: (change: Partial<ActionDraft>) => void;
}

const words = actionWords.sheet;
const FLAGS = ['prune', 'dryRun', 'force'] as const;

/** What a sync may be told: revision, flags, its options, and the resources it is held to. */
export function SyncFields({ draft, onChange }: DraftFieldsProps): React.ReactElement {
  const { syncOptions, resources } = draft;
  const toggle = (option: string): void =>
    onChange({
      syncOptions: syncOptions?.includes(option) === true ? syncOptions.filter((one) => one !== option) : [...(syncOptions ?? []), option],
    });
  return (
    <>
      <label className="ef-field">
        <span>{words.revision}</span>
        <input
          className="ef-input"
          value={draft.revision}
          placeholder={words.revisionNote}
          maxLength={256}
          onChange={(event) => onChange({ revision: event.target.value })}
        />
      </label>
      <fieldset className="ef-fields">
        <legend>{words.flags}</legend>
        {FLAGS.map((flag) => (
          <CheckRow
            key={flag}
            id={`ef-act-${flag}`}
            label={words[flag]}
            checked={draft[flag]}
            onChange={() => onChange({ [flag]: !draft[flag] })}
          />
        ))}
        <CheckRow
          id="ef-act-own"
          label={words.ownOptions}
          checked={syncOptions === undefined}
          onChange={() => onChange({ syncOptions: syncOptions === undefined ? [] : undefined })}
        />
      </fieldset>
      {syncOptions === undefined ? null : (
        <fieldset className="ef-fields">
          <legend>{words.options}</legend>
          {SYNC_OPTIONS.map((option) => (
            <CheckRow
              key={option}
              id={`ef-act-${option}`}
              label={option}
              checked={syncOptions.includes(option)}
              onChange={() => toggle(option)}
            />
          ))}
        </fieldset>
      )}
      {resources.length === 0 ? null : (
        <fieldset className="ef-fields">
          <legend>{words.resources(resources.length)}</legend>
          {resources.map((one) => {
            const name = [one.kind, one.namespace, one.name].filter((part) => part !== '').join('/');
            const others = resources.filter((other) => other !== one);
            return (
              <CheckRow
                key={name + one.group}
                id={`ef-act-${one.group}-${name}`}
                label={name}
                checked
                onChange={() => onChange({ resources: others })}
              />
            );
          })}
          <p className="ef-muted">{words.partial}</p>
        </fieldset>
      )}
    </>
  );
}

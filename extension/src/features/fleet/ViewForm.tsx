import * as React from 'react';
import { fleetWords } from '../../messages/fleet.ts';
import { MAX_VIEW_NAME } from './saved-views.ts';

/** The name of a view to save, in the page rather than in a dialog. */
export function ViewForm({
  onSave,
  onCancel,
}: {
  readonly onSave: (name: string) => void;
  readonly onCancel: () => void;
}): React.ReactElement {
  const [name, setName] = React.useState('');
  const input = React.useRef<HTMLInputElement>(null);
  // Talks to the browser's focus: the form was asked for with a key or a press elsewhere.
  React.useEffect(() => input.current?.focus(), []);
  return (
    <form
      className="ef-view-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') onSave(name.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <label htmlFor="ef-view-name">{fleetWords.views.name}</label>
      <input
        ref={input}
        id="ef-view-name"
        className="ef-input"
        maxLength={MAX_VIEW_NAME}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="ef-button ef-button--main" disabled={name.trim() === ''}>
        {fleetWords.views.save}
      </button>
      <button type="button" className="ef-button" onClick={onCancel}>
        {fleetWords.views.cancel}
      </button>
    </form>
  );
}

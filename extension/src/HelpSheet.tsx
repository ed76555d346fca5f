import * as React from 'react';
import { useValue } from './hooks/use-store.ts';
import { keyWords, shellWords } from './messages/shell.ts';
import type { Settings } from './stores/settings.ts';
import type { ValueStore } from './stores/value-store.ts';
import { CheckRow } from './ui/CheckRow.tsx';
import { Sheet } from './ui/Sheet.tsx';

export interface HelpSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly settings: ValueStore<Settings>;
  readonly dark: boolean;
}

/** The keys, and the two settings of the page. */
export function HelpSheet({ open, onClose, settings, dark }: HelpSheetProps): React.ReactElement {
  const now = useValue(settings);
  return (
    <Sheet open={open} title={keyWords.sheetTitle} closeLabel={shellWords.close} onClose={onClose} dark={dark}>
      <dl className="ef-keys">
        {keyWords.rows.map(([keys, words]) => (
          <div key={keys} className="ef-keys__row">
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <CheckRow
        id="ef-setting-shortcuts"
        label={keyWords.single}
        checked={now.shortcuts}
        onChange={() => settings.set({ ...now, shortcuts: !now.shortcuts })}
      />
      <CheckRow id="ef-setting-utc" label={keyWords.utc} checked={now.utc} onChange={() => settings.set({ ...now, utc: !now.utc })} />
    </Sheet>
  );
}

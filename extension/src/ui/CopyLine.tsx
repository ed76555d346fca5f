import * as React from 'react';

export interface CopyLineProps {
  readonly text: string;
  readonly copyLabel: string;
  readonly copiedLabel: string;
}

/** A line to paste somewhere, with a button that copies it. */
export function CopyLine({ text, copyLabel, copiedLabel }: CopyLineProps): React.ReactElement {
  const [copied, setCopied] = React.useState(false);
  const copy = (): void => {
    const written: Promise<void> | undefined = navigator.clipboard?.writeText(text);
    void written?.then(
      () => setCopied(true),
      () => setCopied(false), // refused by the browser: the text can still be selected
    );
  };
  return (
    <div className="ef-copy">
      <code className="ef-copy__text">{text}</code>
      <button type="button" className="ef-button" onClick={copy}>
        {copied ? copiedLabel : copyLabel}
      </button>
    </div>
  );
}

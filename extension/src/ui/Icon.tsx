import * as React from 'react';

/** A glyph of the host's icon font; always beside a word, so hidden from screen readers. */
export function Icon({ name, className = '' }: { readonly name: string; readonly className?: string }): React.ReactElement {
  return <i className={`fa ${name} ef-icon ${className}`} aria-hidden="true" />;
}

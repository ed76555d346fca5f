import * as React from 'react';
import { useFormats } from './Formats.tsx';

/** A number in the user's locale, in figures that line up. */
export function Figure({ value }: { readonly value: number }): React.ReactElement {
  return <span className="ef-figure">{useFormats().number(value)}</span>;
}

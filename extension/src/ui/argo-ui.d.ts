import type * as React from 'react';

export const Checkbox: React.FunctionComponent<{
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly onChange?: (checked: boolean) => void;
  readonly id?: string;
}>;

export const MockupList: React.ComponentClass<{ readonly height?: number; readonly marginTop?: number }>;

export const SlidingPanel: React.FunctionComponent<{
  readonly isShown?: boolean;
  readonly isNarrow?: boolean;
  readonly isMiddle?: boolean;
  readonly hasNoPadding?: boolean;
  readonly hasCloseButton?: boolean;
  readonly header?: React.ReactNode;
  readonly footer?: React.ReactNode;
  readonly onClose?: () => void;
  readonly children?: React.ReactNode;
}>;

import * as React from 'react';
import { Icon } from './Icon.tsx';

export interface EmptyStateProps {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  readonly children?: React.ReactNode;
}

/** Why there is nothing, and the next step. */
export function EmptyState({ icon, title, text, children }: EmptyStateProps): React.ReactElement {
  return (
    <div className="ef-empty">
      <Icon name={icon} className="ef-empty__icon" />
      <h2 className="ef-empty__title">{title}</h2>
      <p className="ef-empty__text">{text}</p>
      {children}
    </div>
  );
}

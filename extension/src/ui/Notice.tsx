import * as React from 'react';
import { Icon } from './Icon.tsx';

export interface NoticeProps {
  readonly tone: 'stale' | 'degraded' | 'attention' | 'quiet';
  readonly icon?: string;
  readonly title: string;
  readonly children?: React.ReactNode;
  readonly aside?: React.ReactNode;
}

/** Something to know, in words: what happened, what it means, what to do. */
export function Notice({ tone, icon, title, children, aside }: NoticeProps): React.ReactElement {
  return (
    <div className={`ef-notice ef-notice--${tone}`}>
      <div className="ef-notice__main">
        <p className="ef-notice__title">
          {icon === undefined ? null : <Icon name={icon} />} {title}
        </p>
        {children}
      </div>
      {aside === undefined ? null : <div className="ef-notice__aside">{aside}</div>}
    </div>
  );
}

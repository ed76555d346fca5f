import * as React from 'react';
import { shellWords } from './messages/shell.ts';
import { RouteLink } from './RouteLink.tsx';
import { EmptyState } from './ui/EmptyState.tsx';

export function NotFoundPage(): React.ReactElement {
  return (
    <EmptyState icon="fa-map-signs" title={shellWords.notFoundTitle} text={shellWords.notFoundText}>
      <RouteLink to="/" className="ef-button ef-button--main">
        {shellWords.toFleet}
      </RouteLink>
    </EmptyState>
  );
}

import * as React from 'react';
import { useServices } from './services.ts';

export interface RouteLinkProps {
  /** Below the fleet's path, e.g. `/edges/store-1`. */
  readonly to: string;
  readonly className?: string;
  readonly current?: boolean;
  readonly children: React.ReactNode;
}

/** A real link, so that it opens in a new tab; a plain left click stays in the page. */
export function RouteLink({ to, className, current = false, children }: RouteLinkProps): React.ReactElement {
  const { router } = useServices();
  return (
    <a
      href={router.hrefOf(to)}
      className={className}
      aria-current={current ? 'page' : undefined}
      dir="auto"
      onClick={(event) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        router.navigate(to);
      }}
    >
      {children}
    </a>
  );
}

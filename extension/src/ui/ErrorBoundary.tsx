import * as React from 'react';

export interface ErrorBoundaryProps {
  readonly children: React.ReactNode;
  readonly fallback: (details: string, again: () => void) => React.ReactNode;
}

/** A throw while rendering a system-level extension replaces the whole Argo CD UI: it ends here instead. */
export class ErrorBoundary extends React.Component<ErrorBoundaryProps, { readonly details: string | undefined }> {
  constructor(props: ErrorBoundaryProps) {
    super(props);
    this.state = { details: undefined };
  }

  static getDerivedStateFromError(thrown: unknown): { readonly details: string } {
    const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? String(thrown.stack) : String(thrown);
    return { details: stack.slice(0, 2_000) };
  }

  override render(): React.ReactNode {
    const { details } = this.state;
    if (details === undefined) return this.props.children;
    return this.props.fallback(details, () => this.setState({ details: undefined }));
  }
}

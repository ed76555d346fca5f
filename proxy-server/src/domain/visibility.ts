/**
 * What one user may see. `key` names the set: users with the same key share every encoded byte. What a user may not see is in no list,
 * no count, no stream and no error text of theirs.
 */
export interface Visibility {
  readonly key: string;
  /** True: everything, so that incremental counters may answer. */
  readonly all: boolean;
  edge(edge: string, labels: Readonly<Record<string, string>>): boolean;
  application(edge: string, labels: Readonly<Record<string, string>>, project: string, namespace: string, name: string): boolean;
}

export const SEES_EVERYTHING: Visibility = { key: 'all', all: true, edge: () => true, application: () => true };

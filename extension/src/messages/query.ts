/** The words of the query line. */
export const queryWords = {
  label: 'Query',
  clear: 'Clear the query',
  completions: 'Completions',
  nearest: (word: string) => `Use ${word}`,
} as const;

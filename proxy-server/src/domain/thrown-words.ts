/** The message of what was thrown, whatever that is; `otherwise` where it has none, or the thing itself as text. */
export const thrownWords = (thrown: unknown, otherwise?: string): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : (otherwise ?? String(thrown));

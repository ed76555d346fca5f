/** What edges and accounts answer with: an object. Undefined for everything else, which is then for classification to name. */
export function parseJsonObject(text: string): object | undefined {
  const start = text.trimStart().charCodeAt(0);
  if (start !== 0x7b) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // JSON.parse throws nothing but SyntaxError
  }
}

/** An object with the key, or without it where the value is undefined: absent is absent in everything we send. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const found: { [P in K]?: V } = {};
  if (value !== undefined) found[key] = value;
  return found;
}

/** A text, or nothing for the empty one. */
export const someText = (text: string): string | undefined => (text === '' ? undefined : text);

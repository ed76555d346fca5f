const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Go's encoding/json writes it: no spaces, and `<`, `>`, `&` escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}

/** A JSON object while it is built. */
export interface Json {
  [key: string]: unknown;
}

/** Drops what is undefined, keeping the order of keys: Go's `omitempty`. */
export function without(entries: Json): Json {
  for (const key of Object.keys(entries)) {
    if (entries[key] === undefined) delete entries[key];
  }
  return entries;
}

/** The value if the condition holds; it is not even made otherwise. */
export function when<T>(condition: boolean, make: () => T): T | undefined {
  return condition ? make() : undefined;
}

/** A list or object unless it is empty. */
export function filled<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

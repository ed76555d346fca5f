/** Reads answers of an edge's Argo CD, which may be of any version, cut or hostile: what is not of the wanted type is absent. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined),
    value,
  );
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = fieldAt(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = fieldAt(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** Go marshals an empty list as nothing, and a nil one as null. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found: unknown = fieldAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

export const textsAt = (value: unknown, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).filter((item): item is string => typeof item === 'string' && item !== '');

export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const at = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** The object without what is undefined: optional fields are absent, never undefined. */
export function defined<T extends object>(parts: { readonly [Key in keyof T]?: T[Key] | undefined }): { [Key in keyof T]?: T[Key] };
export function defined(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

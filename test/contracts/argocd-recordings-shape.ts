/** What two JSON answers must have in common: which keys are there, in which order they are written, and of what type the values are. */

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** Objects whose keys are data, not shape. */
const FREE = /(fieldsV1|\.data)$/;

function nameOf(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value['metadata'])) return undefined;
  const { name } = value['metadata'];
  return typeof name === 'string' && !/\.[0-9a-f]{16}$/.test(name) ? name : undefined;
}

/** Every path with the type at it, arrays as one: `items{pos}.status.history[].id:number`. Items that carry a name are kept apart by it. */
export function shapeOf(value: unknown, path = ''): string[] {
  const here = `${path}:${typeOf(value)}`;
  if (Array.isArray(value))
    return [
      ...new Set([
        here,
        ...value.flatMap((item: unknown) => shapeOf(item, `${path}${nameOf(item) === undefined ? '[]' : `{${nameOf(item) ?? ''}}`}`)),
      ]),
    ];
  if (!isObject(value) || FREE.test(path)) return [here];
  return [here, ...Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`))];
}

/** Order of keys per object path, where two objects have the same keys: `metadata: name,namespace`. */
export function keyOrderOf(value: unknown, path = ''): Map<string, string> {
  const orders = new Map<string, string>();
  const visit = (inner: unknown, at: string): void => {
    if (Array.isArray(inner)) inner.forEach((item) => visit(item, `${at}[]`));
    if (!isObject(inner) || FREE.test(at)) return;
    const keys = Object.keys(inner);
    orders.set(`${at}(${[...keys].sort().join(',')})`, keys.join(','));
    for (const key of keys) visit(inner[key], `${at}.${key}`);
  };
  visit(value, path);
  return orders;
}

/** What differs in shape, in words; `tolerated` paths may be on either side only. */
export function shapeDifferences(recorded: unknown, played: unknown, tolerated: readonly RegExp[]): string[] {
  const isTolerated = (path: string): boolean => tolerated.some((pattern) => pattern.test(path));
  const want = new Set(shapeOf(recorded));
  const have = new Set(shapeOf(played));
  const missing = [...want].filter((path) => !have.has(path) && !isTolerated(path)).map((path) => `missing ${path}`);
  const extra = [...have].filter((path) => !want.has(path) && !isTolerated(path)).map((path) => `extra ${path}`);
  const orders = keyOrderOf(played);
  const disordered = [...keyOrderOf(recorded)]
    .filter(([key, order]) => orders.has(key) && orders.get(key) !== order)
    .map(([key, order]) => `order of ${key}: ${order} recorded, ${orders.get(key) ?? ''} played`);
  return [...missing, ...extra, ...disordered];
}

/** The value of a key, made when it is first asked for. Past `limit` keys all are forgotten: what comes again is made again. */
export type Memo<K, T> = (key: K, make: () => T) => T;

/** An empty memo; `make` must give the same for the same key, whoever asks. */
export function createMemo<K, T>(limit: number): Memo<K, T> {
  const made = new Map<K, T>();
  return (key, make) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= limit) made.clear();
    const value = make();
    made.set(key, value);
    return value;
  };
}

type Writable<T> = T extends readonly (infer Item)[]
  ? number extends T['length']
    ? Writable<Item>[]
    : WritableParts<T>
  : T extends object
    ? WritableParts<T>
    : T;
type WritableParts<T> = { -readonly [K in keyof T]: Writable<T[K]> };
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends object ? { [K in keyof T]: Flat<T[K]> } : T;

/** `true` where two shapes are the same but for `readonly`. */
export type Same<A, B> = Equal<Flat<Writable<A>>, Flat<Writable<B>>>;

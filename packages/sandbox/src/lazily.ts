/** `make`, called at most once. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** `known` with further members, each made when it is first asked for and then kept: who makes a world mostly looks at a part of it. */
export function lazily<const K extends object, M extends object>(known: K, makers: { readonly [N in keyof M]: () => M[N] }): K & M {
  const made = { ...known } as K & M;
  for (const name of Object.keys(makers) as (keyof M)[]) {
    Object.defineProperty(made, name, { enumerable: true, configurable: true, get: once(makers[name]) });
  }
  return made;
}

/** A map that makes a value when it is first asked for; going through the values makes all of them. */
export class LazyMap<K, V> extends Map<K, V> {
  readonly #makers: Map<K, () => V>;

  constructor(makers: Iterable<readonly [K, () => V]>) {
    super();
    this.#makers = new Map(makers);
    for (const key of this.#makers.keys()) super.set(key, undefined as V);
  }

  override get(key: K): V | undefined {
    const make = this.#makers.get(key);
    if (make !== undefined) {
      super.set(key, make());
      this.#makers.delete(key);
    }
    return super.get(key);
  }

  override entries(): MapIterator<[K, V]> {
    this.#makeAll();
    return super.entries();
  }

  override values(): MapIterator<V> {
    this.#makeAll();
    return super.values();
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  override forEach(each: (value: V, key: K, map: Map<K, V>) => void): void {
    this.#makeAll();
    super.forEach(each);
  }

  #makeAll(): void {
    for (const key of this.#makers.keys()) this.get(key);
  }
}

/** A memory of the latest `max` things, by key; older ones are forgotten. */
export function createLatest<Value>(max: number) {
  const values = new Map<string, Value>();

  function set(key: string, value: Value): void {
    values.delete(key);
    values.set(key, value);
    const [oldest] = values.keys();
    if (values.size > max && oldest !== undefined) values.delete(oldest);
  }

  return {
    has: (key: string) => values.has(key),
    get: (key: string) => values.get(key),
    set,
    /** What is remembered; if nothing is, what `make` makes, from now on. */
    getOr(key: string, make: () => Value): Value {
      const value = values.get(key) ?? make();
      set(key, value);
      return value;
    },
    delete: (key: string) => values.delete(key),
  };
}

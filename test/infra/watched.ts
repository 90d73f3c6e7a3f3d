/** Data that notes which of its fields were looked at. */
export interface Watched<T> {
  data: T;
  /** JSON pointers of the fields, at any depth, that nobody read. */
  unread(): string[];
}

/**
 * Wraps data so that a validator without a rule for unknown fields gives them away: it reads every field that it knows, so
 * what it leaves unread is misspelt or in the wrong place.
 */
export function watch<T extends object>(root: T): Watched<T> {
  const unread = new Set<string>();

  function wrap(node: object, path: string): object {
    const children = new Map<string, unknown>();
    for (const [name, value] of Object.entries(node)) {
      const pointer = `${path}/${name}`;
      unread.add(pointer);
      children.set(name, typeof value === 'object' && value !== null ? wrap(value, pointer) : value);
    }
    return new Proxy(node, {
      get(target, name, receiver) {
        if (typeof name !== 'string' || !children.has(name)) return Reflect.get(target, name, receiver);
        unread.delete(`${path}/${name}`);
        return children.get(name);
      },
    });
  }

  const data = wrap(root, '') as T;
  return { data, unread: () => [...unread] };
}

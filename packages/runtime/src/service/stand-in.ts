/** An object of which every member is an asynchronous function, such as a port to something outside. */
export type Port<T> = { [K in keyof T]: (...args: never[]) => Promise<unknown> };

export interface StandIn<T> {
  /** Passes every call on; while the real one isn't there, every call is rejected. */
  readonly port: T;
  become(real: T): void;
}

/**
 * Stands in for a port that isn't open yet, so that a server can listen, and refuse, before everything behind it is there.
 *
 * @param refusal made for every call that comes too early
 */
export function createStandIn<T extends object & Port<T>>(refusal: () => Error): StandIn<T> {
  let real: T | undefined;
  const call =
    (name: keyof T) =>
    async (...args: never[]) => {
      if (real === undefined) throw refusal();
      return real[name](...args);
    };
  const port = new Proxy({} as T, {
    // An object with a `then` would be taken for a promise.
    get: (_target, name) => (name === 'then' ? undefined : call(name as keyof T)),
  });
  return {
    port,
    become(opened) {
      real = opened;
    },
  };
}

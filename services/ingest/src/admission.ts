import { type Refusal, refuse } from './problems.ts';

export interface AdmissionLimits {
  inflightRequestsMax: number;
  inflightRequestsPerKeyMax: number;
  inflightBytesMax: number;
}

/** A request's share of the process's memory. */
export interface Lease {
  /** Takes `bytes` more; false if there is no room, and then nothing is taken. */
  grow(bytes: number): boolean;
  /** Counts the request for another key than the one it entered with, once that is known; refused if it has its fill. */
  countFor(keyPrefix: string | null): { outcome: 'identified' } | Refusal;
  /** Gives everything back; further calls do nothing. */
  release(): void;
}

export interface Admission {
  /** Lets a request in, or says why not. `keyPrefix` null: not counted per key. */
  enter(keyPrefix: string | null): { outcome: 'admitted'; lease: Lease } | Refusal;
  inflightRequests(): number;
  inflightBytes(): number;
  /** Resolves when no request is inside. */
  whenEmpty(): Promise<void>;
}

/** Bounds what is inside the process at one time, so that overload is answered instead of suffered. */
export function createAdmission(limits: AdmissionLimits): Admission {
  const requestsByKey = new Map<string, number>();
  let waiting: (() => void)[] = [];
  let requests = 0;
  let bytes = 0;

  function countIn(keyPrefix: string | null): Refusal | null {
    const ofKey = keyPrefix === null ? 0 : (requestsByKey.get(keyPrefix) ?? 0);
    if (ofKey >= limits.inflightRequestsPerKeyMax) {
      return refuse('too_many_requests', `${ofKey} requests with this key are being handled, which is the limit.`);
    }
    if (keyPrefix !== null) requestsByKey.set(keyPrefix, ofKey + 1);
    return null;
  }

  function countOut(keyPrefix: string | null): void {
    if (keyPrefix === null) return;
    const left = (requestsByKey.get(keyPrefix) ?? 1) - 1;
    if (left === 0) requestsByKey.delete(keyPrefix);
    else requestsByKey.set(keyPrefix, left);
  }

  function leave(keyPrefix: string | null, heldBytes: number): void {
    requests -= 1;
    bytes -= heldBytes;
    countOut(keyPrefix);
    if (requests > 0) return;
    const waiters = waiting;
    waiting = [];
    for (const wake of waiters) wake();
  }

  function createLease(enteredWith: string | null): Lease {
    let keyPrefix = enteredWith;
    let held = 0;
    let isReleased = false;
    return {
      grow(more) {
        if (isReleased || bytes + more > limits.inflightBytesMax) return false;
        held += more;
        bytes += more;
        return true;
      },
      countFor(found) {
        const full = countIn(found);
        if (full !== null) return full;
        countOut(keyPrefix);
        keyPrefix = found;
        return { outcome: 'identified' };
      },
      release() {
        if (isReleased) return;
        isReleased = true;
        leave(keyPrefix, held);
      },
    };
  }

  return {
    enter(keyPrefix) {
      if (requests >= limits.inflightRequestsMax) {
        return refuse('overloaded', `${requests} requests are being handled, which is the limit.`);
      }
      const full = countIn(keyPrefix);
      if (full !== null) return full;
      requests += 1;
      return { outcome: 'admitted', lease: createLease(keyPrefix) };
    },
    inflightRequests: () => requests,
    inflightBytes: () => bytes,
    whenEmpty: () => (requests === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

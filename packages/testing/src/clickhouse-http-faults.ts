/** What can go wrong with one request. */
export type HttpFault =
  /** The socket is cut (or reset: RST): nothing ran, or all ran and nobody hears of it, or half of the answer arrives. */
  | { readonly kind: 'cut'; readonly at: 'before-query' | 'after-query' | 'mid-answer'; readonly isReset?: boolean }
  /** Status 200 and half of the answer, then an exception in its text. */
  | { readonly kind: 'exception-mid-answer'; readonly code: number; readonly tagged: boolean }
  /** A proxy answers in ClickHouse's place. */
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  /** The request waits before it runs. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Success is reported and nothing has run. */
  | { readonly kind: 'pretend' };

/** A fault and the requests that it meets. */
export interface PlannedFault {
  readonly fault: HttpFault;
  /** Only requests whose SQL contains this text; every request when absent. */
  readonly sqlContains?: string;
  /** How many requests it meets; 1 by default. */
  readonly times?: number;
}

/** A share of all requests that lose their socket, decided by a seeded generator. */
export interface RandomCuts {
  readonly share: number;
  readonly seed: number;
  /** `true` resets the connections (RST) instead of closing them. */
  readonly isReset?: boolean;
}

/** The plan of a server. */
export interface FaultPlan {
  add(planned: PlannedFault): void;
  randomCuts(cuts: RandomCuts | null): void;
  clear(): void;
  /** Takes the fault for a request, if there is one. */
  take(sql: string): HttpFault | null;
}

/** A deterministic generator of numbers in [0, 1) (mulberry32, Tommy Ettinger 2017). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const cutPoints = ['before-query', 'after-query', 'mid-answer'] as const;

/** Makes an empty plan. */
export function createFaultPlan(): FaultPlan {
  let planned: { fault: HttpFault; sqlContains: string | undefined; left: number }[] = [];
  let cuts: { share: number; random: () => number; isReset: boolean } | null = null;

  return {
    add: ({ fault, sqlContains, times }) => {
      planned.push({ fault, sqlContains, left: times ?? 1 });
    },
    randomCuts: (next) => {
      if (next === null) cuts = null;
      else cuts = { share: next.share, random: seededRandom(next.seed), isReset: next.isReset ?? false };
    },
    clear() {
      planned = [];
      cuts = null;
    },
    take(sql) {
      const match = planned.find((p) => p.left > 0 && (p.sqlContains === undefined || sql.includes(p.sqlContains)));
      if (match !== undefined) {
        match.left -= 1;
        return match.fault;
      }
      if (cuts === null || cuts.random() >= cuts.share) return null;
      const at = cutPoints[Math.floor(cuts.random() * cutPoints.length)] ?? 'before-query';
      return { kind: 'cut', at, isReset: cuts.isReset };
    },
  };
}

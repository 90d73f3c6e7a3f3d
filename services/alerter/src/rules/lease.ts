/** `claim`: wants to lead. `lead`: leads, and wrote so while it did. `end`: claims and leads no more. */
export const beatKinds = ['claim', 'lead', 'end'] as const;
export type BeatKind = (typeof beatKinds)[number];

/** A sign of life; `atUs` by the clock of the store. */
export interface Beat {
  readonly atUs: number;
  readonly holder: string;
  readonly kind: BeatKind;
}

/** Where beats are kept. */
export interface LeaseStore {
  /** Writes a beat with the time of the store's clock, not before it was called; visible to all when it resolves. */
  beat(holder: string, kind: BeatKind): Promise<void>;
  /** The beats of the last `spanUs` in any order, and what the store's clock says. */
  read(spanUs: number): Promise<{ readonly nowUs: number; readonly beats: readonly Beat[] }>;
}

export interface LeaseOptions {
  readonly store: LeaseStore;
  /** Names this process, like nobody else. */
  readonly holder: string;
  /** A clock that only goes forward, ms. */
  readonly monotonicMs: () => number;
  /** A leader that wasn't heard of for so long leads no more; a claim counts for as long. */
  readonly ttlMs?: number;
  /** Longest time that a beat may take to be written and seen by all; one that took longer counts for nothing with its writer. */
  readonly settleMs?: number;
}

/** The right to evaluate and to send, which one of several alerters has at a time. */
export interface Lease {
  /** Claims or renews it, and says whether it is held. Call it once a second or so. Never rejects. */
  hold(): Promise<boolean>;
  /** Whether it is held at this moment. Ask before everything that only the leader may do. */
  isHeld(): boolean;
  /** Gives it back, so that the next one needn't wait. Never rejects. */
  release(): Promise<void>;
}

/** For a store that belongs to one process. */
export const ownLease: Lease = { hold: async () => true, isHeld: () => true, release: async () => {} };

type Seen = Awaited<ReturnType<LeaseStore['read']>>;

/** Whether somebody else may still lead. Pure. */
export function isTaken({ beats, nowUs }: Seen, holder: string, ttlUs: number): boolean {
  const ended = new Set(beats.filter(({ kind }) => kind === 'end').map((beat) => beat.holder));
  return beats.some(
    (beat) => beat.kind === 'lead' && beat.holder !== holder && !ended.has(beat.holder) && nowUs - beat.atUs <= ttlUs,
  );
}

/** Whether a claim is the first of those that count. Pure. */
export function isFirst({ beats, nowUs }: Seen, holder: string, ttlUs: number): boolean {
  const ended = new Set(beats.filter(({ kind }) => kind === 'end').map((beat) => beat.holder));
  const [first] = beats
    .filter(({ kind, atUs, ...beat }) => kind === 'claim' && !ended.has(beat.holder) && nowUs - atUs <= ttlUs)
    .sort((a, b) => a.atUs - b.atUs || (a.holder < b.holder ? -1 : 1));
  return first?.holder === holder;
}

/**
 * A lease by beats in a store that gives each the time of one clock. Nobody claims while somebody else may lead. Whoever claimed waits until every
 * earlier claim that counts with its writer has to be visible, and leads if its own is the first: then it writes that it leads, and may do so once that is visible,
 * as long as its claim still counts. A leader renews, and stops `settleMs` before others take it to be gone. So two never lead at once,
 * as long as clocks run at about one speed; beats that come late keep others waiting and do nothing else.
 */
export function createLease({ store, holder, monotonicMs, ttlMs = 15_000, settleMs = 2_000 }: LeaseOptions): Lease {
  const [ttlUs, spanUs] = [ttlMs * 1000, ttlMs * 3000];
  let names = 0;
  /** Whoever lost the lease, or isn't sure of what it wrote, goes on under another name. */
  let name = `${holder} 0`;
  let lastLeadMs = Number.NEGATIVE_INFINITY;
  let claim: { readonly beganMs: number; readonly doneMs: number } | null = null;
  let running: Promise<boolean> | undefined;

  const isHeld = () => monotonicMs() < lastLeadMs + ttlMs - settleMs;

  async function beat(kind: BeatKind): Promise<{ beganMs: number; doneMs: number; isInTime: boolean }> {
    const beganMs = monotonicMs();
    await store.beat(name, kind);
    const doneMs = monotonicMs();
    return { beganMs, doneMs, isInTime: doneMs - beganMs <= settleMs };
  }

  async function abandon(): Promise<void> {
    const old = name;
    names += 1;
    name = `${holder} ${names}`;
    lastLeadMs = Number.NEGATIVE_INFINITY;
    claim = null;
    await store.beat(old, 'end');
  }

  /** Visible before anybody could have thought the one before to be too old. */
  async function renew(): Promise<void> {
    if (monotonicMs() - lastLeadMs < ttlMs / 3) return;
    const { beganMs, doneMs, isInTime } = await beat('lead');
    if (isInTime && doneMs - lastLeadMs <= ttlMs) lastLeadMs = beganMs;
  }

  async function lead({ beganMs: claimedMs }: { readonly beganMs: number }): Promise<void> {
    const { beganMs, doneMs, isInTime } = await beat('lead');
    claim = null;
    if (isInTime && doneMs - claimedMs <= ttlMs) lastLeadMs = beganMs;
    else await abandon();
  }

  async function turn(): Promise<void> {
    if (isHeld()) return renew();
    if (lastLeadMs > Number.NEGATIVE_INFINITY) return abandon();
    if (claim === null) {
      if (isTaken(await store.read(spanUs), name, ttlUs)) return;
      const written = await beat('claim');
      if (!written.isInTime) return abandon();
      claim = written;
      return;
    }
    if (monotonicMs() - claim.beganMs > ttlMs) return abandon();
    if (monotonicMs() - claim.doneMs < settleMs) return;
    const seen = await store.read(spanUs);
    if (!isTaken(seen, name, ttlUs) && isFirst(seen, name, ttlUs)) await lead(claim);
  }

  return {
    hold() {
      running ??= turn()
        .catch(() => {})
        .then(() => {
          running = undefined;
          return isHeld();
        });
      return running;
    },
    isHeld,
    async release() {
      await running;
      await abandon().catch(() => {});
    },
  };
}

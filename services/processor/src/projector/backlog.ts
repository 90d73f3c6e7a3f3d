import type { DirtyUnit } from './dirty-unit.ts';
import type { Passage } from './passage.ts';

/** The units of one passage that wait for a round. */
export interface BacklogEntry {
  passage: Passage;
  units: ReadonlySet<DirtyUnit>;
}

/** What a round takes: passages with their units, and all units, each once. */
export interface Take {
  entries: readonly BacklogEntry[];
  units: Set<DirtyUnit>;
}

/**
 * Passages in the order in which they came, each with its units; what several have in common is derived once. In memory, because
 * nothing of it is committed: who comes after a crash gets the same ranges again.
 */
export function createBacklog({ unitsMax }: { unitsMax: number }) {
  let entries: BacklogEntry[] = [];
  let size = 0;
  let waiters: (() => void)[] = [];

  function release(): void {
    const released = waiters;
    waiters = [];
    for (const resolve of released) resolve();
  }

  return {
    /** Units, those counted twice that wait in two passages. */
    size: () => size,
    isEmpty: () => entries.length === 0,
    put(entry: BacklogEntry): void {
      entries.push(entry);
      size += entry.units.size;
    },
    /** The oldest passages that have at most `unitsOfRoundMax` different units together; at least one. Forgets revoked ones. */
    take(unitsOfRoundMax: number): Take {
      entries = entries.filter(({ passage }) => !passage.tenancy.isRevoked);
      const units = new Set<DirtyUnit>();
      const taken: BacklogEntry[] = [];
      for (const entry of entries) {
        const fresh = [...entry.units].filter((unit) => !units.has(unit));
        if (taken.length > 0 && units.size + fresh.length > unitsOfRoundMax) break;
        for (const unit of fresh) units.add(unit);
        taken.push(entry);
      }
      entries = entries.slice(taken.length);
      size = entries.reduce((sum, entry) => sum + entry.units.size, 0);
      release();
      return { entries: taken, units };
    },
    /** Resolves when fewer than `unitsMax` units wait, or when {@link giveUp} is called. */
    async room(): Promise<void> {
      while (size >= unitsMax) {
        const waitedFor = new Promise<void>((resolve) => {
          waiters.push(resolve);
        });
        await waitedFor;
      }
    },
    /** Forgets everything and lets go of all who wait for room. */
    giveUp(): void {
      entries = [];
      size = 0;
      release();
    },
  };
}

export type Backlog = ReturnType<typeof createBacklog>;

/** What the log says should stand at an offset: an event with this content, or (null) a dead letter. */
export type Expected = ReadonlyMap<number, string | null>;

/** What the tables hold of a slice. Offsets may repeat: un-merged copies of one row. */
export interface Found {
  events: readonly { offset: number; contentHash: string }[];
  letters: ReadonlySet<number>;
}

export interface Comparison {
  /** Offsets without a row or dead letter of their own; an identical copy may still stand for them. */
  missing: number[];
  /** Event rows that don't follow from the log, plus dead letters whose offset isn't in the log. */
  extraRows: number;
}

/** Compares a slice of the log with the rows of the same offsets. Pure. */
export function compareSlice(expected: Expected, found: Found): Comparison {
  const right = new Set<number>();
  let extraRows = 0;
  for (const { offset, contentHash } of found.events) {
    if (expected.get(offset) === contentHash && !found.letters.has(offset)) right.add(offset);
    else extraRows += 1;
  }
  for (const offset of found.letters) if (!expected.has(offset)) extraRows += 1;
  const missing = [...expected.keys()].filter((offset) => !right.has(offset) && !found.letters.has(offset));
  return { missing, extraRows };
}

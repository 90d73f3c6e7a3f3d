/** What became of one attempt to write rows: all of them, or none because of the data in some. */
export type WriteOutcome<E> = { written: true } | { written: false; refusal: E };

export interface RefusedRow<R, E> {
  row: R;
  refusal: E;
}

/**
 * Writes rows of which some may be refused: halves whatever is refused until single rows are left. With k bad rows among
 * n it takes at most about 2k·log2(n) + 1 writes. Whatever `write` throws ends it, with some rows written and some not.
 */
export async function writeBisecting<R, E>(
  rows: readonly R[],
  write: (rows: readonly R[]) => Promise<WriteOutcome<E>>,
): Promise<RefusedRow<R, E>[]> {
  const refused: RefusedRow<R, E>[] = [];
  const waiting: (readonly R[])[] = rows.length === 0 ? [] : [rows];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const outcome = await write(part);
    if (outcome.written) continue;
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      refused.push({ row: only, refusal: outcome.refusal });
    } else {
      const middle = Math.ceil(part.length / 2);
      waiting.push(part.slice(middle), part.slice(0, middle));
    }
  }
  return refused;
}

/**
 * Damerau–Levenshtein distance without substring edits after a transposition ("optimal string alignment",
 * Boytsov 2011): insertions, deletions, substitutions and swaps of neighbours, each counted once, over code points.
 */
export function editDistance(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

const wordLengthMax = 200;

/**
 * The up to `limit` candidates that somebody who wrote `word` most likely meant, nearest first (ties: by name).
 * Case doesn't count. A candidate qualifies within a third of the longer word's length (at least one edit), or when one
 * of the two begins with the other and at least three letters agree. Words above 200 characters have no suggestion.
 */
export function nearestWords(word: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = word.toLowerCase();
  if (wanted.length === 0 || wanted.length > wordLengthMax) return [];
  const found: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const lower = candidate.toLowerCase();
    if (lower.length > wordLengthMax) continue;
    const distanceMax = Math.max(1, Math.floor(Math.max(wanted.length, lower.length) / 3));
    const isPrefix =
      Math.min(wanted.length, lower.length) >= 3 && (lower.startsWith(wanted) || wanted.startsWith(lower));
    if (!isPrefix && Math.abs(wanted.length - lower.length) > distanceMax) continue;
    const distance = editDistance(wanted, lower);
    if (isPrefix || distance <= distanceMax) found.push({ candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return found.slice(0, limit).map(({ candidate }) => candidate);
}

/** The nearest candidate, or null when none is near enough to be helpful. */
export function nearestWord(word: string, candidates: Iterable<string>): string | null {
  return nearestWords(word, candidates, 1)[0] ?? null;
}

/** ` Did you mean "x"?` (with a leading blank) or an empty string: ready to be appended to a sentence. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const nearest = nearestWord(word, candidates);
  return nearest === null ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
}

/**
 * The candidate nearest to a mistyped word, or null if none is near (more than a third of the letters differ).
 * Distance: optimal string alignment (insert, delete, replace, swap neighbours), letter case ignored; ties: the first.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  if (word.length > 64) return null;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const distanceMax = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance < bestDistance && distance <= distanceMax && distance < candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(replace, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) distance = Math.min(distance, (twoAbove[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    twoAbove = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

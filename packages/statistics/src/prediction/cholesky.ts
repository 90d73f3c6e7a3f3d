/** A square matrix by rows. */
export type Matrix = readonly (readonly number[])[];

export interface Factor {
  /** x with A·x = b. */
  solve(b: readonly number[]): number[];
  inverse(): number[][];
  /** log of the determinant of A. */
  readonly logDeterminant: number;
}

/**
 * The factor of a symmetric positive definite matrix (Cholesky), or null if it isn't one: a pivot has lost more than
 * twelve digits of its diagonal element, so that a column is a combination of others.
 */
export function cholesky(matrix: Matrix): Factor | null {
  const size = matrix.length;
  const rows = matrix.map(() => new Array<number>(size).fill(0));
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]?.[j] ?? 0;
      const diagonal = sum;
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      const row = rows[i];
      if (row === undefined) return null;
      if (i !== j) row[j] = sum / at(j, j);
      else if (!(sum > diagonal * 1e-12)) return null;
      else row[j] = Math.sqrt(sum);
    }
  }
  const solve = (b: readonly number[]): number[] => {
    const x = [...b];
    for (let i = 0; i < size; i++) {
      let sum = x[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= at(i, k) * (x[k] ?? 0);
      x[i] = sum / at(i, i);
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i] ?? 0;
      for (let k = i + 1; k < size; k++) sum -= at(k, i) * (x[k] ?? 0);
      x[i] = sum / at(i, i);
    }
    return x;
  };
  return {
    solve,
    inverse: () => matrix.map((_, i) => solve(matrix.map((__, j) => (i === j ? 1 : 0)))),
    logDeterminant: 2 * rows.reduce((sum, row, i) => sum + Math.log(row[i] ?? 1), 0),
  };
}

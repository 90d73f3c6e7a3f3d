/** Something that is wrong with a dashboard, found by one check. */
export interface Problem {
  check: string;
  /** Dashboard, panel, query. */
  where: string;
  message: string;
}

/** Problems as lines, for a test that wants none. */
export const told = (problems: readonly Problem[]): string[] =>
  problems.map(({ check, where, message }) => `${check}: ${where}: ${message}`);

/** Values that come more than once, each once. */
export function repeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

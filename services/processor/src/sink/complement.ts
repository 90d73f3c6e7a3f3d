/** Those of `rows` whose offset isn't in `present`, in their order. */
export function complement<R extends { offset: number }>(rows: readonly R[], present: ReadonlySet<number>): R[] {
  return present.size === 0 ? [...rows] : rows.filter(({ offset }) => !present.has(offset));
}

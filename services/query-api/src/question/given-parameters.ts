/**
 * The parameters of an address that were given: one without a value counts as left out. Forms and dashboards (Grafana's
 * variables) can leave a value empty, but not the name. Of a repeated one the values that aren't empty stay. Pure.
 */
export function givenParameters(query: unknown): Record<string, unknown> {
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]: [string, unknown]) => {
      if (!Array.isArray(value)) return value === '' ? [] : [[name, value]];
      const values: unknown[] = value.filter((one) => one !== '');
      if (values.length === 0) return [];
      return [[name, values.length === 1 ? values[0] : values]];
    }),
  );
}

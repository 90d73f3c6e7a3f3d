/**
 * The instants of `from=2026-09-07T15:00:00Z&to=…`, as links of alerts have them, in place of days of a range. Null unless both are
 * instants and `from` is earlier.
 */
export function linkedInstants(query: URLSearchParams): { from: string; to: string } | null {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  const [fromMs, toMs] = [from, to].map((text) => (instant.test(text) ? Date.parse(text) : Number.NaN));
  return fromMs !== undefined && toMs !== undefined && fromMs < toMs ? { from, to } : null;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

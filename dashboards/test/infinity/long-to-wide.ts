import type { Cell, Field, Frame } from './frame.ts';

/**
 * One field per combination of the texts of a frame with times: Grafana's LongToWide with missing values as null (grafana-plugin-sdk-go). Null where it
 * isn't a long frame, or the times aren't in ascending order: then Infinity passes the frame on as it is, and no series is drawn of it.
 */
export function longToWide(frame: Frame): Frame | null {
  const time = frame.fields.find(({ type }) => type === 'time');
  const factors = frame.fields.filter(({ type }) => type === 'string' || type === 'boolean');
  const measures = frame.fields.filter(({ type }) => type === 'number');
  if (time === undefined || factors.length === 0 || measures.length === 0 || frame.rows === 0) return null;
  const times: Cell[] = [];
  const wide = new Map<string, Field>();
  for (let row = 0; row < frame.rows; row++) {
    const at = time.values[row] ?? null;
    const last = times.at(-1);
    if (at === null || (last !== undefined && Number(at) < Number(last))) return null;
    if (at !== last) times.push(at);
    const labels = Object.fromEntries(factors.map(({ name, values }) => [name, String(values[row] ?? '')]));
    for (const { name, values } of measures) {
      const key = JSON.stringify([name, labels]);
      const field = wide.get(key) ?? { name, type: 'number', labels, values: [] };
      while (field.values.length < times.length - 1) field.values.push(null);
      field.values[times.length - 1] = values[row] ?? null;
      wide.set(key, field);
    }
  }
  for (const { values } of wide.values()) while (values.length < times.length) values.push(null);
  const fields = [{ ...time, values: times }, ...wide.values()];
  return { name: frame.name, fields, rows: times.length };
}

import type { NativeEvent } from '../../src/demo/wire.ts';
import { dayMs } from './walk.ts';

/** The request of docs/demo-data.md, computed without the product: every unit enters step 1 once, which makes it plain. */
export function exampleFunnel(units: Map<string, NativeEvent[]>) {
  const fromMs = Date.parse('2026-01-01T00:00:00+09:00');
  const toMs = Date.parse('2026-07-01T00:00:00+09:00');
  const steps = [['demo.requested', 'trial.started'], ['contract.signed'], ['value.milestone']];
  const rows = new Map<string, number[]>();
  for (const list of units.values()) {
    const entry = list.find(({ touchpoint }) => steps[0]?.includes(touchpoint));
    const enteredMs = Date.parse(entry?.occurredAt ?? '');
    if (!entry || enteredMs < fromMs || enteredMs >= toMs) continue;
    let index = list.indexOf(entry);
    for (let step = 0; step < steps.length; step += 1) {
      if (step > 0) index = list.findIndex(({ touchpoint }, i) => i > index && steps[step]?.includes(touchpoint));
      const event = list[index];
      if (!event || Date.parse(event.occurredAt) > enteredMs + 120 * dayMs) break;
      for (const segment of ['all', String(entry.traits?.plan)]) {
        const row = rows.get(segment) ?? [0, 0, 0];
        row[step] = (row[step] ?? 0) + 1;
        rows.set(segment, row);
      }
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

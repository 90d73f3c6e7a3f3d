import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bands, labels, type Question, steps, type Traveller } from './question.ts';

interface Row {
  customer: string;
  touchpoint: string;
  lifecycle: string;
  atUs: number;
  team: string;
  amount: string;
}

/** The rows of the file, in its order. It has no quotes, which is checked. */
export function readRows(path: string): Row[] {
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  if (text.includes('"')) throw new Error('the file has quotes now: read it with a parser');
  return text
    .trimEnd()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [customer = '', touchpoint = '', lifecycle = '', time = '', team = '', amount = ''] = line.split(',');
      return { customer, touchpoint, lifecycle, atUs: Date.parse(time) * 1_000, team, amount };
    });
}

function bandOf(amount: number): string {
  return labels[bands.filter((bound) => amount >= bound).length] ?? '';
}

/** The funnel by plain loops: for each entry the earliest following step, then the best entry of each customer. */
export function plainFunnel(rows: readonly Row[], { from, to, asOf, windowDays }: Question): Traveller[] {
  const [fromUs, toUs, asOfUs] = [from, to, asOf].map((text) => Date.parse(text) * 1_000) as [number, number, number];
  const windowUs = windowDays * 86_400e6;
  const byCustomer = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.atUs > asOfUs) continue;
    const own = byCustomer.get(row.customer);
    if (own === undefined) byCustomer.set(row.customer, [row]);
    else own.push(row);
  }
  const travellers: Traveller[] = [];
  for (const [customer, own] of byCustomer) {
    own.sort((a, b) => a.atUs - b.atUs);
    let best: { times: number[]; segment: string } | undefined;
    let isAlive = false;
    for (const entry of own) {
      if (entry.touchpoint !== steps[0] || entry.atUs < fromUs || entry.atUs >= toUs) continue;
      const times = [entry.atUs];
      for (const step of steps.slice(1)) {
        const after = times.at(-1) ?? 0;
        const next = own.find(
          ({ touchpoint, atUs }) => touchpoint === step && atUs >= after && atUs <= entry.atUs + windowUs,
        );
        if (next === undefined) break;
        times.push(next.atUs);
      }
      if (entry.atUs + windowUs >= asOfUs) isAlive = true;
      if (best === undefined || times.length > best.times.length)
        best = { times, segment: bandOf(Number(entry.amount)) };
    }
    if (best === undefined) continue;
    const furthest = best.times.length;
    travellers.push({
      customer,
      segment: best.segment,
      furthest,
      isOpen: furthest < steps.length && isAlive,
      stepsAtUs: steps.map((_, index) => best?.times[index] ?? null),
    });
  }
  return travellers;
}

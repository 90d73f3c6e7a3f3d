import type { CustomerSignals, HealthScore, Movement, SignalChange } from '@michinori/health';
import { type HealthSignal, healthSignals } from '@michinori/journey';
import type { StoredChange, StoredScore } from '@michinori/queries';
import { z } from 'zod';

/** Whom a score is about, as stored: `unit` is '' for somebody known by an anonymous id only. */
export interface StoredUnit {
  readonly unitKey: bigint;
  readonly unit: string;
  readonly anonymous: string;
}

/** The name that scores know a unit by. */
export function nameOf({ unit, anonymous }: Pick<StoredUnit, 'unit' | 'anonymous'>): string {
  return unit === '' ? `\0${anonymous}` : unit;
}

const number = z.number();
const evidence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('idle'), lastUs: number.nullable(), idleUs: number }),
  z.object({ kind: z.literal('count'), count: number }),
  z.object({ kind: z.literal('trend'), recent: number, before: number }),
  z.object({ kind: z.literal('sentiment'), n: number, mean: number }),
  z.object({ kind: z.literal('nps'), score: number, atUs: number }),
  z.object({ kind: z.literal('stalled'), spentSeconds: number, beyondSeconds: number }),
]);
const ledger = z.array(
  z.discriminatedUnion('line', [
    z.object({ line: z.literal('start'), points: number }),
    z.object({ line: z.literal('rule'), rule: z.string(), points: number, evidence }),
    z.object({ line: z.literal('clamp'), points: number }),
  ]),
);
const golden = z.object({ n: number, mean: number, stageMean: number, milestoneUs: number });
const moved = z.array(
  z.object({ line: z.enum(['start', 'rule', 'clamp']), rule: z.string().nullable(), from: number, to: number }),
);

/** A stored score as the next evaluation needs it. Throws on a text that no evaluation wrote. */
export function readScore(row: StoredScore, asOfUs: number): HealthScore {
  const { stage, score } = row;
  return {
    customer: nameOf(row),
    ...{ stage, asOfUs, score },
    ledger: ledger.parse(JSON.parse(row.ledger)),
    golden: row.golden === '' ? null : golden.parse(JSON.parse(row.golden)),
  };
}

/** What moved a score, as stored with a change. */
export function readMovements(text: string): Movement[] {
  return moved.parse(JSON.parse(text));
}

/** A stored change as it was found. */
export function readChange(row: StoredChange): SignalChange {
  const { signal, change, asOfUs: atUs, raisedUs, why, stage, score, scoreBefore } = row;
  const words = { signal, change, atUs, raisedUs, why, stage, score, scoreBefore };
  return { customer: nameOf(row), ...words, moved: readMovements(row.moved) };
}

/** What the evaluation before left, by name of the unit. */
export function statesOf(
  scores: readonly StoredScore[],
  standing: readonly { readonly unitKey: bigint; readonly signal: HealthSignal; readonly raisedUs: number }[],
  asOfUs: number,
): Map<string, CustomerSignals> {
  const raised = new Map<string, number>(
    standing.map(({ unitKey, signal, raisedUs }) => [`${unitKey} ${signal}`, raisedUs]),
  );
  return new Map(
    scores.map((row) => {
      const sinceOf = (signal: HealthSignal) => raised.get(`${row.unitKey} ${signal}`) ?? null;
      const [churn, expansion, golden_time] = healthSignals.map(sinceOf);
      const raisedUs = { churn: churn ?? null, expansion: expansion ?? null, golden_time: golden_time ?? null };
      return [nameOf(row), { raisedUs, last: readScore(row, asOfUs) }];
    }),
  );
}

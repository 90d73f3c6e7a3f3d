import type { CustomerGetMeta, JourneyHealthCustomersMeta, JourneyHealthCustomersRow } from '@michinori/client';
import { type LedgerLine, ledgerLines, readLedger } from './ledger.ts';
import { type Unit, unitOf, writeUnit } from './unit.ts';

/** Health of one customer or account as of the last evaluation. */
export interface UnitHealth {
  score: number;
  stage: string;
  /** As of when. */
  at: string | null;
  ledger: readonly LedgerLine[];
  /** The newest evaluations, the oldest first; empty for accounts. */
  history: readonly { at: string; score: number }[];
}

/** Scores that were asked for, as far as they have come. */
export interface Scores {
  rows: readonly JourneyHealthCustomersRow[];
  meta: Pick<JourneyHealthCustomersMeta, 'evaluatedAt'>;
}

type Standing = Pick<CustomerGetMeta['journeys'][number], 'health'>;

/** What an answer about a customer says of the health in a journey; null where there is no score. */
export function healthOfCustomer({ health }: Standing): UnitHealth | null {
  return health === null ? null : { ...health, ledger: ledgerLines(health.ledger) };
}

/** What is known of a unit among the scores of the newest evaluation; null where it isn't among them. */
export function healthAmong(names: readonly string[], scores: Scores | null): UnitHealth | null {
  const row = rowOf(names, scores);
  if (row === null || scores === null) return null;
  const { score, stage, ledger } = row;
  return { score, stage, at: scores.meta.evaluatedAt, ledger: readLedger(ledger), history: [] };
}

/** The row of a unit by any of its names; null where it isn't among them. */
export function rowOf(names: readonly string[], scores: Scores | null): JourneyHealthCustomersRow | null {
  return scores?.rows.find((row) => names.includes(writeUnit(unitOf(row)))) ?? null;
}

/** As whom a unit may stand among the scores: a person may go by another id, and stands as his account in journeys of accounts. */
export function namesOf(unit: Unit, meta: Pick<CustomerGetMeta, 'customer' | 'account'> | null): string[] {
  const others: Unit[] = [];
  if (meta !== null && meta.customer !== null) others.push({ kind: 'customer', id: meta.customer });
  if (meta !== null && meta.account !== null) others.push({ kind: 'account', id: meta.account });
  return [unit, ...others].map(writeUnit);
}

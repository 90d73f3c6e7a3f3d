import type { CustomerGetMeta, JourneyHealthCustomersMeta, JourneyHealthCustomersRow } from '@michinori/client';
import { type LedgerLine, readLedger } from './ledger.ts';
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

type Standing = Pick<CustomerGetMeta['journeys'][number], 'stage' | 'health'>;

/**
 * What is known of a unit: of a person (`standing`) the score and its course, and the facts where it is among the scores of the same evaluation. Null where
 * neither has a score.
 */
export function healthFrom(
  names: readonly string[],
  standing: Standing | null,
  scores: Scores | null,
): UnitHealth | null {
  const own = standing?.health ?? null;
  const row = rowOf(names, scores);
  const evaluatedAt = scores?.meta.evaluatedAt ?? null;
  if (own === null && row === null) return null;
  const isSame = row !== null && (own === null || evaluatedAt === own.at);
  const withoutFacts = (own?.ledger ?? []).map((line) => ({ ...line, evidence: null }));
  return {
    score: own?.score ?? row?.score ?? 0,
    stage: (isSame ? row.stage : standing?.stage) ?? '',
    at: own?.at ?? evaluatedAt,
    ledger: isSame ? readLedger(row.ledger) : withoutFacts,
    history: own?.history ?? [],
  };
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

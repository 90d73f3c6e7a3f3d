import { type CustomerGetMeta, customers, journeys } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import { type LedgerLine, readLedger } from './ledger.ts';
import { type Unit, unitOf, writeUnit } from './unit.ts';

const rowsMax = 1000;

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

/**
 * Health of a unit; null where it has none, undefined while that isn't known. Facts behind the points come from `/health/customers`, which has no
 * question for one customer: the lowest or the highest scores of his stage are asked for, whichever his is among. `given` is what is known of a customer already.
 */
export function useUnitHealth(
  journey: string,
  unit: Unit,
  given: CustomerGetMeta | null = null,
): UnitHealth | null | undefined {
  const isPerson = unit.kind !== 'account';
  const asked = useAnswer(
    isPerson && given === null
      ? customers.get(unit.id, { limit: 1, ...(unit.kind === 'anonymous' ? { anonymous: true } : {}) })
      : null,
  );
  const meta = given ?? asked.answer?.meta ?? null;
  const standing = meta?.journeys.find((one) => one.journey === journey) ?? null;
  const own = standing?.health ?? null;
  const isKnown = !isPerson || meta !== null || asked.error !== null;
  const asks = isKnown && (!isPerson || own !== null);
  const half = own === null || own.score < 50 ? ('lowest' as const) : ('highest' as const);
  const ofStage = standing === null ? {} : { stage: standing.stage };
  const scored = useAnswer(
    asks ? journeys.healthCustomers(journey, { ...ofStage, order: half, limit: rowsMax }) : null,
  );
  const names = namesOf(unit, meta);
  const row = scored.answer?.rows.find((one) => names.includes(writeUnit(unitOf(one)))) ?? null;
  const isRowNow = row !== null && (own === null || scored.answer?.meta.evaluatedAt === own.at);
  if (!isKnown || (asks && scored.answer === null && scored.error === null)) return undefined;
  if (own === null && row === null) return null;
  return {
    score: own?.score ?? row?.score ?? 0,
    stage: row?.stage ?? standing?.stage ?? '',
    at: own?.at ?? scored.answer?.meta.evaluatedAt ?? null,
    ledger:
      isRowNow && row !== null
        ? readLedger(row.ledger)
        : (own?.ledger ?? []).map((line) => ({ ...line, evidence: null })),
    history: own?.history ?? [],
  };
}

/** As whom a unit may stand among the scores: a person may go by another id, and stands as his account in journeys of accounts. */
function namesOf(unit: Unit, meta: { customer: string | null; account: string | null } | null): string[] {
  const others = [
    ...(meta?.customer == null ? [] : [{ kind: 'customer' as const, id: meta.customer }]),
    ...(meta?.account == null ? [] : [{ kind: 'account' as const, id: meta.account }]),
  ];
  return [unit, ...others].map(writeUnit);
}

import { type CustomerGetMeta, customers, journeys } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import type { Unit } from './unit.ts';
import { healthFrom, namesOf, rowOf, type UnitHealth } from './unit-health.ts';

const rowsMax = 1000;

/**
 * Health of a unit; null where it has none, undefined while that isn't known. Facts behind the points come from `/health/customers`, which has no
 * question for one customer: the lowest and then the highest scores are asked for until his is among them, beginning where it is nearer. `given` is what is
 * known of a customer already.
 */
export function useUnitHealth(
  journey: string,
  unit: Unit,
  given: CustomerGetMeta | null = null,
): UnitHealth | null | undefined {
  const isPerson = unit.kind !== 'account';
  const anonymous = unit.kind === 'anonymous' ? { anonymous: true } : {};
  const asked = useAnswer(isPerson && given === null ? customers.get(unit.id, { limit: 1, ...anonymous }) : null);
  const meta = given ?? asked.answer?.meta ?? null;
  const standing = meta?.journeys.find((one) => one.journey === journey) ?? null;
  const own = standing?.health ?? null;
  const isKnown = !isPerson || meta !== null || asked.error !== null;
  const asks = isKnown && (!isPerson || own !== null);
  const names = namesOf(unit, meta);
  const isLow = own === null || own.score < 50;
  const scoresFrom = (order: 'lowest' | 'highest') => journeys.healthCustomers(journey, { order, limit: rowsMax });
  const near = useAnswer(asks ? scoresFrom(isLow ? 'lowest' : 'highest') : null);
  const asksFurther = near.answer !== null && near.answer.meta.cursor !== null && rowOf(names, near.answer) === null;
  const far = useAnswer(asksFurther ? scoresFrom(isLow ? 'highest' : 'lowest') : null);
  const isWaiting = (known: typeof near) => known.answer === null && known.error === null;
  if (!isKnown || (asks && isWaiting(near)) || (asksFurther && isWaiting(far))) return undefined;
  return healthFrom(names, standing, asksFurther ? far.answer : near.answer);
}

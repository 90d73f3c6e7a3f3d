import { type CustomerGetMeta, customers, journeys } from '@michinori/client';
import { useAnswer } from '../../data/use-answer.tsx';
import type { Unit } from './unit.ts';
import { healthAmong, healthOfCustomer, namesOf, rowOf, type UnitHealth } from './unit-health.ts';

const rowsMax = 1000;

/**
 * Health of a unit; null where it has none, undefined while that isn't known. A person is asked for; an account, for which there is no such question, is
 * looked for among the lowest and then the highest scores. `given` is what is known of a customer already.
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
  const names = namesOf(unit, meta);
  const scoresFrom = (order: 'lowest' | 'highest') => journeys.healthCustomers(journey, { order, limit: rowsMax });
  const lowest = useAnswer(isPerson ? null : scoresFrom('lowest'));
  const asksFurther =
    lowest.answer !== null && lowest.answer.meta.cursor !== null && rowOf(names, lowest.answer) === null;
  const highest = useAnswer(asksFurther ? scoresFrom('highest') : null);
  if (isPerson) {
    if (meta === null) return asked.error === null ? undefined : null;
    const standing = meta.journeys.find((one) => one.journey === journey);
    return standing === undefined ? null : healthOfCustomer(standing);
  }
  const last = asksFurther ? highest : lowest;
  return last.answer === null && last.error === null ? undefined : healthAmong(names, last.answer);
}

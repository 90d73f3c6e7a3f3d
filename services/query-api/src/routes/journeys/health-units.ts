import type { JourneyScope } from '@michinori/queries';
import { z } from 'zod';

/** Columns that name whom a row of health is about: one of them isn't null. */
export const unitColumns = {
  customer: z.string().nullable().describe('null in journeys of accounts, and for anonymous customers'),
  account: z.string().nullable(),
  anonymous: z.string().nullable(),
};

/** The names of a unit of the scope's journey; `unit` is '' of somebody known by an anonymous id only. */
export function unitNames(
  { journey }: JourneyScope,
  { unit, anonymous }: { readonly unit: string; readonly anonymous: string },
) {
  return {
    customer: journey.unit === 'customer' && unit !== '' ? unit : null,
    account: journey.unit === 'account' ? unit : null,
    anonymous: unit === '' ? anonymous : null,
  };
}

/** A ledger or its movements, stored as JSON, in words: `quiet −18, busy +10`. */
export function movedText(json: string): string {
  const moved = z.array(z.object({ rule: z.string().nullable(), from: z.number(), to: z.number() }));
  const words = moved
    .parse(JSON.parse(json))
    .filter(({ rule }) => rule !== null)
    .map(({ rule, from, to }) => `${rule} ${to < from ? `−${from - to}` : `+${to - from}`}`);
  return words.join(', ');
}

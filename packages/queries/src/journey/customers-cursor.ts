import { z } from 'zod';
import { JourneyQuestionError } from './errors.ts';
import type { JourneyScope } from './scope.ts';

const customersPlace = z.strictObject({
  /** The question that all pages answer, µs. */
  asOfUs: z.int(),
  fromUs: z.int(),
  toUs: z.int(),
  /** The last row of the page before. */
  enteredUs: z.int(),
  unitKey: z.string().regex(/^\d{1,20}$/),
  visit: z.int().nonnegative(),
});

/** Where a page of visits ended, and the moment and range that all pages look at. */
export type CustomersPlace = z.output<typeof customersPlace>;

/** A place as opaque text that can stand in a URL. */
export function encodeCustomersPlace(place: CustomersPlace): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place of a text. @throws JourneyQuestionError `/cursor` when it is none */
export function decodeCustomersPlace(text: string): CustomersPlace {
  try {
    return customersPlace.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new JourneyQuestionError([{ pointer: '/cursor', message: 'is not a cursor that this service gave out' }]);
  }
}

/** The scope of the first page. */
export function scopeOfPlace(scope: JourneyScope, place: CustomersPlace | null): JourneyScope {
  if (place === null) return scope;
  const { asOfUs, fromUs, toUs } = place;
  return { ...scope, asOfUs, fromUs, toUs };
}

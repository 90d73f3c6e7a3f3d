import { z } from 'zod';

const customersCursor = z.strictObject({
  asOfUs: z.int(),
  enteredAtUs: z.int().nonnegative(),
  unitKey: z.string().regex(/^\d{1,20}$/),
});

/** Where a page of customers ended, and the moment that all pages look at. */
export type CustomersCursor = z.output<typeof customersCursor>;

/** A cursor as opaque text that can stand in a URL. */
export function encodeCursor(cursor: CustomersCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** The cursor of a text, or null when it is none. */
export function decodeCursor(text: string): CustomersCursor | null {
  try {
    const parsed = customersCursor.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Addresses of the board's pages, for the server that answers them with `index.html`; `*` stands for the rest of a path.
 * The browser's side of it is `app/state/route.ts`; a test compares the two.
 */
export const boardAddresses = [
  '/',
  '/journeys/*',
  '/funnel',
  '/customers',
  '/customers/*',
  '/alerts',
  '/data',
] as const;

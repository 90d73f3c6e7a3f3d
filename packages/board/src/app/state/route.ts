/** Pages that show one journey. */
export const journeyPages = ['map', 'cycle-time', 'paths', 'nps', 'health'] as const;
export type JourneyPage = (typeof journeyPages)[number];

/** What the path of an address names. */
export type Route =
  | { page: 'start' }
  | { page: JourneyPage; journey: string }
  | { page: 'funnel' }
  | { page: 'customers' }
  | { page: 'journey-customers'; journey: string }
  | { page: 'customer'; customer: string }
  | { page: 'alerts' }
  | { page: 'data' }
  | { page: 'unknown' };

export type PageName = Route['page'];

/** Reads a path such as `/journeys/buying/map`; a journey without a page is its map. */
export function readRoute(path: string): Route {
  const [first = '', second = '', third = '', ...rest] = path.split('/').slice(1).map(decode);
  if (first === '') return { page: 'start' };
  if (rest.length > 0) return { page: 'unknown' };
  if (first === 'journeys' && second !== '') {
    if (third === 'customers') return { page: 'journey-customers', journey: second };
    const page = third === '' ? 'map' : journeyPages.find((name) => name === third);
    return page === undefined ? { page: 'unknown' } : { page, journey: second };
  }
  if (third !== '') return { page: 'unknown' };
  if (first === 'customers') return second === '' ? { page: 'customers' } : { page: 'customer', customer: second };
  if ((first === 'funnel' || first === 'alerts' || first === 'data') && second === '') return { page: first };
  return { page: 'unknown' };
}

/** The path of a route; the inverse of `readRoute`. */
export function pathOf(route: Route): string {
  switch (route.page) {
    case 'start':
    case 'unknown':
      return '/';
    case 'customer':
      return `/customers/${encodeURIComponent(route.customer)}`;
    case 'funnel':
    case 'customers':
    case 'alerts':
    case 'data':
      return `/${route.page}`;
    case 'journey-customers':
      return `/journeys/${encodeURIComponent(route.journey)}/customers`;
    default:
      return `/journeys/${encodeURIComponent(route.journey)}/${route.page}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

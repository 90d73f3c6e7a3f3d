/** What an event says, as far as the test tells contents apart. Every content of every id has touchpoint and customer of its own choice. */
export interface Content {
  readonly touchpoint: string;
  readonly customer: string;
}

/** What a client knows of one event id. */
export interface SentEvent {
  readonly id: string;
  /** `rejected`: one that ingest has to refuse. */
  readonly kind: 'event' | 'rejected';
  /** Everything that was ever sent under this id; more than one entry is a conflict. */
  readonly contents: Content[];
  /** The content that was acknowledged before any other one was sent: it has the earliest receipt and must win. */
  winner: Content | null;
  /** Requests with it that were answered 2xx (or 422 for rejected ones). */
  acknowledged: number;
  /** Requests with it whose connection broke: it may have been stored or not. */
  unanswered: number;
}

/** The client's book: everything it ever sent, by id. */
export type Ledger = ReadonlyMap<string, SentEvent>;

export interface VisibleEvent extends Content {
  readonly id: string;
}

/** What the process shows afterwards. */
export interface Shown {
  /** The de-duplicated rows of the events table, without superseded contents. */
  readonly events: readonly VisibleEvent[];
  /** Event ids of the dead letters, one entry per place in the log. */
  readonly letters: readonly string[];
  /** Rows beyond the first one for the same place in the log. */
  readonly repeatedPlaces: number;
}

/** What the HTTP answers say about the same. */
export interface PublicAnswers {
  /** Events by touchpoint: GET /v1/touchpoints. */
  readonly touchpoints: ReadonlyMap<string, number>;
  /** Customers with at least one event, and with at least two: POST /v1/funnels/query. Every content has its own customer, or the id's. */
  readonly customers: number;
  readonly customersWithTwo: number;
  /** Event ids: GET /v1/dead-letters. */
  readonly letters: readonly string[];
}

/** Everything that is wrong; all empty when nothing was lost and nothing doubled. */
export interface Findings {
  lost: string[];
  doubled: string[];
  /** A later copy with other content is shown in place of the one that was acknowledged first. */
  wrongWinner: string[];
  neverSent: string[];
  lettersLost: string[];
  lettersDoubled: string[];
  lettersNeverSent: string[];
  repeatedPlaces: number;
}

export const nothingWrong: Findings = {
  lost: [],
  doubled: [],
  wrongWinner: [],
  neverSent: [],
  lettersLost: [],
  lettersDoubled: [],
  lettersNeverSent: [],
  repeatedPlaces: 0,
};

const same = (a: Content, b: Content): boolean => a.touchpoint === b.touchpoint && a.customer === b.customer;

function groupById<T>(items: readonly T[], idOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(idOf(item));
    if (group === undefined) groups.set(idOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * Compares the client's book with what is shown. An acknowledged event must be there exactly once, an unanswered one at
 * most once, and of conflicting contents only one; a rejected event must have one dead letter per request that stored it,
 * which is every answered one and possibly the unanswered ones.
 */
export function findViolations(ledger: Ledger, { events, letters, repeatedPlaces }: Shown): Findings {
  const findings: Findings = { ...structuredClone(nothingWrong), repeatedPlaces };
  const visible = groupById(events, ({ id }) => id);
  const lettered = groupById(letters, (id) => id);
  for (const { id, kind, contents, winner, acknowledged, unanswered } of ledger.values()) {
    const shown = visible.get(id) ?? [];
    const [only] = shown;
    if (kind === 'rejected') {
      const count = lettered.get(id)?.length ?? 0;
      if (count < acknowledged) findings.lettersLost.push(id);
      if (count > acknowledged + unanswered) findings.lettersDoubled.push(id);
      continue;
    }
    if (acknowledged > 0 && only === undefined) findings.lost.push(id);
    if (shown.length > 1) findings.doubled.push(id);
    if (only === undefined) continue;
    if (!contents.some((content) => same(content, only))) findings.neverSent.push(id);
    else if (winner !== null && !same(winner, only)) findings.wrongWinner.push(id);
  }
  for (const id of visible.keys()) if (ledger.get(id)?.kind !== 'event') findings.neverSent.push(id);
  for (const id of lettered.keys()) if (ledger.get(id)?.kind !== 'rejected') findings.lettersNeverSent.push(id);
  return findings;
}

/** The public answers that follow from the rows: what the HTTP side has to say if every endpoint reads each event exactly once. */
export function answersFrom({ events, letters }: Shown): PublicAnswers {
  const byCustomer = groupById(events, ({ customer }) => customer);
  const byTouchpoint = groupById(events, ({ touchpoint }) => touchpoint);
  return {
    touchpoints: new Map([...byTouchpoint].map(([touchpoint, found]) => [touchpoint, found.length])),
    customers: byCustomer.size,
    customersWithTwo: [...byCustomer.values()].filter((found) => found.length > 1).length,
    letters: [...letters].sort(),
  };
}

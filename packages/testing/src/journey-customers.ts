import { compareBytes, type EventCopy, timelinesOf } from './funnel-timeline.ts';
import { candidatesOf, ranker } from './journey-rank.ts';
import { unitTexts } from './journey-reference.ts';

/** A row of table `customers`. Times are microseconds since 1970. */
export interface CustomerRow {
  readonly customer: string;
  readonly anonymous: string;
  readonly rank: bigint;
  /** The last account that an event of the customer carries; '' for none. */
  readonly account: string;
  /** 0 for a customer whose events all lost their ids to others. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly events: number;
  readonly firstTraits: ReadonlyMap<string, string>;
  readonly lastTraits: ReadonlyMap<string, string>;
}

/** The rows of table `customers` that follow from deliveries in any order, by name. */
export function referenceCustomerRows(copies: readonly EventCopy[]): CustomerRow[] {
  const rankOf = ranker(copies);
  const timelines = new Map(
    timelinesOf(copies, 'customer', Number.POSITIVE_INFINITY).map(({ unit, moments }) => [unit, moments]),
  );
  return [...candidatesOf(copies, 'customer')]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, candidates]) => {
      const moments = timelines.get(name) ?? [];
      const { unit: customer, anonymous } = unitTexts(name);
      return {
        customer,
        anonymous,
        rank: rankOf(candidates),
        account: moments.at(-1)?.account ?? '',
        firstUs: moments.at(0)?.occurredAtUs ?? 0,
        lastUs: moments.at(-1)?.occurredAtUs ?? 0,
        events: moments.length,
        firstTraits: new Map(moments.toReversed().flatMap(({ ownTraits }) => [...ownTraits])),
        lastTraits: new Map(moments.flatMap(({ ownTraits }) => [...ownTraits])),
      };
    });
}

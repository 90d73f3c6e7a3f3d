import type { ClickHouse } from '@michinori/clickhouse';
import { runBound } from './bound-query.ts';
import { type CustomersCursor, decodeCursor, encodeCursor } from './cursor.ts';
import { FunnelRequestError, judgingPatterns } from './errors.ts';
import { funnelCustomers } from './funnel-customers.ts';
import { planFunnel } from './plan.ts';
import type { FunnelCustomersRequest } from './request.ts';
import type { FunnelOptions } from './run-funnel.ts';
import { isoMicroseconds } from './time.ts';
import { withPeople } from './with-people.ts';

/** A customer, or with unit account an account, behind a number of a funnel. Times in microseconds since 1970. */
export interface FunnelCustomer {
  /** Customer id, or the account with unit account; null for an anonymous customer. */
  readonly unit: string | null;
  /** Anonymous id of a customer without an id. */
  readonly anonymous: string | null;
  readonly furthest: number;
  readonly open: boolean;
  readonly enteredAtUs: number;
  /** When each step was matched; null where it wasn't. */
  readonly stepsAtUs: readonly (number | null)[];
}

export interface FunnelCustomersAnswer {
  readonly rows: readonly FunnelCustomer[];
  readonly meta: {
    readonly asOfUs: number;
    /** For the next page; null on the last one. */
    readonly cursor: string | null;
  };
}

/** The customers behind a number, a page at a time. Errors as in `runFunnel`, and FunnelRequestError for a cursor that isn't one. */
export async function runFunnelCustomers(
  clickhouse: ClickHouse,
  request: FunnelCustomersRequest,
  { now, ...options }: FunnelOptions,
): Promise<FunnelCustomersAnswer> {
  const after = readCursor(request.cursor);
  const plan = planFunnel(request, now);
  const fixed = await withPeople(clickhouse, after === null ? plan : { ...plan, asOfUs: after.asOfUs }, options);
  const { step, outcome, limit, segment = null } = request;
  const bucketUs = request.bucket === undefined ? null : isoMicroseconds(request.bucket);
  const asked = funnelCustomers(fixed, { step, outcome, segment, bucketUs, limit: limit + 1, after });
  const found = await judgingPatterns(() => runBound(clickhouse, asked, options));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  return {
    rows: page.map(({ customer, anonymous, account, furthest, isOpen, enteredAtUs, timesUs }) => ({
      unit: (plan.unit === 'account' ? account : customer) || null,
      anonymous: plan.unit === 'account' || customer !== '' ? null : anonymous,
      furthest,
      open: isOpen === 1,
      enteredAtUs,
      stepsAtUs: timesUs.map((time) => (time === 0 ? null : time)),
    })),
    meta: {
      asOfUs: fixed.asOfUs,
      cursor: more
        ? encodeCursor({ asOfUs: fixed.asOfUs, enteredAtUs: last.enteredAtUs, unitKey: last.unitKey })
        : null,
    },
  };
}

function readCursor(text: string | null): CustomersCursor | null {
  if (text === null) return null;
  const cursor = decodeCursor(text);
  if (cursor === null)
    throw new FunnelRequestError('INVALID_CURSOR', 'the cursor is not one that this service gave out');
  return cursor;
}

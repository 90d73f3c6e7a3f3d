import { createHash } from 'node:crypto';
import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { type FunnelRequestInput, type FunnelRow, funnelRequest, isoText, runFunnel } from '@michinori/queries';

/** Minute 0 of every hand-made world, 2026-01-01T00:00Z, in microseconds. */
export const epochUs = Date.UTC(2026, 0, 1) * 1000;
export const minuteUs = 60_000_000;

/** ISO time of a minute of the world. */
export const minute = (at: number) => isoText(epochUs + at * minuteUs);

/** What an event of a world may carry beside customer, touchpoint and minute. */
export interface Extras {
  readonly id?: string;
  readonly sequence?: number;
  readonly account?: string;
  readonly channel?: string;
  readonly team?: string;
  readonly properties?: Record<string, string>;
  readonly traits?: Record<string, string>;
}

export interface HandEvent extends Extras {
  readonly customer: string;
  readonly touchpoint: string;
  readonly at: number;
}

/** Events of one customer from text: `A@0 B@5` is touchpoint A at minute 0 and B at minute 5. */
export function customer(name: string, text: string, extras: Extras = {}): HandEvent[] {
  return text.split(' ').map((word) => {
    const [touchpoint = '', at = '0'] = word.split('@');
    return { customer: name, touchpoint, at: Number(at), ...extras };
  });
}

const columns = [
  'occurred_at',
  'event_id',
  'content_hash',
  'sequence',
  'customer',
  'account',
  'touchpoint',
  'channel',
  'team',
  'properties',
  'traits',
  'received_at',
  'log',
  'log_offset',
] as const;

export function hashOf(event: HandEvent, id: string): bigint {
  return createHash('sha256')
    .update(JSON.stringify([id, event]))
    .digest()
    .readBigUInt64BE();
}

const truncations = ['events', 'superseded_events'].map((table) =>
  defineStatement({ name: `truncate ${table}`, sql: `TRUNCATE TABLE ${table}` }),
);

/** Empties the tables and writes a world; the position of an event is its id unless it names one. */
export async function write(clickhouse: ClickHouse, events: readonly HandEvent[]): Promise<void> {
  for (const truncation of truncations) await clickhouse.command(truncation);
  const rows = events.map((event, i) => {
    const id = event.id ?? `e${String(i).padStart(4, '0')}`;
    const at = Math.round(epochUs + event.at * minuteUs);
    return [
      at,
      id,
      hashOf(event, id),
      event.sequence ?? 0,
      event.customer,
      event.account ?? '',
      event.touchpoint,
      event.channel ?? '',
      event.team ?? '',
      event.properties ?? {},
      event.traits ?? {},
      at,
      'events@1',
      i,
    ];
  });
  await clickhouse.insert({ table: 'events', columns, rows });
}

/** A request over minutes 0…10 000 with a window of 100 minutes, asked long after. */
export function request(steps: string | FunnelRequestInput['steps'], more: Partial<FunnelRequestInput> = {}) {
  return funnelRequest.parse({
    steps: typeof steps === 'string' ? steps.split(' ').map((touchpoint) => ({ touchpoint })) : steps,
    window: minutes(100),
    from: minute(0),
    to: minute(10_000),
    asOf: minute(100_000),
    ...more,
  });
}

export const minutes = (value: number) => ({ value, unit: 'minute' as const });

/** Answers a request; `customers` etc. of one segment and bucket are read with the functions below. */
export async function ask(
  clickhouse: ClickHouse,
  steps: string | FunnelRequestInput['steps'],
  more: Partial<FunnelRequestInput> = {},
): Promise<readonly FunnelRow[]> {
  const { rows } = await runFunnel(clickhouse, request(steps, more), { now: epochUs });
  return rows;
}

export const customers = (rows: readonly FunnelRow[]) => rows.map((row) => row.customers);

/** Mean minutes from the previous matched step, per step. */
export const meanMinutes = (rows: readonly FunnelRow[]) =>
  rows.map(({ secondsMean }) => (secondsMean === null ? null : secondsMean / 60));

/** Customers per step by segment. */
export function bySegment(rows: readonly FunnelRow[]): Record<string, number[]> {
  const segments = new Map<string, number[]>();
  for (const { segment, customers: k } of rows) {
    segments.set(String(segment), [...(segments.get(String(segment)) ?? []), k]);
  }
  return Object.fromEntries(segments);
}

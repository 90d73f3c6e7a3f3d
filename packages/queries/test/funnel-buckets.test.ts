import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { funnelRequest } from '@michinori/queries';
import { bucketStart, bucketStarts, type TrendInterval, temporaryClickHouse } from '@michinori/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { anyParameters, runBound } from '../src/funnel/bound-query.ts';
import { createParameters } from '../src/funnel/parameters.ts';
import { planFunnel } from '../src/funnel/plan.ts';
import { bucketSql } from '../src/funnel/sql-bucket.ts';
import { trendBuckets } from '../src/funnel/trend-buckets.ts';

/** A day around each shift of clocks: both shifts of one year, by an hour and by half an hour. */
const shifts = [
  ['Europe/Berlin', '2026-03-28T23:00:00Z'],
  ['Europe/Berlin', '2026-10-24T22:00:00Z'],
  ['America/New_York', '2026-03-08T05:00:00Z'],
  ['America/New_York', '2026-11-01T04:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T09:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T09:00:00Z'],
  ['Asia/Kathmandu', '2026-06-01T00:00:00Z'],
] as const;
const intervals: readonly TrendInterval[] = ['hour', 'day', 'week', 'month'];

it('buckets start where the calendar of the zone says, also where clocks shift', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  for (const [timezone, fromIso] of shifts) {
    const fromUs = Date.parse(fromIso) * 1000;
    const toUs = fromUs + 86_400_000_000;
    const times = Array.from({ length: 24 * 12 }, (_, i) => fromUs + i * 300_000_000 + 299_999_999);
    for (const interval of intervals) {
      const request = {
        window: { value: 1, unit: 'day' },
        steps: [{ touchpoint: 'a' }],
        trend: { interval },
        timezone,
      };
      const range = { from: fromIso, to: new Date(toUs / 1000).toISOString() };
      const plan = planFunnel(funnelRequest.parse({ ...request, ...range }), 0);
      const parameters = createParameters();
      const list = parameters.bind(times, 'Array(Int64)');
      const query = defineQuery({
        name: 'test-buckets',
        sql: `SELECT ${bucketSql('time', plan, parameters)} AS bucketUs FROM (SELECT toUInt64(arrayJoin(${list})) AS time) ORDER BY time`,
        params: anyParameters,
        row: z.object({ bucketUs: integerColumn }),
      });
      const found = await runBound(clickhouse, { query, values: parameters.values() });
      const listed = await runBound(clickhouse, trendBuckets(plan));
      const name = `${timezone} ${fromIso} ${interval}`;
      expect(
        found.map(({ bucketUs }) => bucketUs),
        name,
      ).toEqual(times.map((us) => bucketStart(us, interval, timezone)));
      expect(
        listed.map(({ bucketUs }) => bucketUs),
        name,
      ).toEqual(bucketStarts(fromUs, toUs, interval, timezone));
    }
  }
});

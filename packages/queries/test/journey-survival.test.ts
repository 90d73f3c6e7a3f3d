import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { aalenJohansen, riskTable } from '@michinori/statistics';
import { temporaryClickHouse } from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { causeShape, followedGroup, readIncidence } from '../src/journey/incidence.ts';
import { endings, followedAggregates, incidenceSql } from '../src/journey/survival-sql.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 300);

const quantiles = [0.25, 0.5, 0.9] as const;
const outcomesQuery = defineQuery({
  name: 'test-incidence',
  sql: `${incidenceSql(
    `SELECT cohort, ${followedAggregates({ durationUs: 'duration', ending: 'ending', horizonUs: 'horizon' })}
     FROM (SELECT number AS row, {cohort:Array(Int64)}[number + 1] AS cohort, {horizon:Array(Int64)}[number + 1] AS horizon,
       {duration:Array(Int64)}[number + 1] AS duration, {ending:Array(Int64)}[number + 1] AS ending FROM numbers({size:UInt64}))
     GROUP BY cohort`,
    {
      keep: ['cohort'],
      causes: [
        { name: 'advanced', ending: endings.advanced, quantiles },
        { name: 'lost', ending: endings.lost },
      ],
    },
  )} ORDER BY cohort`,
  params: z.object({
    cohort: z.array(z.number()),
    horizon: z.array(z.number()),
    duration: z.array(z.number()),
    ending: z.array(z.number()),
    size: z.number(),
  }),
  row: z.object({
    cohort: z.coerce.number(),
    ...followedGroup.shape,
    ...causeShape('advanced'),
    ...causeShape('lost'),
    advanced_quantiles: z.array(z.coerce.number().nullable()),
  }),
});

interface Cohort {
  readonly horizonUs: number;
  readonly visits: readonly { readonly us: number; readonly outcome: 'advanced' | 'lost' | 'open' }[];
}

// Few distinct times give ties and horizons that coincide with them; µs off give distinct ones.
const time = fc.oneof(
  fc.integer({ min: 0, max: 6 }).map((tick) => tick * 86_400_000_000),
  fc.integer({ min: 0, max: 6e11 }),
);
const outcomeSets = [
  ['advanced'],
  ['advanced', 'open'],
  ['lost', 'open'],
  ['advanced', 'lost'],
  ['advanced', 'lost', 'open'],
] as const;
const cohorts: fc.Arbitrary<Cohort> = fc.constantFrom(...outcomeSets).chain((outcomes) =>
  fc.record({
    horizonUs: time,
    visits: fc.array(fc.record({ us: time, outcome: fc.constantFrom(...outcomes) }), { minLength: 1, maxLength: 60 }),
  }),
);

async function estimated(clickhouse: ClickHouse, sample: readonly Cohort[]) {
  const flat = sample.flatMap(({ horizonUs, visits }, cohort) =>
    visits.map(({ us, outcome }) => ({
      cohort,
      horizonUs,
      us,
      ending: outcome === 'open' ? endings.censored : endings[outcome],
    })),
  );
  return clickhouse.query(outcomesQuery, {
    cohort: flat.map(({ cohort }) => cohort),
    horizon: flat.map(({ horizonUs }) => horizonUs),
    duration: flat.map(({ us }) => us),
    ending: flat.map(({ ending }) => ending),
    size: flat.length,
  });
}

it('has the estimates, intervals and quantiles of packages/statistics', async (context) => {
  const clickhouse = await temporaryClickHouse(context, { migrated: false });
  const sights = { complete: 0, unreached: 0, inner: 0 };
  for (let done = 0; done < runs; done += 100) {
    const sample = fc.sample(cohorts, { seed: 20_261_121 + done, numRuns: 100 });
    const rows = await estimated(clickhouse, sample);
    for (const [index, { horizonUs, visits }] of sample.entries()) {
      const row = rows[index];
      if (row === undefined) throw new Error('a cohort is missing');
      const table = riskTable(visits.map(({ us, outcome }) => ({ seconds: us / 1e6, outcome })));
      const expected = aalenJohansen(table);
      for (const cause of ['advanced', 'lost'] as const) {
        const point = expected[cause].at(horizonUs / 1e6);
        const got = readIncidence(row, {
          events: row[`${cause}_events`],
          share: row[`${cause}_share`],
          variance: row[`${cause}_variance`],
        });
        const label = `cohort ${index} ${cause} ${JSON.stringify(sample[index])}`;
        if (point.estimate === null) expect(got.estimate, label).toBeNull();
        else expect(Math.abs((got.estimate ?? Number.NaN) - point.estimate), label).toBeLessThan(1e-9);
        expect(Math.abs(got.lo - point.lo), label).toBeLessThan(1e-9);
        expect(Math.abs(got.hi - point.hi), label).toBeLessThan(1e-9);
        expect(row.at_risk, label).toBe(point.atRisk);
        if (point.estimate === null) sights.unreached += 1;
        else if (point.estimate > 1 - 1e-12) sights.complete += 1;
        else if (point.estimate > 0) sights.inner += 1;
      }
      expect(row.advanced_quantiles.map((us) => (us === null ? null : us / 1e6))).toEqual(
        quantiles.map((p) => expected.advanced.quantile(p).seconds),
      );
    }
  }
  for (const count of Object.values(sights)) expect(count).toBeGreaterThan(runs / 20);
});

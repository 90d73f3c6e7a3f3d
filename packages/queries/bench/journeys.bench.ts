import { defineQuery } from '@michinori/clickhouse';
import {
  type JourneyScope,
  planJourney,
  runJourneyBottlenecks,
  runJourneyMap,
  runJourneyStages,
  runJourneyTouchpoints,
  runJourneyTransitions,
} from '@michinori/queries';
import { temporaryClickHouse } from '@michinori/testing';
import { test } from 'vitest';
import { z } from 'zod';
import { asOfUs, fillTable, journey, rangeUs } from './journey-table.ts';

const units = Number(process.env.MICHINORI_BENCH_UNITS ?? 1_000_000);
const rounds = Number(process.env.MICHINORI_BENCH_ROUNDS ?? 5);

const visitColumns = ['stage', 'entered', 'ended', 'outcome', 'next', 'active'];
const touchColumns = ['visit', 'touchpoint', 'first', 'is_last'];

function scanOf(kind: 'visit' | 'touch', columns: readonly string[]): string {
  const joined = columns.map((name) => `${kind}_${name} AS ${name}`).join(', ');
  const sums = columns.map((name) => `sum(${name === 'touchpoint' ? 'length(touchpoint)' : `toInt64(${name})`})`);
  return `SELECT ${columns[0]}, ${sums.join(', ')} FROM unit_journeys FINAL ARRAY JOIN ${joined} GROUP BY ${columns[0]}`;
}

/** A scan that reads the columns, unfolds the visits or touches, and adds them up by group. */
const scans = {
  visits: [scanOf('visit', visitColumns)],
  touches: [scanOf('visit', visitColumns), scanOf('touch', touchColumns)],
};

test('journey endpoints against a plain scan of their columns', { timeout: 3_600_000 }, async (context) => {
  const clickhouse = await temporaryClickHouse(context, { readers: 2 });
  await fillTable(clickhouse, units);
  const scope = (question: Parameters<typeof planJourney>[0] = {}) =>
    planJourney({ from: asOfUs - rangeUs, ...question }, { derivation: 1, journey }, asOfUs);
  const scan = (sqls: readonly string[]) =>
    Promise.all(
      sqls.map((sql) =>
        clickhouse.query(defineQuery({ name: 'scan', sql, params: z.object({}), row: z.unknown() }), {}),
      ),
    );
  const cases: [string, keyof typeof scans, () => Promise<unknown>][] = [];
  const add = (
    name: string,
    columns: keyof typeof scans,
    run: (asked: JourneyScope) => Promise<unknown>,
    asked = scope(),
  ) => cases.push([name, columns, () => run(asked)]);
  add('stages', 'visits', (asked) => runJourneyStages(clickhouse, asked));
  add('stages, visits', 'visits', (asked) => runJourneyStages(clickhouse, asked), scope({ count: 'visits' }));
  add('stages by plan', 'visits', (asked) => runJourneyStages(clickhouse, asked), scope({ by: 'plan' }));
  add('stages by day', 'visits', (asked) => runJourneyStages(clickhouse, asked), scope({ interval: 'day' }));
  add('stages of pro', 'visits', (asked) => runJourneyStages(clickhouse, asked), scope({ segment: 'plan:pro' }));
  add('transitions', 'visits', (asked) => runJourneyTransitions(clickhouse, asked));
  add('touchpoints', 'touches', (asked) => runJourneyTouchpoints(clickhouse, asked));
  add('bottlenecks', 'visits', (asked) => runJourneyBottlenecks(clickhouse, asked));
  add('map, overview', 'visits', (asked) =>
    runJourneyMap(clickhouse, asked, { detail: 'overview', limits: { timeMsMax: 300_000 } }),
  );
  const measured = async (work: () => Promise<unknown>) => {
    const [before, began] = [process.cpuUsage(), performance.now()];
    await work();
    const { user, system } = process.cpuUsage(before);
    return { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 };
  };
  const least = (all: readonly { wallMs: number; cpuMs: number }[]) => ({
    wallMs: Math.min(...all.map(({ wallMs }) => wallMs)),
    cpuMs: Math.min(...all.map(({ cpuMs }) => cpuMs)),
  });
  for (const [name, columns, run] of cases) {
    const [scanned, asked] = [[], []] as { wallMs: number; cpuMs: number }[][];
    for (let round = 0; round < rounds; round++) {
      scanned?.push(await measured(() => scan(scans[columns])));
      asked?.push(await measured(run));
    }
    const [base, own] = [least(scanned ?? []), least(asked ?? [])];
    const figures = {
      name,
      wallMs: Math.round(own.wallMs),
      cpuMs: Math.round(own.cpuMs),
      scanWallMs: Math.round(base.wallMs),
      scanCpuMs: Math.round(base.cpuMs),
      wallRatio: Number((own.wallMs / base.wallMs).toFixed(2)),
      cpuRatio: Number((own.cpuMs / base.cpuMs).toFixed(2)),
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
});

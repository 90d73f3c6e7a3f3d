// Answers about a journey as the API asks them, each beside a plain scan of the columns that its queries name, in turns.
import { defineQuery } from '@michinori/clickhouse';
import {
  planJourney,
  runCycleTime,
  runEmotion,
  runImprovementEffects,
  runJourneyBottlenecks,
  runJourneyCustomers,
  runJourneyMap,
  runJourneyStages,
  runJourneyTouchpoints,
  runJourneyTransitions,
  runNps,
  runPathLoops,
  runPathTransitions,
  runPathVariants,
} from '@michinori/queries';
import { z } from 'zod';
import { asOf, start } from './journey-world.mjs';
import { count, median, seconds, table } from './measure.mjs';

const limits = { timeMsMax: 600_000, memoryBytesMax: 16 * 2 ** 30 };
const way = { way: { fromStage: 1, toStage: 3 }, horizonUs: null, change: null };
const paths = { stage: null, limit: 100 };
const answers = {
  stages: [runJourneyStages],
  'stages by plan': [runJourneyStages, { by: 'plan' }],
  'stages by plan, monthly': [runJourneyStages, { by: 'plan', interval: 'month' }],
  'stages of one plan': [runJourneyStages, { segment: 'plan:pro' }],
  'stages of 90 days': [runJourneyStages, { from: asOf - 90 * 86_400_000_000 }],
  'stages, every visit': [runJourneyStages, { count: 'visits' }],
  transitions: [runJourneyTransitions],
  touchpoints: [runJourneyTouchpoints],
  'touchpoints by plan': [runJourneyTouchpoints, { by: 'plan' }],
  'cycle time': [(clickhouse, scope, options) => runCycleTime(clickhouse, scope, way, options)],
  'cycle time by region': [
    (clickhouse, scope, options) => runCycleTime(clickhouse, scope, way, options),
    { by: 'region' },
  ],
  'NPS by stage': [(clickhouse, scope, options) => runNps(clickhouse, scope, { cohort: 'stage' }, options)],
  'NPS by plan, monthly': [
    (clickhouse, scope, options) => runNps(clickhouse, scope, { cohort: 'none' }, options),
    { by: 'plan', interval: 'month' },
  ],
  emotion: [runEmotion],
  'emotion by plan': [runEmotion, { by: 'plan' }],
  'paths: transitions': [(clickhouse, scope, options) => runPathTransitions(clickhouse, scope, paths, options)],
  'paths: variants': [(clickhouse, scope, options) => runPathVariants(clickhouse, scope, paths, options)],
  'paths: loops': [(clickhouse, scope, options) => runPathLoops(clickhouse, scope, paths, options)],
  'bottlenecks by plan': [runJourneyBottlenecks, { by: 'plan' }],
  'bottlenecks by everything': [runJourneyBottlenecks],
  'map, overview': [
    (clickhouse, scope, options) => runJourneyMap(clickhouse, scope, { detail: 'overview', ...options }),
  ],
  map: [runJourneyMap],
  'customers, first page': [
    (clickhouse, scope, options) =>
      runJourneyCustomers(
        clickhouse,
        scope,
        { stage: 2, outcome: 'dropped', touchpoint: null, limit: 100, cursor: null },
        options,
      ),
  ],
  'two improvements': [runImprovementEffects],
};

const anything = z.record(z.string(), z.unknown());

/** One aggregate per column, so that every byte of it is read; the cheapest there is. */
function sumOf({ name, type }) {
  if (type.startsWith('Array(Array(')) return `sum(length(${name}[1][1]))`;
  if (type.startsWith('Array(LowCardinality')) return `sum(length(${name}[1]))`;
  if (type.startsWith('Array(Enum')) return `sum(toUInt8(${name}[1]))`;
  if (type.startsWith('Array(')) return `sum(arraySum(${name}))`;
  return type === 'String' ? `sum(length(${name}))` : `sum(${name})`;
}

async function columnsOf(clickhouse) {
  const sql = `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 'unit_journeys'`;
  return clickhouse.query(defineQuery({ name: 'load-columns', sql, params: z.object({}), row: anything }), {});
}

/** The columns of `unit_journeys` that an answer's queries name. */
async function columnsRead(clickhouse, columns, ask) {
  const texts = [];
  await ask({
    ...clickhouse,
    query(query, ...rest) {
      if (query.sql.includes('unit_journeys')) texts.push(query.sql);
      return clickhouse.query(query, ...rest);
    },
  });
  return columns.filter(({ name }) => texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
}

/** Milliseconds of each answer and of the scan; `only` picks answers by the beginning of their names. */
export async function measureAnswers(clickhouse, { journey, derivation, units, state, turns = 5, only = '' }) {
  const columns = await columnsOf(clickhouse);
  const rows = [];
  for (const [name, [run, question = {}]] of Object.entries(answers).filter(([known]) => known.startsWith(only))) {
    const scope = planJourney({ from: start, asOf, ...question }, { derivation, journey }, asOf);
    const ask = (connection) => run(connection, scope, { limits });
    const read = await columnsRead(clickhouse, columns, ask);
    const sql = `SELECT ${read.map(sumOf).join(', ')} FROM unit_journeys WHERE derivation = {derivation:UInt32}`;
    const scan = defineQuery({ name: 'load-scan', sql, params: anything, row: anything });
    const ours = [];
    const engine = [];
    for (let turn = 0; turn <= turns; turn += 1) {
      const engineSeconds = await seconds(() => clickhouse.query(scan, { derivation }, { limits }));
      const oursSeconds = await seconds(() => ask(clickhouse));
      if (turn === 0) continue;
      engine.push(engineSeconds);
      ours.push(oursSeconds);
    }
    const [a, b] = [median(ours), median(engine)];
    rows.push([name, Math.round(a * 1000), Math.round(b * 1000), (a / b).toFixed(2)]);
  }
  return table(
    [`answers over ${count(units)} customers, ${state}`, 'ms', 'scan of the same columns, ms', 'ratio'],
    rows,
  );
}

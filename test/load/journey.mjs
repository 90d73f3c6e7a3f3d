// Journeys: deriving them from events made inside ClickHouse, and the answers about them, beside the engine's own limits.
// node test/load/journey.mjs [--customers 1000000] [--turns 5] [--only beginning of an answer's name] [--skip-rounds]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectEmbedded, defineStatement, migrate } from '@michinori/clickhouse';
import { measureAnswers } from './journey-answers.mjs';
import { measureHot, measureRanges, measureRounds, roundsTable } from './journey-rounds.mjs';
import { asOf, day, journeyOf, writeEvents } from './journey-world.mjs';
import { seconds } from './measure.mjs';

const derivation = 1;
const merge = defineStatement({
  name: 'load-merge',
  sql: 'OPTIMIZE TABLE unit_journeys PARTITION ID {id:String} FINAL',
});

async function recordImprovements(clickhouse, journey) {
  const columns = [
    'id',
    'journey',
    'stage',
    'title',
    'at',
    'segment_name',
    'segment_values',
    'owner',
    'hypothesis',
    'due',
    'recorded_at',
    'recorded_by',
    'log',
    'log_partition',
    'log_offset',
  ];
  const row = (id, stage, segmentName, values, offset) => [
    id,
    journey.id,
    stage,
    id,
    asOf - 200 * day,
    segmentName,
    values,
    '',
    '',
    null,
    asOf - 200 * day,
    '',
    'definitions@load',
    0,
    offset,
  ];
  await clickhouse.insert({
    table: 'improvements',
    columns,
    rows: [row('checklist', 'onboarding', '', [], 0), row('trial', 'adoption', 'plan', ['pro'], 1)],
  });
}

/** Every table about journeys, as markdown. */
export async function measureJourneys({ customers = 1_000_000, turns = 5, only = '', withRounds = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'michinori-load-'));
  const clickhouse = await connectEmbedded({ path: folder });
  const { journey } = journeyOf();
  const target = { derivation, journey };
  const told = [];
  const tell = (text) => {
    told.push(text);
    console.error(`${text}\n`);
  };
  try {
    await migrate(clickhouse);
    await recordImprovements(clickhouse, journey);
    const writing = await seconds(() => writeEvents(clickhouse, { customers }));
    console.error(`events written in ${writing.toFixed(1)} s`);
    const ranges = await measureRanges(clickhouse, target);
    const asked = { ...target, units: customers, turns, only };
    if (withRounds)
      tell(
        await measureAnswers(clickhouse, { ...asked, state: 'as a build leaves them', only: only || 'stages by plan' }),
      );
    const merging = await seconds(() => clickhouse.command(merge, { id: String(derivation) }));
    tell(await measureAnswers(clickhouse, { ...asked, state: 'merged' }));
    if (!withRounds) return told.join('\n\n');
    const rounds = await measureRounds(clickhouse, target, { customers, sizes: [20_000, 50_000] });
    tell(
      `${roundsTable('deriving', [...ranges, ...rounds])}\n\nMerging the derivation (\`OPTIMIZE … FINAL\`) took ${merging.toFixed(1)} s.`,
    );
    tell(await measureAnswers(clickhouse, { ...asked, state: 'with rounds on top' }));
    const { rows, findSeconds } = await measureHot(clickhouse, target, { customers });
    tell(
      `${roundsTable('a hot customer', rows)}\n\nFinding the hot ones of a round: ${Math.round(findSeconds * 1000)} ms.`,
    );
    return told.join('\n\n');
  } finally {
    await clickhouse.close();
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      customers: { type: 'string', default: '1000000' },
      turns: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      'skip-rounds': { type: 'boolean', default: false },
    },
  });
  const [customers, turns] = [Number(values.customers), Number(values.turns)];
  console.log(await measureJourneys({ customers, turns, only: values.only, withRounds: !values['skip-rounds'] }));
}

import { expect, it } from 'vitest';
import { type AskedBacktest, backtestWorld, shippedRule } from './journeys/backtest-world.ts';

const rule = shippedRule('interest-drop-off');
const daySeconds = 86_400;
const ways = ['occurred', 'received'] as const;

function told(name: string, { rows, meta }: AskedBacktest): void {
  if (!process.env.MICHINORI_TEST_REPORT) return;
  const { weeks, alarms, falseAlarms, alarmsPerWeek, budgetPerWeek, eventsMissed, generatedInMs } = meta;
  const shown = { weeks, alarms, falseAlarms, alarmsPerWeek, budgetPerWeek, eventsMissed, generatedInMs };
  const lines = rows.map((row) => `  ${row.firedAt.slice(0, 10)} ${row.stage} ${row.k}/${row.n} ${row.verdict}`);
  process.stdout.write(`${name} ${JSON.stringify(shown)}\n${lines.join('\n')}\n`);
}

it('the shipped rule hears of the incident in time, first and at its stage, and stays within its budget with it and without it', async (context) => {
  const world = await backtestWorld();
  context.onTestFinished(() => world.close());
  const { from, to, stage } = world.truth.incident;
  for (const knownBy of ways) {
    const answer = await world.backtest({ rule, knownBy, incidents: [{ from, to, stage }] });
    told(`with the incident, by what had ${knownBy}:`, answer);
    const { rows, meta } = answer;
    expect(meta).toMatchObject({ knownBy, evaluations: 548, withinBudget: 'yes', incidents: [{ detected: true }] });
    expect(meta.incidents[0]?.delayAfterMatureSeconds).toBeLessThanOrEqual(daySeconds);
    expect(meta.weeks).toBeGreaterThan(52);
    expect(rows.filter(({ verdict }) => verdict === 'detected')).toMatchObject([{ stage, segment: '' }]);
    // Of all alarms since it began, at whatever stage, it is the first.
    const since = rows.filter(({ firedAt }) => Date.parse(firedAt) >= Date.parse(from));
    expect(since[0]).toMatchObject({ stage, verdict: 'detected' });
  }
  await world.leaveOutIncident();
  const answer = await world.backtest({ rule, knownBy: 'occurred' });
  told('without it:', answer);
  const { meta } = answer;
  expect(meta).toMatchObject({ evaluations: 548, falseAlarms: null, withinBudget: 'yes' });
  expect(meta.weeks).toBeGreaterThan(52);
  expect(meta.alarmsPerWeek).toBeLessThanOrEqual(meta.budgetPerWeek);
}, 900_000);

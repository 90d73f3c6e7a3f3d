import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readIncident } from '../../src/cli/backtest-body.ts';
import { findRuleText } from '../../src/cli/backtest-rule.ts';
import { drawAlarmTimeline } from '../../src/terminal/alarm-timeline.ts';
import { run, temporaryFolder } from './fake-io.ts';

const alarm = {
  ...{ alert: 'losses', journey: 'j', kind: 'stage-drop-off', severity: 'warning', stage: 'trial', segment: '' },
  ...{ touchpoint: null, startedAt: '2026-02-11T06:00:00Z', firedAt: '2026-02-12T06:00:00Z', reason: 'calm' },
  ...{ resolvedAt: '2026-02-25T06:00:00Z', windowFrom: '2026-01-27T15:00:00Z', windowTo: '2026-02-03T15:00:00Z' },
  ...{ k: 68, n: 74, rate: 0.919, lo: 0.83, hi: 0.96, usual: 0.756, lift: 1.22, p: 1e-4, q: 0.002 },
  ...{ verdict: 'detected', incident: 1, delaySeconds: 1_090_800, delayAfterMatureSeconds: 54_000 },
};
const incident = {
  ...{ from: '2026-01-31T15:00:00Z', to: '2026-02-05T15:00:00Z', stage: 'trial', segment: null, detected: true },
  ...{ delaySeconds: 1_090_800, delayAfterMatureSeconds: 54_000 },
};
const meta = {
  ...{ alert: 'losses', journey: 'j', timezone: 'Asia/Tokyo', kind: 'stage-drop-off', rateOf: 'false alarms' },
  ...{ from: '2026-01-01T00:00:00Z', to: '2026-05-01T00:00:00Z', evaluations: 120, evaluationsJudged: 84 },
  ...{ seriesJudged: 2, alarms: 2, falseAlarms: 1, weeks: 12, alarmsPerWeek: 0.083, alarmsPerWeekLo: 0.002 },
  ...{ alarmsPerWeekHi: 0.46, budgetPerWeek: 0.05, withinBudget: 'unclear', knownByBecause: 'as asked' },
  incidents: [incident],
};

/** A query API that answers a back-test; what it was asked. */
async function answering(rows: object[], answer: object): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    let text = '';
    request.on('data', (bytes) => {
      text += bytes;
    });
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${text}`);
      reply.end(JSON.stringify({ rows, meta: answer }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked };
}

const ruleFile = (text: string): string => {
  const file = join(temporaryFolder(), 'rules.yaml');
  writeFileSync(file, text);
  return file;
};

describe('michinori backtest', () => {
  it('sends the rule of the file with what is known, and says in plain words what came of it', async () => {
    const late = { ...alarm, firedAt: '2026-04-20T06:00:00Z', resolvedAt: null, verdict: 'false', delaySeconds: null };
    const { url, asked } = await answering([alarm, late], meta);
    const rules = ruleFile('alert: other\njourney: j\n---\nalert: losses\njourney: j\nmin_lift: 1.3\n');
    const flags = ['--rules', rules, '--from', '2026-01-01', '--known-by', 'received', '--url', url];
    const span = ['--incident', '2026-01-31T15:00:00Z/2026-02-05T15:00:00Z@trial'];
    const { exitCode, out, err } = await run(['backtest', 'losses', ...flags, ...span]);
    expect([exitCode, err]).toEqual([0, '']);
    const [method, path, body = ''] = asked[0]?.split(/ (.*?) (.*)/s) ?? [];
    expect([method, path]).toEqual(['POST', '/v1/alerts/backtest']);
    expect(JSON.parse(body)).toEqual({
      ...{ rule: expect.stringMatching(/^alert: losses\njourney: j\nmin_lift: 1.3/), knownBy: 'received' },
      from: '2026-01-01T00:00:00Z',
      incidents: [{ from: '2026-01-31T15:00:00Z', to: '2026-02-05T15:00:00Z', stage: 'trial' }],
    });
    expect(out).toContain('  2026-01-01  ······▲─·······✗──\n                  ░░\n');
    expect(out).toMatch(
      /2026-02-12 {2}2026-02-25 {2}trial {2}everybody {2}2026-01-28–2026-02-04 {2}68 of 74 {2}91.9 %/,
    );
    expect(out).toMatch(/2026-04-20 {2}still .* false {5}–/);
    const said = 'Incident 2026-01-31 to 2026-02-05 (trial): detected 12 d after it began, 15 h after a whole window';
    expect(out).toContain(said);
    expect(out).toContain(
      '1 false alarm in 12.0 weeks: 0.08 a week (0.00–0.46); the budget is 0.05 a week: above it, which may be chance.',
    );
  });

  it('asks for a stored rule that is in no file, and prints JSON', async () => {
    const nothing = { ...meta, alarms: 0, falseAlarms: null, alarmsPerWeek: null, withinBudget: null, incidents: [] };
    const { url, asked } = await answering([], nothing);
    const { exitCode, out } = await run(['backtest', 'mine', '--url', url, '--json']);
    expect([exitCode, JSON.parse(out)]).toEqual([0, { rows: [], meta: nothing }]);
    expect(asked[0]).toContain('{"alert":"mine","incidents":[]}');
    expect((await run(['backtest', 'mine', '--url', url])).out).toContain('Nothing could be judged in this time');
  });

  it('has the rules that come with the product', () => {
    expect(findRuleText('interest-drop-off', undefined, undefined)).toMatchObject({ outcome: 'text' });
    expect(findRuleText('nothing', undefined, undefined)).toEqual({ outcome: 'stored', alert: 'nothing' });
  });

  it('points at what is wrong with a file of rules', async () => {
    const rules = ruleFile('alert: losses\njourny: j\n');
    const { exitCode, err } = await run(['backtest', 'losses', '--rules', rules]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/rules.yaml:2:1: .*Did you mean journey\?/);
    const other = await run(['backtest', 'lossses', '--rules', ruleFile('alert: losses\njourney: j\n')]);
    expect([other.exitCode, other.err]).toEqual([2, expect.stringMatching(/no rule "lossses".*"?losses"?\?/)]);
    expect((await run(['backtest', 'a', '--rules', 'none.yaml'])).err).toMatch(/none.yaml can't be read: there is no/);
  });
});

it.each([
  ['2026-09-07/2026-09-12', { from: '2026-09-07T00:00:00Z', to: '2026-09-12T00:00:00Z' }],
  [
    '2026-09-07T09:00:00+09:00/2026-09-12@a',
    { from: '2026-09-07T09:00:00+09:00', to: '2026-09-12T00:00:00Z', stage: 'a' },
  ],
  [
    '2026-09-07/2026-09-12@a/plan:x/y@z',
    { from: '2026-09-07T00:00:00Z', to: '2026-09-12T00:00:00Z', stage: 'a', segment: 'plan:x/y@z' },
  ],
])('reads the incident %s', (text, incidentRead) => expect(readIncident(text)).toEqual(incidentRead));

it.each(['', '2026-09-07', 'a/b/c', '2026-09-07/2026-09-12@', '2026-09-07/2026-09-12@a/'])('refuses %j', (text) => {
  expect(() => readIncident(text)).toThrow(/is no incident/);
});

it('breaks the weeks into lines as wide as the terminal', () => {
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
  expect(drawAlarmTimeline(range, [], [], 24)).toBe('  2026-01-01  ··········\n  2026-03-12  ········\n');
});

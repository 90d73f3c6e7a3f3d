import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promtool } from '@michinori/testing/monitoring';
import { expect, it, onTestFinished } from 'vitest';
import { filesEnding, infra } from './files.ts';

const rules = filesEnding('prometheus/rules', '.yml').map((file) => join(infra, file));

/** Series by name and labels, with their values a step as promtool writes them, from the beginning. */
type Series = Readonly<Record<string, string>>;

/** After so many minutes exactly these alerts fire. */
interface Case {
  readonly series: Series;
  /** Minutes from one value, and evaluation of the rules, to the next; default 1. */
  readonly step?: number;
  readonly minutes: number;
  readonly fire: readonly string[];
}

const alerts = [
  ...['NobodyLeads', 'TwoLead', 'EvaluationsFail', 'FilesUnusable', 'Undelivered', 'Backlog', 'DeadLetters'],
  'FiresForLong',
];
const outbox = (name: string) => `michinori_alert_outbox_${name}{channel="slack"}`;
const refused = 'michinori_alert_deliveries_total{channel="slack",outcome="refused"}';
const failed = 'michinori_alert_evaluations_total{outcome="failed"}';
const leader = (instance: string) => `michinori_alert_leader_state{instance="${instance}"}`;

const cases: Readonly<Record<string, Case>> = {
  'all is well': {
    series: {
      [leader('a')]: '1x120',
      [leader('b')]: '0x120',
      michinori_alert_files_state: '1x120',
      [failed]: '4x120',
      [outbox('oldest_timestamp_seconds')]: '0x120',
      [outbox('records')]: '100x120',
      [refused]: '7x120',
      'michinori_alert_state{alert="losses"}': '1x120',
    },
    minutes: 120,
    fire: [],
  },
  'nothing is': {
    series: {
      [leader('a')]: '0x120',
      michinori_alert_files_state: '0x120',
      [failed]: '0x90 1x30',
      [outbox('oldest_timestamp_seconds')]: '60x120',
      [outbox('records')]: '101x120',
      [refused]: '0x90 2x30',
    },
    minutes: 120,
    fire: alerts.filter((name) => name !== 'TwoLead' && name !== 'FiresForLong'),
  },
  'two lead': {
    series: { [leader('a')]: '1x120', [leader('b')]: '0x100 1x20' },
    minutes: 120,
    fire: ['TwoLead'],
  },
  'two led for a moment': {
    series: { [leader('a')]: '1x120', [leader('b')]: '0x100 1x1 0x20' },
    minutes: 103,
    fire: [],
  },
  'one fires for eight days': {
    series: { 'michinori_alert_state{alert="losses"}': '1x192' },
    step: 60,
    minutes: 11_520,
    fire: ['FiresForLong'],
  },
};

/** A file of `promtool test rules`: ALERTS has a sample of 1 for what fires, and none for what doesn't. */
function testFile({ series, minutes, fire, step = 1 }: Case): string {
  const tests = alerts.map((name) => ({
    expr: `count(ALERTS{alertname="MichinoriAlert${name}",alertstate="firing"})`,
    eval_time: `${minutes}m`,
    exp_samples: fire.includes(name) ? [{ labels: '{}', value: 1 }] : [],
  }));
  return JSON.stringify({
    rule_files: rules,
    evaluation_interval: `${step}m`,
    tests: [
      {
        interval: `${step}m`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: tests,
      },
    ],
  });
}

async function tested(context: Parameters<typeof promtool>[0], given: Case): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-promtool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'test.yml');
  writeFileSync(file, testFile(given));
  const { exitCode, output } = await promtool(context, 'test', 'rules', file);
  return exitCode === 0 ? '' : output;
}

it('Prometheus takes every file of rules', async (context) => {
  const { exitCode, output } = await promtool(context, 'check', 'rules', ...rules);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
});

for (const [name, given] of Object.entries(cases))
  it(`about the alerter, where ${name}`, { timeout: 60_000 }, async (context) => {
    expect(await tested(context, given)).toBe('');
  });

it('a case that expects what does not happen fails', async (context) => {
  const [well] = Object.values(cases);
  if (well === undefined) throw new Error('no cases');
  expect(await tested(context, { ...well, fire: ['TwoLead'] })).toContain('MichinoriAlertTwoLead');
});

import { type ParsedRule, parseAlertRules, type RuleProblem } from '@michinori/alerts';
import { exitCodes } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { drawProblems } from '../terminal/source-problems.ts';
import { drawTable } from '../terminal/table.ts';
import { withApi } from './api.ts';
import { type Io, printJson } from './io.ts';
import type { ApiFlags } from './journey-command.ts';
import { readTextFile } from './text-file.ts';

export interface ApplyAlertsFlags extends ApiFlags {
  dryRun: boolean;
}

interface RuleRow {
  alert: string;
  journey: string | null;
  kind: string | null;
  schedule: string | null;
  severity: string | null;
  channels: string | null;
  origin: 'file' | 'api';
  changedAt: string;
  changedBy: string;
  problems: number;
  problem: string | null;
  source: string;
}

interface SeriesRow {
  stage: string;
  segment: string;
  touchpoint: string | null;
  state: string;
  k: number | null;
  n: number | null;
  rate: number | null;
  usual: number | null;
  evaluatedAt: string;
}

interface Written {
  alert: string;
  state: 'accepted' | 'unchanged' | 'valid' | 'removed';
}

const path = (id: string): string => `/v1/alerts/rules/${encodeURIComponent(id)}`;

/** `michinori alerts list` */
export async function listAlerts(io: Io, config: StandaloneConfig, flags: ApiFlags): Promise<number> {
  await withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const { rows } = await api.get<{ rows: RuleRow[] }>('/v1/alerts/rules');
    if (flags.json) printJson(io, rows);
    else if (rows.length === 0)
      io.out('There are no rules. Describe one in YAML and apply it: michinori alerts apply FILE\n');
    else
      io.out(
        `${drawTable(['alert', 'journey', 'kind', 'schedule', 'channels', 'from', 'state'], rows.map(tableRow))}\n`,
      );
  });
  return exitCodes.ok;
}

/** `michinori alerts apply FILE…`: checks all files before anything is sent. Exit code 1 if one of them has a problem. */
export async function applyAlerts(
  io: Io,
  config: StandaloneConfig,
  files: readonly string[],
  flags: ApplyAlertsFlags,
): Promise<number> {
  const read = files.map((file) => ({ file, ...readRules(file) }));
  const wrong = read.filter(({ problems }) => problems.length > 0);
  if (wrong.length > 0) {
    for (const { text, problems } of wrong) io.err(drawProblems(text, problems));
    if (flags.json)
      printJson(
        io,
        wrong.map(({ file, problems }) => ({ file, problems })),
      );
    return exitCodes.failure;
  }
  await withApi(io, config, flags, async (api) => {
    const applied: Written[] = [];
    for (const { text } of read) {
      const query = flags.dryRun ? '?dryRun=true' : '';
      const { rows } = await api.post<{ rows: Written[] }>(`/v1/alerts/rules${query}`, { type: 'text/yaml', text });
      applied.push(...rows);
    }
    if (flags.json) printJson(io, { applied });
    else io.out(applied.map(describeWritten).join(''));
  });
  return exitCodes.ok;
}

/** `michinori alerts remove ID` */
export async function removeAlert(io: Io, config: StandaloneConfig, id: string, flags: ApiFlags): Promise<number> {
  await withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const { rows } = await api.delete<{ rows: Written[] }>(path(id));
    if (flags.json) printJson(io, rows[0]);
    else io.out(rows.map(describeWritten).join(''));
  });
  return exitCodes.ok;
}

/** `michinori alerts show ID`: the text of a rule, what is wrong with it, and its series as of the last evaluation. */
export async function showAlert(io: Io, config: StandaloneConfig, id: string, flags: ApiFlags): Promise<number> {
  await withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const { rows, meta } = await api.get<{ rows: RuleRow[]; meta: { problems: { message: string }[] } }>(path(id));
    const series = (await api.get<{ rows: SeriesRow[] }>(`/v1/alerts?alert=${encodeURIComponent(id)}`)).rows;
    const [rule] = rows;
    if (flags.json) printJson(io, { ...rule, problems: meta.problems, series });
    else if (rule !== undefined) {
      const { origin, changedAt, changedBy } = rule;
      io.out(
        `# ${origin === 'file' ? `in ${changedBy}` : `applied ${changedAt.slice(0, 19)}Z`}\n${rule.source.trimEnd()}\n`,
      );
      for (const { message } of meta.problems) io.out(`# ${message}\n`);
      if (series.length === 0) io.out('\nIt has not been evaluated yet.\n');
      else
        io.out(
          `\n${drawTable(['stage', 'segment', 'touchpoint', 'state', 'k', 'n', 'rate', 'usual'], series.map(seriesCells))}\n`,
        );
    }
  });
  return exitCodes.ok;
}

function readRules(file: string): { text: string; rules: readonly ParsedRule[]; problems: readonly RuleProblem[] } {
  const text = readTextFile(file);
  const parsed = parseAlertRules(text, { file });
  return parsed.outcome === 'ok'
    ? { text, rules: parsed.rules, problems: [] }
    : { text, rules: [], problems: parsed.problems };
}

function tableRow({ alert, journey, kind, schedule, channels, origin, changedBy, problem }: RuleRow): string[] {
  const from = origin === 'file' ? changedBy : 'applied';
  return [alert, journey ?? '', kind ?? '', schedule ?? '', channels ?? '', from, problem ?? 'ok'];
}

function seriesCells({ stage, segment, touchpoint, state, k, n, rate, usual }: SeriesRow): string[] {
  const number = (value: number | null): string => (value === null ? '' : String(Math.round(value * 1000) / 1000));
  return [stage, segment || 'everybody', touchpoint ?? '', state, number(k), number(n), number(rate), number(usual)];
}

const outcomes = {
  accepted: 'is applied; it is evaluated within a minute or two',
  unchanged: 'was applied before, nothing to do',
  valid: 'is valid and would be applied',
  removed: 'is taken away; its alarms end',
};

const describeWritten = ({ alert, state }: Written): string => `${alert} ${outcomes[state]}.\n`;

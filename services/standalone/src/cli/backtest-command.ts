import { exitCodes } from '@michinori/runtime';
import type { Command } from 'commander';
import type { StandaloneConfig } from '../config.ts';
import { type BacktestMeta, type BacktestRow, drawBacktest } from '../terminal/backtest-answer.ts';
import { drawProblems } from '../terminal/source-problems.ts';
import { jsonBody, withApi } from './api.ts';
import { type BacktestFlags, backtestBody } from './backtest-body.ts';
import { findRuleText } from './backtest-rule.ts';
import { type Io, printJson } from './io.ts';

export type { BacktestFlags } from './backtest-body.ts';

const shownAfterMs = 2_000;

/** The flags of `michinori backtest`. */
export function addBacktestOptions(command: Command): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return command
    .description('replay a rule of alerts over the past: which alarms it would have given')
    .option(
      '--rules <file>',
      'file or folder of rules that has it (default: those of the configuration, or shipped ones)',
    )
    .option('--from <time>', 'first evaluation (default: the first event)')
    .option('--to <time>', 'last evaluation (default: the last event)')
    .option('--known-by <moment>', 'what an evaluation knew: events received by then, or occurred; auto')
    .option(
      '--incident <span>',
      'known incident, 2026-09-07/2026-09-12[@stage[/segment]]; others are false alarms then (repeatable)',
      collect,
      [],
    )
    .option('--locale <language>', 'of the titles: en or ja')
    .option('--url <url>', 'ask a running query API instead of the data folder')
    .option('--key <key>', 'API key for --url')
    .option('--json', 'rows and meta as JSON', false);
}

/** `michinori backtest ALERT`: from the data folder, or from the process that owns it. Exit code 1 if the file of rules has a problem. */
export async function backtestCommand(
  io: Io,
  config: StandaloneConfig,
  alert: string,
  flags: BacktestFlags,
): Promise<number> {
  const found = findRuleText(alert, flags.rules, config.alerter.rules);
  if (found.outcome === 'invalid') {
    io.err(drawProblems(found.text, found.problems));
    return exitCodes.failure;
  }
  const body = backtestBody(found.outcome === 'text' ? { rule: found.source } : { alert }, flags);
  const stopWaiting = showWaiting(io);
  try {
    const { url, key } = flags;
    const where = { ...(url && { url }), ...(key && { key }), mustExist: true, withEvents: true };
    await withApi(io, config, where, async (api) => {
      const answer = await api.post<{ rows: BacktestRow[]; meta: BacktestMeta }>(
        '/v1/alerts/backtest',
        jsonBody(body),
        'query',
      );
      stopWaiting();
      if (flags.json) printJson(io, answer);
      else io.out(drawBacktest(answer.rows, answer.meta, io.columns));
    });
  } catch (error) {
    stopWaiting();
    if (found.outcome === 'stored' && found.hint !== undefined) io.err(`${found.hint}\n`);
    throw error;
  } finally {
    stopWaiting();
  }
  return exitCodes.ok;
}

/** Says on a terminal for how long the answer has been waited for; nobody knows how long it takes. */
function showWaiting(io: Io): () => void {
  if (!io.isInteractive) return () => {};
  const startedMs = performance.now();
  let isShown = false;
  const timer = setInterval(() => {
    const seconds = (performance.now() - startedMs) / 1000;
    if (seconds * 1000 < shownAfterMs) return;
    isShown = true;
    io.err(`\rReplaying … ${Math.round(seconds)} s`);
  }, 500);
  return () => {
    clearInterval(timer);
    if (isShown) io.err('\r\u001b[K');
    isShown = false;
  };
}

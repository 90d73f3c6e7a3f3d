import { isEventLogError } from '@michinori/event-log';
import { didYouMean, exitCodes, MichinoriError } from '@michinori/runtime';
import type { Command } from 'commander';
import type { StandaloneConfig } from '../config.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { readServerFile } from '../server-file.ts';
import { drawFunnel } from '../terminal/funnel-bars.ts';
import { assertData } from './api.ts';
import { embeddedOracle, type FunnelAnswer, httpOracle, type Oracle } from './ask.ts';
import { type FunnelFlags, funnelBody } from './funnel-body.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger } from './stores-command.ts';
import { UsageError } from './usage-error.ts';

export type { FunnelFlags } from './funnel-body.ts';

/** The flags of `michinori funnel`. */
export function addFunnelOptions(command: Command): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return command
    .description('ask for a funnel; each argument is a step: a touchpoint, a list a,b, a prefix page.*, or *')
    .option('--window <duration>', 'time from the first step, e.g. 14d, 36h, 30min', '30d')
    .option('--from <time>', 'first entry (default: that of the data)')
    .option('--to <time>', 'end of entries, exclusive (default: that of the data)')
    .option('--as-of <time>', 'as it was known of the world at this time (default: now)')
    .option('--by <subject>', 'segments: trait:plan, property:amount, channel, team or account')
    .option('--attribution <rule>', 'first, last, entry, step:N or all')
    .option('--bands <numbers>', 'cut a numeric segment, e.g. 5000,15000')
    .option('--limit <number>', 'how many segments')
    .option('--order <order>', 'sequential, strict or any')
    .option('--unit <unit>', 'customer or account')
    .option('--trend <interval>', 'hour, day, week or month')
    .option('--timezone <zone>', 'of the trend')
    .option('--filter <filter>', 'e.g. trait:region=emea or property:amount>=5000 (repeatable)', collect, [])
    .option('--hold <subject>', 'must be the same on all steps (repeatable)', collect, [])
    .option('--exclude <touchpoint>', 'spoils an attempt between the first and the last step (repeatable)', collect, [])
    .option('--request <file>', 'the whole question as JSON, as for POST /v1/funnels/query')
    .option('--url <url>', 'ask a running query API instead of the data folder')
    .option('--key <key>', 'API key for --url')
    .option('--json', 'rows and meta as JSON', false);
}

/** `michinori funnel`: from the data folder, or from the process that owns it. */
export async function funnelCommand(
  io: Io,
  config: StandaloneConfig,
  touchpoints: readonly string[],
  flags: FunnelFlags,
): Promise<number> {
  const body = funnelBody(touchpoints, flags);
  if (flags.url !== undefined && !URL.canParse(flags.url))
    throw new UsageError(`--url is an address like http://127.0.0.1:8080, not "${flags.url}".`);
  await withOracle(io, config, flags, async (oracle) => {
    const { from, to } = await rangeFor(oracle, body);
    const answer = await oracle.funnel({ ...body, from, to });
    if (flags.json) return printJson(io, answer);
    const { timezone } = answer.meta as { timezone?: string };
    io.out(drawFunnel(answer.rows, io.columns, timezone));
    io.out(await remarks(oracle, answer, body));
  });
  return exitCodes.ok;
}

async function withOracle(
  io: Io,
  config: StandaloneConfig,
  flags: Pick<FunnelFlags, 'url' | 'key'>,
  work: (oracle: Oracle) => Promise<void>,
): Promise<void> {
  if (flags.url !== undefined) return work(httpOracle(flags.url, flags.key));
  assertData(config);
  let stores: Stores;
  try {
    stores = await openStores(config, commandLogger(io, config));
  } catch (error) {
    const url = isEventLogError(error, 'log_locked') ? readServerFile(config.data) : undefined;
    if (url === undefined) throw error;
    return work(httpOracle(url, flags.key));
  }
  try {
    await work(embeddedOracle(stores.clickhouse, io.nowUs()));
  } finally {
    await stores.close();
  }
}

/** `from` and `to` of the question; where they aren't given, those of the data. */
async function rangeFor(oracle: Oracle, body: Record<string, unknown>): Promise<{ from: unknown; to: unknown }> {
  const { from, to } = body as { from?: unknown; to?: unknown };
  if (from !== undefined && to !== undefined) return { from, to };
  const seen = await oracle.touchpoints();
  if (seen.length === 0) throw new MichinoriError('no_events', 'There are no events yet; send or import some first.');
  const first = seen.map((each) => each.first).sort()[0];
  const lastMs = Math.max(...seen.map((each) => Date.parse(each.last)));
  return { from: from ?? first, to: to ?? new Date(lastMs + 1_000).toISOString() };
}

/** What the bars don't say: segments left out, and why nobody may have come. */
async function remarks(oracle: Oracle, { rows, meta }: FunnelAnswer, body: Record<string, unknown>): Promise<string> {
  const others = meta.otherSegmentsCount;
  if (typeof others === 'number' && others > 0)
    return `\n  ${others} smaller segments are not shown; --limit shows more.\n`;
  if (rows.some(({ customers }) => customers > 0)) return '';
  const seen = (await oracle.touchpoints()).map(({ touchpoint }) => touchpoint);
  if (seen.length === 0) return '  Nobody: there are no events yet; send or import some first.\n';
  const { steps = [] } = body as { steps?: { touchpoint: string | string[] }[] };
  const unknown = steps
    .flatMap(({ touchpoint }) => touchpoint)
    .filter((name) => !name.endsWith('*') && !seen.includes(name))
    .map((name) => `  No event has the touchpoint "${name}".${didYouMean(name, seen)}\n`);
  return unknown.length > 0 ? unknown.join('') : '  Nobody entered between --from and --to with these filters.\n';
}

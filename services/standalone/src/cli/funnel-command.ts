import { isEventLogError } from '@michinori/event-log';
import type { Command } from 'commander';
import type { StandaloneConfig } from '../config.ts';
import { openStores } from '../open-stores.ts';
import { readServerFile } from '../server-file.ts';
import { drawFunnel } from '../terminal/funnel-bars.ts';
import { askEmbedded, askOverHttp, type FunnelAnswer, rangeEmbedded, rangeOverHttp } from './ask.ts';
import { type FunnelFlags, funnelBody } from './funnel-body.ts';
import { type Io, printJson } from './io.ts';

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
  const answer = await ask(io, config, body, flags);
  if (flags.json) printJson(io, answer);
  else {
    io.out(drawFunnel(answer.rows, io.columns));
    const others = answer.meta['otherSegmentsCount'];
    if (typeof others === 'number' && others > 0)
      io.out(`\n  ${others} smaller segments are not shown; --limit shows more.\n`);
  }
  return 0;
}

async function ask(
  io: Io,
  config: StandaloneConfig,
  body: Record<string, unknown>,
  flags: FunnelFlags,
): Promise<FunnelAnswer> {
  const overHttp = async (url: string): Promise<FunnelAnswer> => {
    const range = needsRange(body) ? await rangeOverHttp(url, flags.key) : {};
    return askOverHttp(url, flags.key, { ...range, ...body });
  };
  if (flags.url !== undefined) return overHttp(flags.url);
  try {
    const stores = await openStores(config);
    try {
      const range = needsRange(body) ? await rangeEmbedded(stores.clickhouse) : {};
      return await askEmbedded(stores.clickhouse, { ...range, ...body }, io.nowUs());
    } finally {
      await stores.close();
    }
  } catch (error) {
    const url = isEventLogError(error, 'log_locked') ? readServerFile(config.data) : undefined;
    if (url === undefined) throw error;
    return overHttp(url);
  }
}

const needsRange = (body: Record<string, unknown>): boolean => body['from'] === undefined || body['to'] === undefined;

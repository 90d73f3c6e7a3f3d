import { stringify } from 'yaml';
import type { ChannelConfig } from './channel-schema.ts';

/**
 * The channels as `--print-config` shows them: YAML that can be read in again, defaults written out. Secrets are named, not shown; of addresses the query is masked, since
 * that is where tokens stand.
 */
export function printChannels(channels: readonly ChannelConfig[]): string {
  return stringify({ channels: channels.map(plain) });
}

function plain(value: unknown): unknown {
  if (value instanceof URL) return value.search === '' ? value.href : `${value.origin}${value.pathname}?********`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('from' in value && 'name' in value) return `${value.from} ${value.name}`;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

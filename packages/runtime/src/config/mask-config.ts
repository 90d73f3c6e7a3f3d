import { stringify } from 'yaml';
import type { LoadedConfig } from './load-config.ts';

const mask = '********';

/** Replaces the password in `scheme://user:password@host` anywhere in a text. */
function maskAddress(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/]*@/gi, `$1:${mask}@`);
}

function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return maskAddress(value);
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskValue(member)]));
}

/** The configuration as plain data with every secret, and every password inside an address, replaced. */
export function maskedConfig(loaded: Pick<LoadedConfig<unknown>, 'settings'>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const { path, value, isSecret } of loaded.settings) {
    if (value === undefined) continue;
    let node = tree;
    for (const part of path.slice(0, -1)) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[path.at(-1) ?? ''] = isSecret && value !== null ? mask : maskValue(value);
  }
  return tree;
}

/** What `--print-config` prints: valid YAML, masked, after a comment for each setting that isn't a default. */
export function printConfig(loaded: Pick<LoadedConfig<unknown>, 'settings'>): string {
  const origins = loaded.settings
    .filter(({ where }) => where !== 'default')
    .map(({ path, where }) => `# ${path.join('.')}: ${where}\n`);
  return `${origins.join('')}${stringify(maskedConfig(loaded))}`;
}

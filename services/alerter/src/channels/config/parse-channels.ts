import { ConfigError, type ConfigFile, type ConfigProblem, didYouMean } from '@michinori/runtime';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ChannelConfig, channelsSchema, channelTypes, knownKeys } from './channel-schema.ts';

/**
 * Reads the file of channels. Everything that is wrong comes at once, each with its place: `ConfigError`. Secrets aren't read; see `loadChannels`.
 */
export function parseChannels({ name, text }: ConfigFile): ChannelConfig[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new ConfigError(document.errors.map(({ pos, message }) => ({ where: at(pos[0]), path: '', message })));

  const plain: unknown = document.toJS() ?? {};
  const parsed = channelsSchema.safeParse(plain);
  const placeOf = (path: readonly PropertyKey[]): string => at(offsetOf(document, path));
  const problems = parsed.success
    ? doubles(parsed.data.channels, placeOf)
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, plain, placeOf));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data.channels;
}

type PlaceOf = (path: readonly PropertyKey[]) => string;

function problemsOf(issue: z.core.$ZodIssue, plain: unknown, placeOf: PlaceOf): ConfigProblem[] {
  const { path } = issue;
  const channel = valueAt(plain, path.slice(0, 2)) as { type?: unknown } | undefined;
  if (issue.code === 'unrecognized_keys') {
    const known = path.length < 2 ? ['channels'] : knownKeys(channel?.type);
    return issue.keys.map((key) => {
      const message = `is not a known setting.${didYouMean(key, known)}`;
      return { where: placeOf([...path, key]), path: textOf([...path, key]), message };
    });
  }
  if (issue.code === 'invalid_union') {
    const type = channel?.type;
    const suggestion = typeof type === 'string' ? didYouMean(type, channelTypes) : '';
    const message = `must be one of ${channelTypes.join(', ')}.${suggestion}`;
    return [{ where: placeOf(path), path: textOf(path), message }];
  }
  return [{ where: placeOf(path), path: textOf(path), message: `is refused: ${issue.message}` }];
}

function doubles(channels: readonly ChannelConfig[], placeOf: PlaceOf): ConfigProblem[] {
  const seen = new Set<string>();
  return channels.flatMap(({ name }, index) => {
    const isDouble = seen.has(name);
    seen.add(name);
    const path = ['channels', index, 'name'];
    return isDouble ? [{ where: placeOf(path), path: textOf(path), message: `there is another channel ${name}` }] : [];
  });
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, part) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[part] : undefined,
    tree,
  );
}

/** Where the value of a path begins; if it is missing, where the nearest thing around it does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | null | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** `channels.1.url`. */
export const textOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

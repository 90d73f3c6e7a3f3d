import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alerterProcessSettings } from '@michinori/alerter';
import { ingestProcessSettings } from '@michinori/ingest';
import { processorProcessSettings, processorSettings } from '@michinori/processor';
import { queryApiProcessSettings } from '@michinori/query-api';
import { listSettings } from '@michinori/runtime';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { standaloneSettings } from '../../src/index.ts';
import { fakeIo } from './fake-io.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
const program = createProgram(fakeIo().io, () => {});

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

describe('docs/command-line.md', () => {
  it('has a section for every command, and for nothing else', () => {
    const sections = [...page.matchAll(/^## ([\w-]+)$/gm)].map((match) => match[1]);
    expect(sections.sort()).toEqual(program.commands.map((command) => command.name()).sort());
  });

  it('names every option that exists, and none that does not', () => {
    const existing = new Set(commandsOf(program).flatMap(({ options }) => options.map(({ long }) => long)));
    const named = new Set(
      [...page.matchAll(/`[^`\n]*?(--[a-z-]+)[^`\n]*`/g)].flatMap((match) => match[0].match(/--[a-z-]+/g) ?? []),
    );
    for (const own of ['--version', '--help']) {
      existing.delete(own);
      named.delete(own);
    }
    expect([...named].sort()).toEqual([...existing].sort());
  });

  it('lists exactly the codes that the command line and the demo throw', () => {
    const source = join(import.meta.dirname, '../../src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /^(cli|demo)[/\\].*\.ts$/.test(name) && !name.endsWith('import-command.ts'),
    );
    const thrown = files.flatMap((name) =>
      [...readFileSync(join(source, name), 'utf8').matchAll(/new MichinoriError\(\s*'([a-z_]+)'/g)].map(
        (match) => match[1],
      ),
    );
    const listed = [...page.matchAll(/^\| `([a-z]+_[a-z_]+)` +\|/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual([...new Set(thrown)].sort());
  });
});

describe('docs/configuration.md', () => {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, '../../..', ...path), 'utf8');
  const rows = [
    ...read('standalone', 'docs', 'configuration.md').matchAll(/^\| `([a-zA-Z.]+)` +\| (\S+) +\| ([a-z, -]+?) +\|/gm),
  ];
  const processes = {
    ingest: ingestProcessSettings,
    processor: processorProcessSettings,
    'query-api': queryApiProcessSettings,
    alerter: alerterProcessSettings,
  };
  const own = new Set(['ingest', 'processor', 'queryApi', 'alerter']);
  const valueAt = (tree: unknown, path: readonly string[]): unknown =>
    path.reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree);
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

  it.each(Object.entries(processes))('says what %s shares with others, and its default', (name, schema) => {
    const defaults = schema.parse({});
    const existing = listSettings(schema)
      .filter(({ path }) => !own.has(path[0] ?? ''))
      .map(({ path }) => {
        const value = valueAt(defaults, path);
        return [path.join('.'), value === undefined ? '–' : `\`${text(value)}\``];
      });
    const listed = rows.filter(([, , , services = '']) => services === 'all' || services.split(', ').includes(name));
    expect(Object.fromEntries(listed.map(([, setting, value]) => [setting, value]))).toEqual(
      Object.fromEntries(existing),
    );
  });

  it('marks every secret', () => {
    const secrets = listSettings(standaloneSettings).filter(({ isSecret }) => isSecret);
    const marked = [...read('standalone', 'docs', 'configuration.md').matchAll(/^\| `([a-zA-Z.]+)`.*\*secret\*/gm)];
    expect(marked.map(([, name]) => name).sort()).toEqual(secrets.map(({ path }) => path.join('.')).sort());
  });

  it('and standalone knows every setting of every service', () => {
    const known = new Set(listSettings(standaloneSettings).map(({ path }) => path.join('.')));
    const all = Object.values(processes).flatMap((schema) => listSettings(schema).map(({ path }) => path.join('.')));
    expect(all.filter((name) => !known.has(name))).toEqual([]);
  });

  it('the page of the processor lists exactly its settings, with their defaults', () => {
    const listed = [...read('processor', 'docs', 'configuration.md').matchAll(/^\| `([a-zA-Z]+)` +\| `([^`]+)` /gm)];
    const defaults = Object.entries(processorSettings.parse({})).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(listed.map(([, name, value]) => [name, value]))).toEqual(Object.fromEntries(defaults));
  });
});

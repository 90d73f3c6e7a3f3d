import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { fakeIo } from './fake-io.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
const program = createProgram(fakeIo().io, () => {});

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

describe('docs/command-line.md', () => {
  it('has a section for every command, and for nothing else', () => {
    const sections = [...page.matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
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

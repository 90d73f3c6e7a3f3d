import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const mark = (name: string): string => `// ---- ${name} ----`;

/** Writes the files as the workspace would have them, with Biome. */
export function format(files: ReadonlyMap<string, string>, root: string): Map<string, string> {
  const biome = join(
    dirname(createRequire(join(root, 'package.json')).resolve('@biomejs/biome/package.json')),
    'bin/biome',
  );
  const run = (command: readonly string[], input: string): string =>
    execFileSync(process.execPath, [biome, ...command, '--stdin-file-path=generated.ts'], {
      input,
      cwd: root,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
  // One run for all, between marks; lists of exports are also sorted, which only goes file by file.
  const together = run(['format'], [...files].map(([name, text]) => `${mark(name)}\n${text}`).join('\n'));
  const [, ...pieces] = together.split(/^\/\/ ---- (.+) ----$/m);
  const formatted = new Map<string, string>();
  for (let i = 0; i < pieces.length; i += 2) {
    const text = `${(pieces[i + 1] ?? '').trim()}\n`;
    formatted.set(pieces[i] ?? '', /^export .* from /m.test(text) ? run(['check', '--write'], text) : text);
  }
  return formatted;
}

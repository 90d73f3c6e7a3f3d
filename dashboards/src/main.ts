import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultBoardUrl, generatedFiles } from './files.ts';

const { values } = parseArgs({
  options: {
    'board-url': { type: 'string', default: defaultBoardUrl },
    out: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
  },
});

for (const { path, text } of generatedFiles({ boardUrl: values['board-url'].replace(/\/+$/, '') })) {
  const file = join(values.out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}

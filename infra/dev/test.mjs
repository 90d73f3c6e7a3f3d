// `npm test`: installs, builds, lints and runs every test that this machine can run.
// `npm test -- packages/events` runs the tests of one folder.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, install, root, run } from './install.mjs';

install();
console.log('Building …');
build();
console.log('Checking the types of the tests …');
run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'test/tsconfig.json']);
console.log('Linting …');
run(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']);
const vitest = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=./infra/dev/totals-reporter.mjs',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(vitest.status ?? 1);

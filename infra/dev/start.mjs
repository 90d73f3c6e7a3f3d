// `npm start`: installs what is missing, builds, and starts everything in one process (see services/standalone).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, root } from './install.mjs';

install();
build();
const child = spawn(
  process.execPath,
  [join(root, 'services/standalone/bin/michinori.mjs'), 'dev', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
// The terminal sends ^C to the whole group; the child stops in order and this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm ends its shell on SIGTERM, and the shell tells nobody: whoever started this process is gone when its parent changes.
const parent = process.ppid;
const isBelowNpm = process.env.npm_lifecycle_event !== undefined;
const watch = setInterval(() => {
  if (!isBelowNpm || process.ppid === parent) return;
  clearInterval(watch);
  child.kill('SIGTERM');
}, 250);
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

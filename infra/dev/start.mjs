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
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

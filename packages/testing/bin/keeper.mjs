// Runs a command that must not outlive the process that asked for it: `keeper.mjs FOLDER COMMAND ARGUMENT…`.
// Every line on standard input is the name of a signal to pass on. When standard input ends, whoever started this is
// gone, however it ended: the command is killed and FOLDER, unless it is empty, removed.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder, command, ...rest] = process.argv.slice(2);
const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
let isAbandoned = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
const lines = createInterface({ input: process.stdin });
lines.on('line', (signal) => child.kill(signal));
lines.on('close', () => {
  isAbandoned = true;
  child.kill('SIGKILL');
});

function end(code) {
  // Others may remove the same folder at the same time.
  if (isAbandoned && folder) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.exit(code);
}
child.on('error', (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  end(127);
});
child.on('exit', (code, signal) => end(code ?? (signal === 'SIGKILL' ? 137 : 143)));

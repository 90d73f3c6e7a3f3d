import { setTimeout as wait } from 'node:timers/promises';
import { runCommandLine } from './cli/run.ts';

const stopListeners: (() => void)[] = [];
let stops = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stops += 1;
    if (stops > 1 || stopListeners.length === 0) process.exit(130);
    for (const listener of stopListeners) listener();
  });
}

// Whoever read the answer has gone (`… | head`): end in order, so that no file is left half-way.
process.stdout.on('error', () => {
  if (stopListeners.length === 0) process.exit(0);
  for (const listener of stopListeners) listener();
});

// A pipe takes what it is given when its reader does: also the last of it must be waited for.
const drained = () => new Promise<void>((resolve) => process.stdout.write('', () => resolve()));

const exitCode = await runCommandLine(
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    drained,
    columns: process.stdout.columns ?? 100,
    isInteractive: process.stderr.isTTY === true,
    env: process.env,
    onStop: (listener) => stopListeners.push(listener),
    nowUs: () => Date.now() * 1000,
    wait: (ms) => wait(ms),
  },
  process.argv.slice(2),
);
await drained();
process.exit(exitCode);

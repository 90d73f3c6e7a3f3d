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

const exitCode = await runCommandLine(
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    columns: process.stdout.columns ?? 100,
    isInteractive: process.stderr.isTTY === true,
    env: process.env,
    onStop: (listener) => stopListeners.push(listener),
    nowUs: () => Date.now() * 1000,
    wait: (ms) => wait(ms),
  },
  process.argv.slice(2),
);
process.exit(exitCode);

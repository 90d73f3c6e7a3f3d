import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ListenerOptions } from './clickhouse-http-listener.ts';
import type { ChildAnswer, ChildRequest } from './clickhouse-http-main.ts';
import type { ServerHost } from './clickhouse-http-server.ts';

// Node 20 can't run TypeScript: the process runs the compiled file, from wherever this one was loaded.
const main = fileURLToPath(new URL('../dist/clickhouse-http-main.js', import.meta.url));

async function ask(child: ChildProcess, request: ChildRequest): Promise<number> {
  const answered = Promise.race([
    once(child, 'message').then(([answer]) => answer as ChildAnswer),
    once(child, 'exit').then((): ChildAnswer => ({ ok: false, message: 'the server process ended' })),
  ]);
  child.send(request);
  const answer = await answered;
  if (!answer.ok) throw new Error(answer.message);
  return answer.port;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Starts the server in a process of its own. */
export async function startChild(options: ListenerOptions): Promise<ServerHost> {
  if (!existsSync(main)) throw new Error('the compiled test server is missing: run tsc -b packages/testing');
  const child = fork(main, { execArgv: [] });
  let last: Promise<unknown> = Promise.resolve();
  const say = (request: ChildRequest): Promise<number> => {
    const next = last.then(() => ask(child, request));
    last = next.catch(() => undefined);
    return next;
  };
  try {
    const port = await say({ ask: 'start', options });
    return {
      port,
      faults: {
        add: async (planned) => void (await say({ ask: 'add', planned })),
        randomCuts: async (cuts) => void (await say({ ask: 'randomCuts', cuts })),
        clear: async () => void (await say({ ask: 'clear' })),
      },
      async stop() {
        const exited = once(child, 'exit');
        await say({ ask: 'stop' });
        await exited;
      },
      kill: () => end(child, 'SIGKILL'),
    };
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
}

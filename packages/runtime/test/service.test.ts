import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  canRetry,
  createStandIn,
  type HealthReport,
  loadConfig,
  logLevels,
  MichinoriError,
  notThereYet,
  type Part,
  runService,
  type ServiceContext,
  version,
  waitPauseMs,
} from '../src/index.ts';
import { createSilentLogger } from '../src/logger.ts';
import { waitFor } from '../src/service/wait-for.ts';

const schema = z.object({ logLevel: z.enum(logLevels).default('info'), port: z.int().default(1) });
type Config = z.output<typeof schema>;

function fakeProcess() {
  const exits: number[] = [];
  const written = { out: '', err: '' };
  const emitter = new EventEmitter();
  const process = Object.assign(emitter, {
    exits,
    written,
    exit: (code: number) => void exits.push(code),
    stdout: { write: (text: string) => (written.out += text) },
    stderr: { write: (text: string) => (written.err += text) },
  });
  return process;
}

/** Runs a service made of these parts; `context` is what its `build` was given. */
function run(build: (context: ServiceContext<Config>) => Part[], argv: string[] = []) {
  const process = fakeProcess();
  let give: (context: ServiceContext<Config>) => void = () => {};
  const context = new Promise<ServiceContext<Config>>((resolve) => {
    give = resolve;
  });
  const ended = runService(
    {
      name: 'thing',
      load: (sources) => loadConfig(schema, sources),
      build(given) {
        give(given);
        return build(given);
      },
    },
    { argv: ['--log-level=silent', ...argv], env: {}, process },
  );
  return { process, ended, context };
}

const reasons = ({ checks }: HealthReport) =>
  checks.filter(({ ok }) => !ok).map(({ name, reason }) => ({ name, reason }));

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

describe('a service process', () => {
  it('starts its parts, is ready then, and ends in order with 0', async () => {
    const log: string[] = [];
    const part = (name: string): Part => ({
      name,
      start: () => log.push(`+${name}`),
      stop: () => log.push(`-${name}`),
    });
    const { process, ended, context } = run(() => [part('a'), part('b')], ['--port', '7']);
    const { health, config, metrics } = await context;
    await until(async () => (await health.ready()).ok);
    expect(config.port).toBe(7);
    expect((await metrics.exposition()).text).toContain(`michinori_build_info{service="thing",version="${version}"`);
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(process.exits).toEqual([0]);
    expect(log).toEqual(['+a', '+b', '-b', '-a']);
  });

  it('lives, and says what it waits for, while that is not there; a signal ends the waiting with 0', async () => {
    const log: string[] = [];
    const { process, ended, context } = run(({ waitFor: wait }) => [
      { name: 'server', stop: () => log.push('-server') },
      {
        name: 'store',
        startDeadlineMs: Number.POSITIVE_INFINITY,
        start: (signal) => wait('the store', () => Promise.reject(notThereYet('nobody listens')), { signal }),
        stop: () => log.push('-store'),
      },
    ]);
    const { health } = await context;
    const waiting = [{ name: 'start', reason: 'waiting for the store: nobody listens' }];
    await until(async () => JSON.stringify(reasons(await health.ready())) === JSON.stringify(waiting));
    expect(health.live().ok).toBe(true);
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(log).toEqual(['-server']);
  });

  it('ends with 1 when what it waits for refuses for good', async () => {
    const { process, ended, context } = run(({ waitFor: wait }) => [
      {
        name: 'store',
        start: (signal) =>
          wait('the store', () => Promise.reject(new MichinoriError('x', 'the password is wrong')), { signal }),
      },
    ]);
    await context;
    expect(await ended).toBe(1);
    expect(process.written.err).toContain("store didn't start: the password is wrong");
  });

  it('ends with 1 after a fatal error, and is not alive any more', async () => {
    const { process, ended, context } = run(() => [{ name: 'a' }]);
    const { health, fatal } = await context;
    await until(async () => (await health.ready()).ok);
    fatal(new Error('the topic is gone'));
    expect(reasons(health.live())).toEqual([{ name: 'process', reason: 'the topic is gone' }]);
    expect(await ended).toBe(1);
    expect(process.exits).toEqual([1]);
  });

  it('ends with 1 when it can not be built, with 78 when the configuration is wrong, with 0 when it only prints', async () => {
    const refused = run(() => {
      throw new MichinoriError('listen_without_keys', 'Refusing to listen');
    });
    expect(await refused.ended).toBe(1);
    expect(refused.process.written.err).toBe('Refusing to listen\n');
    const wrong = run(() => [], ['--prot', '1']);
    expect(await wrong.ended).toBe(78);
    expect(wrong.process.written.err).toContain('Did you mean "port"?');
    const stray = run(() => [], ['port', '1']);
    expect(await stray.ended).toBe(78);
    expect(stray.process.written.err).toContain('"port" belongs to no flag');
    const printed = run(() => [], ['--print-config', '--port=3']);
    expect(await printed.ended).toBe(0);
    expect(printed.process.written.out).toContain('# port: flag --port\n');
    expect([refused, wrong, stray, printed].flatMap(({ process }) => process.exits)).toEqual([]);
  });
});

describe('waiting', () => {
  const waiting = (attempts: (() => Promise<string>)[], signal = new AbortController().signal) => {
    const pauses: number[] = [];
    const heard: string[] = [];
    const found = waitFor({
      what: 'it',
      signal,
      attempt: () => attempts.shift()?.() ?? Promise.reject(new Error('asked too often')),
      mayPass: canRetry,
      logger: createSilentLogger(),
      pause: async (ms) => void pauses.push(ms),
      onWaiting: (reason) => heard.push(reason),
    });
    return { found, pauses, heard };
  };
  const fails = (message: string) => () => Promise.reject(notThereYet(message));

  it('attempts with growing pauses until it succeeds', async () => {
    const { found, pauses, heard } = waiting([fails('a'), fails('b'), fails('c'), () => Promise.resolve('here')]);
    expect(await found).toBe('here');
    expect(pauses).toEqual([500, 1000, 2000]);
    expect(heard).toEqual(['waiting for it: a', 'waiting for it: b', 'waiting for it: c']);
    expect([5, 6, 50, 5000].map(waitPauseMs)).toEqual([8000, 10_000, 10_000, 10_000]);
  });

  it('throws what does not pass', async () => {
    const { found, pauses } = waiting([fails('a'), () => Promise.reject(new Error('wrong password'))]);
    await expect(found).rejects.toThrow('wrong password');
    expect(pauses).toEqual([500]);
  });

  it('gives up an attempt that hangs when it is told to', async () => {
    const stop = new AbortController();
    const { found } = waiting([() => new Promise(() => {})], stop.signal);
    stop.abort(new Error('told to stop'));
    await expect(found).rejects.toThrow('told to stop');
  });
});

describe('a stand-in', () => {
  interface Shelf {
    take(name: string): Promise<string>;
  }

  it('refuses until the real one is there, and can be awaited', async () => {
    const { port, become } = createStandIn<Shelf>(() => new Error('not open'));
    const shelf = await Promise.resolve(port);
    await expect(shelf.take('a')).rejects.toThrow('not open');
    become({ take: async (name) => `the ${name}` });
    expect(await shelf.take('a')).toBe('the a');
  });
});

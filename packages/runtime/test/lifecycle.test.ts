import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { attachSignals, createLifecycle, createSilentLogger, type Part } from '../src/index.ts';

const logger = createSilentLogger();

function recorder() {
  const log: string[] = [];
  const part = (name: string, more: Partial<Part> = {}): Part => ({
    name,
    start: () => void log.push(`+${name}`),
    stop: () => void log.push(`-${name}`),
    ...more,
  });
  return { log, part };
}

const never = () => new Promise<void>(() => {});
const fail = () => {
  throw new Error('no');
};

describe('lifecycle', () => {
  it('starts in order and stops in reverse, once', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle({
      logger,
      parts: [part('a'), part('b'), part('c')],
      onDrain: () => log.push('drain'),
    });
    expect(lifecycle.state()).toBe('new');
    await lifecycle.start();
    expect(lifecycle.state()).toBe('running');
    await Promise.all([lifecycle.stop('x'), lifecycle.stop('y')]);
    expect(log).toEqual(['+a', '+b', '+c', 'drain', '-c', '-b', '-a']);
    expect(lifecycle.state()).toBe('stopped');
    expect(await lifecycle.finished).toEqual({ exitCode: 0, reason: 'x' });
  });

  it('waits for one part before it goes on with the next', async () => {
    const { log, part } = recorder();
    let release = () => {};
    const slow = part('slow', { stop: () => new Promise<void>((resolve) => (release = resolve)) });
    const lifecycle = createLifecycle({ logger, parts: [part('a'), slow] });
    await lifecycle.start();
    const stopped = lifecycle.stop('x');
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).not.toContain('-a');
    release();
    await stopped;
    expect(log).toContain('-a');
  });

  it('stops what had started when a part fails, and rejects', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle({ logger, parts: [part('a'), part('b', { start: fail }), part('c')] });
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'start_failed', message: "b didn't start: no" });
    expect(log).toEqual(['+a', '-a']);
    expect((await lifecycle.finished).exitCode).toBe(1);
  });

  it('stops also the part that was too slow to start', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle({ logger, parts: [part('a', { start: never, startDeadlineMs: 1 })] });
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'start_timeout', canRetry: true });
    expect(log).toEqual(['-a']);
  });

  it('goes on stopping past a part that hangs or fails, and says so in the exit code', async () => {
    const { log, part } = recorder();
    const parts = [part('a'), part('b', { stop: fail }), part('c', { stop: never, stopDeadlineMs: 1 })];
    const lifecycle = createLifecycle({ logger, parts });
    await lifecycle.start();
    await lifecycle.stop('x');
    expect(log).toEqual(['+a', '+b', '+c', '-a']);
    expect((await lifecycle.finished).exitCode).toBe(1);
  });

  it('can be stopped while it starts: the rest is not started, what was is stopped', async () => {
    const { log, part } = recorder();
    let release = () => {};
    const slow = part('b', { start: () => new Promise<void>((resolve) => (release = resolve)) });
    const lifecycle = createLifecycle({ logger, parts: [part('a'), slow, part('c')] });
    const starting = lifecycle.start();
    await new Promise((resolve) => setImmediate(resolve));
    const stopping = lifecycle.stop('SIGTERM');
    release();
    await Promise.all([starting, stopping]);
    expect(log).toEqual(['+a', '-b', '-a']);
    expect(lifecycle.state()).toBe('stopped');
  });

  it('can’t be started twice', async () => {
    const lifecycle = createLifecycle({ logger, parts: [] });
    await lifecycle.start();
    await expect(lifecycle.start()).rejects.toMatchObject({ code: 'lifecycle_state' });
  });

  it('a fatal error stops everything with exit code 1', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle({ logger, parts: [part('a')] });
    await lifecycle.start();
    lifecycle.fatal(new Error('x'));
    expect(await lifecycle.finished).toEqual({ exitCode: 1, reason: 'fatal error' });
    expect(log).toEqual(['+a', '-a']);
  });
});

describe('attachSignals', () => {
  function source() {
    const exits: number[] = [];
    return Object.assign(new EventEmitter(), { exits, exit: (code: number) => void exits.push(code) });
  }

  it('stops on the first signal and exits with the result', async () => {
    const process = source();
    const lifecycle = createLifecycle({ logger, parts: [] });
    attachSignals(lifecycle, process);
    await lifecycle.start();
    process.emit('SIGTERM');
    expect((await lifecycle.finished).reason).toBe('SIGTERM');
    await new Promise((resolve) => setImmediate(resolve));
    expect(process.exits).toEqual([0]);
  });

  it('exits at once on the second', async () => {
    const process = source();
    const lifecycle = createLifecycle({ logger, parts: [{ name: 'a', stop: never }] });
    attachSignals(lifecycle, process);
    await lifecycle.start();
    process.emit('SIGINT');
    process.emit('SIGINT');
    expect(process.exits).toEqual([130]);
  });

  it('treats what nobody caught as fatal, and lets go when told', async () => {
    const process = source();
    const lifecycle = createLifecycle({ logger, parts: [] });
    const detach = attachSignals(lifecycle, process);
    await lifecycle.start();
    process.emit('unhandledRejection', new Error('x'));
    expect((await lifecycle.finished).exitCode).toBe(1);
    detach();
    expect(process.eventNames()).toEqual([]);
  });
});

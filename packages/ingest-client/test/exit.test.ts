import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIngestClient, flushOnExit } from '../src/index.ts';
import { startFaultyIngest } from './faulty-ingest.ts';

/** Runs the program with the built client against an ingest of its own. */
async function start(how: string) {
  const ingest = await startFaultyIngest();
  onTestFinished(ingest.stop);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'exit-child.mjs'), ingest.url, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  await Promise.race([once(child.stdout, 'data'), ended]);
  return { child, ended, ingest };
}

describe('a process that ends', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s has sent its events, and ends by that signal', async (signal) => {
    const { child, ended, ingest } = await start('signal');
    expect(ingest.taken).toEqual([]);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(ingest.taken).toEqual(['a', 'b', 'c']);
  });

  it('by its own handler decides how', async () => {
    const { child, ended, ingest } = await start('own-handler');
    child.kill('SIGTERM');
    expect(await ended).toEqual([7, null]);
    expect(ingest.taken).toEqual(['a', 'b', 'c']);
  });

  it('with nothing more to do waits for its events', async () => {
    const { ended, ingest } = await start('end');
    expect(await ended).toEqual([0, null]);
    expect(ingest.taken).toEqual(['a', 'b', 'c']);
  });
});

describe('flushOnExit', () => {
  it('closes at beforeExit, and can be taken back', async () => {
    const ingest = await startFaultyIngest();
    onTestFinished(ingest.stop);
    const host = Object.assign(new EventEmitter(), { pid: 1, kill: () => true });
    const client = createIngestClient({ url: ingest.url, flushMs: 60_000, onError: () => {} });
    const takeBack = flushOnExit(client, host);
    expect(host.eventNames()).toEqual(['SIGTERM', 'SIGINT', 'beforeExit']);
    takeBack();
    expect(host.eventNames()).toEqual([]);
    flushOnExit(client, host);
    client.track({ id: 'a', customer: 'c', touchpoint: 'page.read' });
    host.emit('beforeExit');
    await client.close();
    expect(ingest.taken).toEqual(['a']);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLogError, type EventLogErrorCode, type LogRecord } from '@michinori/event-log';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { decodeSignal } from '@michinori/events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSignalsChannel } from '../../src/channels/signals-channel.ts';
import { virtualClock } from './clock.ts';
import { episode, notification, startUs } from './notifications.ts';

const never = new AbortController().signal;

function channelOver(append: (topic: string, records: readonly LogRecord[]) => Promise<unknown>) {
  const log = {
    async append(topic: string, records: readonly LogRecord[]) {
      await append(topic, records);
      return [];
    },
  };
  return createSignalsChannel({ name: 'signals', log, clock: virtualClock(), accepts: () => true });
}

const failing = (code: EventLogErrorCode) => channelOver(() => Promise.reject(new EventLogError(code, 'no')));

describe('a channel to the topic of signals', () => {
  it('appends one record per notification, with the series as its key', async () => {
    const appended: { topic: string; records: readonly LogRecord[] }[] = [];
    const channel = channelOver(async (topic, records) => appended.push({ topic, records }));
    const [firing, resolved] = episode();
    for (const each of [firing, resolved])
      expect(await channel.deliver(each, 1, never)).toEqual({ outcome: 'delivered' });
    expect(appended.map(({ topic }) => topic)).toEqual(['signals', 'signals']);
    const records = appended.flatMap((each) => each.records);
    expect(records.map(({ key }) => key)).toEqual(Array(2).fill('trial-drop-off\0buying\0trial\0plan\0pro'));
    const { id, kind, ...members } = firing;
    expect(JSON.parse(Buffer.from(records[0]?.value ?? []).toString('utf8'))).toEqual({
      ...{ v: 1, kind: 'alert', id, revision: 1, retracted: false, announcedAtUs: startUs, alertKind: kind },
      ...members,
    });
  });

  it('leaves an end behind its beginning in a real log, in one partition', async () => {
    const path = await mkdtemp(join(tmpdir(), 'michinori-signals-'));
    const log = await openEmbeddedLog({ path, partitions: 4 });
    onTestFinished(async () => {
      await log.close();
      await rm(path, { recursive: true, force: true });
    });
    const channel = createSignalsChannel({ name: 'signals', log, clock: virtualClock(), accepts: () => true });
    const told = ['a', 'b', 'c', 'd', 'e'].flatMap((alert) => episode({ alert }));
    for (const each of told) expect(await channel.deliver(each, 1, never)).toEqual({ outcome: 'delivered' });
    const ranges = await log.positions('signals');
    const found = await Promise.all(
      ranges.map(({ partition, earliest }) =>
        log.read('signals', partition, earliest, { recordsMax: 100, bytesMax: 1e6 }),
      ),
    );
    const ids = found.map((records) => records.map(({ value }) => JSON.parse(Buffer.from(value).toString('utf8')).id));
    for (const alert of ['a', 'b', 'c', 'd', 'e']) {
      const [firing, resolved] = episode({ alert });
      const together = ids.find((partition) => partition.includes(firing.id)) ?? [];
      expect(together.indexOf(resolved.id)).toBeGreaterThan(together.indexOf(firing.id));
    }
    expect(ids.flat()).toHaveLength(10);
  });

  it('writes a kind that readers of other signals leave out', async () => {
    const values: Uint8Array[] = [];
    await channelOver(async (_topic, [record]) => values.push(record?.value ?? new Uint8Array())).deliver(
      notification(),
      1,
      never,
    );
    expect(decodeSignal(values[0] ?? new Uint8Array())).toMatchObject({
      ...{ kind: 'undecodable', message: expect.stringContaining('this kind of signal is unknown') },
    });
  });

  it.each(['log_unavailable', 'append_outcome_unknown', 'log_closed', 'log_disk_full', 'log_not_authorized'] as const)(
    'tries again after %s',
    async (code) => {
      expect(await failing(code).deliver(notification(), 1, never)).toMatchObject({
        ...{ outcome: 'retry', reason: 'log_failed', detail: `${code}: no` },
      });
    },
  );

  it.each(['record_too_large', 'record_invalid', 'append_too_large'] as const)('gives up after %s', async (code) => {
    expect(await failing(code).deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome: 'refused', reason: 'payload_refused' },
    });
  });

  it('gives up in the end', async () => {
    expect(await failing('log_unavailable').deliver(notification(), 10, never)).toMatchObject({
      ...{ outcome: 'refused', reason: 'attempts_exhausted' },
    });
  });

  it('passes on what is a bug', async () => {
    await expect(
      channelOver(() => Promise.reject(new TypeError('bug'))).deliver(notification(), 1, never),
    ).rejects.toThrow('bug');
  });
});

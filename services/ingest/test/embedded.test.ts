import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { decodeEnvelope, topics } from '@michinori/events';
import { expect, it, onTestFinished } from 'vitest';
import { setup, touch } from './helpers.ts';

const limits = { recordsMax: 10_000, bytesMax: 100 << 20 };

it('what was accepted stands in the log after it was opened anew: events in order, dead letters with their reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-ingest-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = await openEmbeddedLog({ path: folder, partitions: 4 });
  const { post } = setup({ log });
  const events = Array.from({ length: 200 }, (_, index) => touch(`c${index % 5}`, { id: `e${index}` }));
  const answers = await Promise.all([post(events), post([touch('x'), { customer: 'y' }]), post([7])]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 422]);
  await log.close();

  const reopened = await openEmbeddedLog({ path: folder, partitions: 4 });
  onTestFinished(() => reopened.close());
  const readAll = async (topic: string) => {
    const partitions = await reopened.positions(topic);
    const read = await Promise.all(
      partitions.map(({ partition, earliest }) => reopened.read(topic, partition, earliest, limits)),
    );
    return read.flat().map(({ value }) => decodeEnvelope(value));
  };
  const stored = (await readAll(topics.events)).flatMap((envelope) =>
    envelope.kind === 'event' ? [envelope.event] : [],
  );
  expect(stored).toHaveLength(201);
  for (const customer of ['c0', 'c1', 'c2', 'c3', 'c4']) {
    const ids = stored.filter((event) => event.customer === customer).map(({ id }) => id);
    expect(ids).toEqual(events.filter((event) => event.customer === customer).map(({ id }) => id));
  }
  const codes = (await readAll(topics.deadLetters)).map((envelope) =>
    envelope.kind === 'rejected' ? envelope.rejected.rejection.code : envelope.kind,
  );
  expect(codes.sort()).toEqual(['missing_field', 'not_an_object']);
});

it('a closed log is 503, and not ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-ingest-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = await openEmbeddedLog({ path: folder, partitions: 1 });
  const { post, app } = setup({ log });
  await log.close();
  expect((await post(touch('a'))).json()).toMatchObject({ status: 503, code: 'log_unavailable' });
  expect((await app.inject('/readyz')).statusCode).toBe(503);
});

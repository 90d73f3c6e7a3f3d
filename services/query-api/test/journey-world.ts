import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@michinori/event-log';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { type DecodedDefinition, decodeDefinition, definitionsTopic, topicSettings } from '@michinori/events';
import { onTestFinished } from 'vitest';

/** A journey as YAML. `rest` is put behind it. */
export const journeyText = (journey: string, version: number, rest = ''): string => `journey: ${journey}
version: ${version}
title: { en: Buying, ja: 購入 }
unit: customer
timezone: Asia/Tokyo
progress: forward
segments: [plan, region]
stages:
  - id: interest
    enter: [{ touchpoint: webinar.attended }]
    touchpoints: [webinar.attended, page.*]
    expected: 14d
    lost_after: 30d
    horizon: 60d
  - id: purchase
    enter: [{ touchpoint: contract.signed }]
    terminal: true
exit: [{ touchpoint: mail.unsubscribed }]
${rest}`;

export async function temporaryLog(): Promise<EventLog> {
  const path = mkdtempSync(join(tmpdir(), 'michinori-definitions-'));
  const log = await openEmbeddedLog({ path, partitions: 4, topics: topicSettings });
  onTestFinished(async () => {
    await log.close();
    rmSync(path, { recursive: true, force: true });
  });
  return log;
}

/** Everything that stands in the topic of definitions. */
export async function definitionsIn(log: EventLog): Promise<DecodedDefinition[]> {
  const records = await log.read(definitionsTopic, 0, 0, { recordsMax: 10_000, bytesMax: 1 << 28 });
  return records.map(({ value }) => decodeDefinition(value));
}

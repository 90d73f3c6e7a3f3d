import { expect, it, vi } from 'vitest';
import { apiOver, fill, openStore, sixtyCustomers } from './world.ts';

it('tells how fresh the data is also where the clock of the questions stands still', async () => {
  const clickhouse = await openStore();
  const { app } = apiOver(clickhouse);
  const watermark = async () => (await app.inject('/v1/journeys')).json().meta.watermark;
  expect(await watermark()).toBeNull();
  await fill(clickhouse, sixtyCustomers);
  const latest = '2026-01-07T05:00:01.000000Z';
  await vi.waitFor(async () => expect(await watermark()).toBe(latest), { timeout: 10_000, interval: 50 });
});

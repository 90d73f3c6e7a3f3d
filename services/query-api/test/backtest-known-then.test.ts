import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { type Cleanup, temporaryClickHouse } from '@michinori/testing';
import { describe, expect, it } from 'vitest';
import { badUs, bookings, dailyRule, days, dayUs, firstDayUs, hourUs, storeBookings } from './backtest-world.ts';
import { apiOver } from './world.ts';

const iso = (us: number) => isoFromMicroseconds(us);
const range = { from: iso(firstDayUs), to: iso(firstDayUs + days * dayUs) };
const isOn = (day: number, us: number) => Math.floor((us - firstDayUs) / dayUs) === day;

/** The bookings, each event received `delayUs` after it occurred. */
async function openLate(context: Cleanup, delayUs: (occurredUs: number) => number): Promise<ClickHouse> {
  const store = await temporaryClickHouse(context);
  await storeBookings(store, bookings(delayUs));
  return store;
}

describe('what was known then', () => {
  // Those who went on on the 21st day were heard of three days later: whoever looked in between saw them as lost.
  it('counts events by their receipt: what came late gave an alarm', async (context) => {
    const lateStore = await openLate(context, (us) => (isOn(20, us) && us % dayUs === 2 * hourUs ? 3 * dayUs : 0));
    const told = async (knownBy: string) => {
      const answer = await apiOver(lateStore).post('/v1/alerts/backtest', { rule: dailyRule(), ...range, knownBy });
      const { rows, meta } = answer.json();
      return { alarms: rows.map(({ firedAt }: { firedAt: string }) => firedAt), meta };
    };
    const firedUs = badUs + 2 * dayUs + 6 * hourUs;
    const occurred = await told('occurred');
    expect(occurred.alarms).toEqual([iso(firedUs)]);
    expect(occurred.meta).toMatchObject({ knownBy: 'occurred', eventsMissed: 50, eventsDaysLate: 50 });
    const received = await told('received');
    // At six in the morning of the 23rd day nobody of the 21st seemed to have gone on.
    expect(received.alarms).toEqual([iso(firstDayUs + 22 * dayUs + 6 * hourUs), iso(firedUs)]);
    expect(received.meta).toMatchObject({ eventsMissed: 50, alarms: 2 });
    expect((await told('auto')).meta).toMatchObject({ knownBy: 'received' });
  });

  it('of imported history nothing was known: it says so, and takes events as received when they occurred', async (context) => {
    const imported = await openLate(context, () => 400 * dayUs);
    const ask = async (knownBy: string) =>
      (await apiOver(imported).post('/v1/alerts/backtest', { rule: dailyRule(), ...range, knownBy })).json();
    const auto = await ask('auto');
    expect(auto.rows).toHaveLength(1);
    expect(auto.meta).toMatchObject({ knownBy: 'occurred', knownByBecause: expect.stringMatching(/imported/) });
    const received = await ask('received');
    expect(received).toMatchObject({ rows: [], meta: { evaluationsJudged: 0, knownBy: 'received' } });
    expect(received.meta.knownByBecause).toMatch(/little or nothing was known.*knownBy occurred/);
  });
});

import type { ClickHouse } from '@michinori/clickhouse';
import { healthDefault, type Journey } from '@michinori/journey';
import { createSilentLogger } from '@michinori/runtime';
import { storyEvent, storyJourney, storyStage } from '@michinori/testing';
import type { Notification } from '../../src/channels/notification.ts';
import { createHealthTerm, type HealthSettings } from '../../src/health/health-term.ts';

export const hourUs = 3_600_000_000;
export const dayUs = 24 * hourUs;
export const minuteUs = 60_000_000;
/** A midnight some weeks ago, since the tables forget what is old. */
export const todayUs = (Math.floor(Date.now() / 86_400_000) - 40) * dayUs;
export const nowUs = todayUs + 6 * hourUs;

export const journey: Journey = storyJourney({
  id: 'using',
  segments: ['plan'],
  stages: [storyStage('in', ['signed']), storyStage('out', ['renewed'], { terminal: true })],
  health: {
    ...healthDefault,
    rules: [
      {
        id: 'quiet',
        title: { en: 'No use' },
        points: -30,
        test: { kind: 'idle', touchpoint: 'used', where: [], forUs: 7 * dayUs },
      },
      {
        id: 'busy',
        title: {},
        points: 30,
        test: { kind: 'count', touchpoint: 'used', where: [], withinUs: 3 * dayUs, atLeast: 3, atMost: null },
      },
    ],
    actions: [
      { signal: 'churn', webhook: 'crm', task: { owner: 'cs', dueUs: dayUs, text: { en: 'Call {customer}' } } },
    ],
  },
});
const active = { derivation: 1, journey };

/** Uses until so many days after today; everybody has signed a year before. */
function person(customer: string, lastDay: number) {
  const at = (us: number, id: string) => ({
    ...{ id: `${customer} ${id}`, customer, occurredAtUs: us, receivedAtUs: us, traits: new Map([['plan', 'pro']]) },
  });
  const days = Array.from({ length: 60 + lastDay }, (_, i) => i - 60);
  return [
    storyEvent('signed', 0, at(todayUs - 300 * dayUs, 'signed')),
    ...days.map((day) => storyEvent('used', 0, at(todayUs + day * dayUs + hourUs, `used ${day}`))),
  ];
}
// The last one stops so that the second evaluation after the history finds him idle; one of them comes back.
export const people = [
  ...Array.from({ length: 9 }, (_, i) => person(`steady ${i}`, 20)),
  person('gone long ago', -30),
  person('going', -5),
  [
    ...person('back', -40),
    ...person('back', 20)
      .filter(({ event }) => event.occurredAtUs > todayUs + dayUs)
      .slice(0, 12),
  ],
];
export const copies = people.flat();

const settings: HealthSettings = { hour: 3, backfill: true, catchUpMax: 7, unitsPerPage: 6 };
export const nightsWanted = 5;

/** What a channel heard. */
export interface Told {
  readonly id: string;
  readonly title: string;
  readonly to: string;
}

/** A process: its own memory, the same store, and an outbox that remembers ids in `told`. `failAt`: which of its writes to the tables of health fails. */
export function termOver(
  clickhouse: ClickHouse,
  told: Told[],
  {
    failAt = Number.POSITIVE_INFINITY,
    ...own
  }: Partial<HealthSettings> & { readonly failAt?: number | undefined } = {},
) {
  let writes = 0;
  const faulty: ClickHouse = {
    ...clickhouse,
    async insert(batch) {
      writes += 1;
      if (writes === failAt) throw new Error('the store is away');
      await clickhouse.insert(batch);
    },
  };
  const seen = new Set(told.map(({ id, to }) => `${id} ${to}`));
  return createHealthTerm({
    ...{
      clickhouse: faulty,
      logger: createSilentLogger(),
      settings: { ...settings, ...own },
      boardUrl: null,
      always: ['signals'],
      asking: {},
    },
    outbox: {
      async enqueue(notifications: readonly Notification[], to: readonly string[] = []) {
        for (const { id, title } of notifications) {
          for (const name of to) {
            if (!seen.has(`${id} ${name}`)) told.push({ id, title: title.en ?? '', to: name });
            seen.add(`${id} ${name}`);
          }
        }
      },
    },
    journeys: async () => [active],
    assertLeading() {},
  });
}

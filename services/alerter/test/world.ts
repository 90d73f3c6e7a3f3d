import type { ClickHouse } from '@michinori/clickhouse';
import { createMetrics, createSilentLogger, type Logger } from '@michinori/runtime';
import {
  activeDerivation,
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyHour,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { type AlerterConfig, alerterSettings, createAlerter } from '../src/index.ts';

/** Instant of the evaluations: two days after the stories. */
export const nowUs = storyHour(48);

export const buying = storyJourney({
  id: 'buying',
  version: 1,
  segments: ['plan'],
  stages: [
    storyStage('interest', ['A']),
    storyStage('trial', ['B']),
    storyStage('purchase', ['C'], { terminal: true }),
  ],
});

export const leaving = storyJourney({
  id: 'leaving',
  version: 1,
  stages: [storyStage('doubt', ['A']), storyStage('gone', ['C'], { terminal: true })],
});

// 40 customers; three of four go on to the trial, half of those buy. Every third one pays.
const events = Array.from({ length: 40 }, (_, i) =>
  story(i % 4 === 0 ? 'A0 X2' : i % 2 === 0 ? 'A0 B1' : 'A0 B1 C3', {
    customer: `c${i}`,
    traits: new Map([['plan', i % 3 === 0 ? 'pro' : 'free']]),
  }),
).flat();

/** Two journeys over the same customers, derived. */
export async function fillJourneys(clickhouse: ClickHouse): Promise<void> {
  for (const [index, journey] of [buying, leaving].entries()) {
    await insertUnitJourneys(clickhouse, index + 1, referenceUnitJourneys(journey, events));
    await activeDerivation(clickhouse, journey, index + 1, { appliedAtUs: storyHour(0) });
  }
}

/** An alerter on a clock that the test turns: `tick` is an instant of the schedule. */
export function alerterOver(
  clickhouse: ClickHouse,
  config: Partial<AlerterConfig> = {},
  logger: Logger = createSilentLogger(),
) {
  const metrics = createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false });
  let onInstant: ((instantUs: number) => void) | undefined;
  let expression = '';
  const alerter = createAlerter({
    clickhouse,
    metrics,
    logger,
    config: alerterSettings.parse(config),
    startSchedule(text, listener) {
      expression = text;
      onInstant = listener;
      return {
        async stop() {
          onInstant = undefined;
        },
      };
    },
  });
  return {
    ...alerter,
    expression: () => expression,
    isScheduled: () => onInstant !== undefined,
    tick: (instantUs: number) => onInstant?.(instantUs),
    /** Values by the text of their labels, of one metric. */
    async values(name: string): Promise<Record<string, number>> {
      const { text } = await metrics.exposition();
      const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return Object.fromEntries(
        lines.map((line) => {
          const at = line.lastIndexOf(' ');
          return [line.slice(name.length, at), Number(line.slice(at + 1))];
        }),
      );
    },
  };
}

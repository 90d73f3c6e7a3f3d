import { definitionsTopic, topics } from '@michinori/events';
import { expect } from 'vitest';
import { z } from 'zod';
import { answersFrom, type Findings, findViolations, type PublicAnswers, type Shown } from '../conservation.ts';
import type { Book } from '../ledger.ts';
import { readAnswers, readTables, type Select } from '../reading.ts';
import { until } from '../until.ts';
import { journeyStages, stageOfTouchpoint } from './journey.ts';
import type { Topology } from './topology.ts';

const group = 'michinori-sink';
const consumed = [topics.events, topics.deadLetters, definitionsTopic];
const caughtUpMsMax = 600_000;
const lookPauseMs = 200;

/** Waits until everything in the log is committed as visible, as the broker sees it. */
export async function untilCaughtUp({ log }: Topology): Promise<void> {
  await until(
    'the processors have caught up',
    async () => {
      try {
        const lags = await Promise.all(consumed.map((topic) => log.lag(group, topic)));
        return lags.flat().every(({ lag }) => lag === 0) ? true : undefined;
      } catch {
        return undefined;
      }
    },
    caughtUpMsMax,
    lookPauseMs,
  );
}

/** Asks the server without any code of ours in between. */
function selectFrom(url: string): Select {
  return async (sql) => {
    const query = new URLSearchParams({ database: 'michinori', default_format: 'JSONEachRow' });
    const response = await fetch(`${url}/?${query}`, { method: 'POST', body: sql });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  };
}

export interface Settled {
  shown: Shown;
  answers: PublicAnswers;
  /** Entries by stage, as the journey's answer has them. */
  entered: ReadonlyMap<string, number>;
}

async function readEntered(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/v1/journeys/touches/stages?from=2023-01-01T00:00:00Z&to=2042-01-01T00:00:00Z`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  const { rows } = z
    .object({ rows: z.array(z.object({ stage: z.string(), entered: z.int() })) })
    .parse(JSON.parse(text));
  return new Map(rows.map(({ stage, entered }) => [stage, entered]));
}

/** What everybody shows once the log is worked off: the tables, and the query API at `url`. */
export async function readSettled(topology: Topology, url: string): Promise<Settled> {
  await untilCaughtUp(topology);
  const shown = await readTables(selectFrom(topology.clickhouse.url));
  return { shown, answers: await readAnswers(url, topology.sinceMs), entered: await readEntered(url) };
}

/** What the journey has to say if it has seen every shown event exactly once: each customer with an event has one visit. */
function enteredFrom({ events }: Shown): ReadonlyMap<string, number> {
  const entered = new Map(journeyStages.map((stage) => [stage, 0]));
  for (const { touchpoint } of events) {
    const stage = stageOfTouchpoint(touchpoint);
    entered.set(stage, (entered.get(stage) ?? 0) + 1);
  }
  return entered;
}

/**
 * What is wrong on a log that is written at least once. Two things that readers never see are none: a row that a worker
 * wrote once more for the same place in the log, and (`lettersMayRepeat`) the same refused event twice in the dead
 * letters, because a broker died between storing it and saying so.
 */
export function findingsOf(
  book: Book,
  { shown }: Settled,
  { lettersMayRepeat }: { lettersMayRepeat: boolean },
): Findings {
  const findings = findViolations(book.ledger, shown);
  return { ...findings, repeatedPlaces: 0, ...(lettersMayRepeat ? { lettersDoubled: [] } : {}) };
}

/** Every answer says the same as the tables. */
export function expectAgreement({ shown, answers, entered }: Settled): void {
  expect(answers).toEqual(answersFrom(shown));
  expect(answers.customersWithTwo).toBe(0);
  expect(entered).toEqual(enteredFrom(shown));
}

/** One line of figures: what was sent, and what became of it. */
export function figures(book: Book, settled: Settled): string {
  const findings = findViolations(book.ledger, settled.shown);
  const lost = findings.lost.length + findings.lettersLost.length;
  const { sent, deliveries, acknowledged, rejected, conflicts, unanswered } = book.counts();
  return (
    `lost ${lost}, double ${findings.doubled.length}, invented ${findings.neverSent.length + findings.lettersNeverSent.length}; ` +
    `events ${sent} (${acknowledged} acknowledged, ${unanswered} never, ${conflicts} with conflicting contents), refused ${rejected}, ` +
    `deliveries ${deliveries}, visible ${settled.shown.events.length}, dead letters ${settled.shown.letters.length} ` +
    `(${findings.lettersDoubled.length} events more often than answered), rows written again ${settled.shown.repeatedPlaces}`
  );
}

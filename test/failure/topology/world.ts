import type { KafkaServer } from '@michinori/testing/kafka';
import { expect } from 'vitest';
import { nothingWrong } from '../conservation.ts';
import { type Book, createBook } from '../ledger.ts';
import type { Random } from '../random.ts';
import { tell } from '../world.ts';
import { applyJourney, untilJourneyAnswers } from './journey.ts';
import { untilReady } from './service-process.ts';
import { expectAgreement, figures, findingsOf, readSettled } from './settle.ts';
import { startTopology, type Topology, type TopologyOptions } from './topology.ts';

/** The servers, a query API whose journey answers, and an empty book. No other service runs. */
export interface World {
  readonly topology: Topology;
  readonly book: Book;
  /** Of the query API. */
  readonly url: string;
}

/** What a test context is needed for. */
export interface Closing {
  onTestFinished(close: () => Promise<void>): void;
}

/** Starts a world; removed with the test. A first processor makes the tables and derives the journey, and stops. */
export async function startWorld(
  context: Closing,
  kafka: KafkaServer,
  { random, ...options }: TopologyOptions & { random: Random },
): Promise<World> {
  const topology = await startTopology(kafka, options);
  context.onTestFinished(topology.remove);
  const first = topology.start('processor');
  const queryApi = await untilReady(topology.start('query-api'));
  const url = (await queryApi.listening) ?? '';
  await applyJourney(url, 1);
  await untilJourneyAnswers(url, 1);
  expect(await (await untilReady(first)).terminate(), first.log().slice(-4000)).toBe('stopped');
  return { topology, book: createBook(random), url };
}

/** Waits until everything is worked off, tells the figures, and compares the client's book with every answer. */
export async function expectConserved(
  { topology, book, url }: World,
  { story, lettersMayRepeat = false }: { story: string; lettersMayRepeat?: boolean },
): Promise<void> {
  const settled = await readSettled(topology, url);
  tell(`${story}: ${figures(book, settled)}`);
  expect(findingsOf(book, settled, { lettersMayRepeat })).toEqual(nothingWrong);
  expectAgreement(settled);
}

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, assertBuilt, type Child, type ChildOptions, killChildren, startChild } from './child.ts';
import { findViolations, nothingWrong, type Shown } from './conservation.ts';
import { type Book, createBook } from './ledger.ts';
import { createRandom } from './random.ts';
import { readTables, untilLagIsZero } from './reading.ts';
import { sendTraffic } from './traffic.ts';
import { until } from './until.ts';
import { temporaryFolder } from './world.ts';

// One partition and new events only: the row that gets lost is then surely one of an acknowledged event without a copy.
const partitions = 1;
const requestsMax = 12;

const removals: (() => Promise<void>)[] = [];
beforeAll(assertBuilt);
afterEach(killChildren);
afterAll(async () => {
  for (const remove of removals) await remove();
});

async function newFolder(): Promise<string> {
  const { data, remove } = await temporaryFolder();
  removals.push(remove);
  return data;
}

async function liveUntilDeath(options: ChildOptions, book: Book): Promise<Child> {
  const child = startChild(options);
  const url = await addressOf(child);
  const goesOn = (requests: number): boolean => requests < requestsMax && child.isAlive();
  await sendTraffic({
    url,
    book,
    random: createRandom(11),
    mixture: 'fresh',
    connections: 1,
    eventsOfRequestMax: 20,
    goesOn,
  });
  await until('it dies by its plan', () => (child.isAlive() ? undefined : true));
  return child;
}

/** The process restarts, catches up, and shows what it has. */
async function shownAfterRestart(options: ChildOptions): Promise<Shown> {
  const child = startChild(options);
  await untilLagIsZero(await addressOf(child));
  const shown = await readTables(child.select);
  await child.kill();
  return shown;
}

/** An insert that reports success without its row, then a crash right after the batch was committed. */
async function loseARow(verification: 'on' | 'off') {
  const data = await newFolder();
  const book = createBook(createRandom(7));
  const common: ChildOptions = { data, partitions, batchRecordsMax: 10, verification };
  const child = await liveUntilDeath(
    {
      ...common,
      plans: [
        { lose: 'sink.after-insert', passage: 3 },
        { kill: 'sink.after-commit', passage: 5 },
      ],
    },
    book,
  );
  const findings = findViolations(book.ledger, await shownAfterRestart(common));
  return { lost: child.lost, findings };
}

describe('an insert that reports success without its row', () => {
  test('is found out and mended by the read-back', { timeout: 120_000 }, async () => {
    const { lost, findings } = await loseARow('on');
    expect(lost).toHaveLength(1);
    expect(findings).toEqual(nothingWrong);
  });

  test('loses an acknowledged event for good without the read-back, and the comparison says which', {
    timeout: 120_000,
  }, async () => {
    const { lost, findings } = await loseARow('off');
    expect(lost).toHaveLength(1);
    // A batch that it died with between insert and commit is written twice, as nobody looks what is there; readers see one row.
    const { repeatedPlaces } = findings;
    expect(findings).toEqual({ ...nothingWrong, lost: [...lost], repeatedPlaces });
  });
});

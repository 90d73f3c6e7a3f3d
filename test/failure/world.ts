import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { addressOf, type Child } from './child.ts';
import {
  answersFrom,
  findViolations,
  type Ledger,
  nothingWrong,
  type PublicAnswers,
  type Shown,
} from './conservation.ts';
import { readAnswers, readFolder, readTables, untilLagIsZero } from './reading.ts';

/** A data folder of its own; `remove` for afterAll. */
export async function temporaryFolder(): Promise<{ data: string; remove: () => Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'michinori-failure-'));
  return { data, remove: () => rm(data, { recursive: true, force: true }) };
}

/** Nothing lost, nothing doubled, nothing invented, and the HTTP answers say what the tables say. */
export function expectConserved(ledger: Ledger, shown: Shown, answers: PublicAnswers): void {
  expect(findViolations(ledger, shown)).toEqual(nothingWrong);
  expect(answers).toEqual(answersFrom(shown));
  expect(answers.customersWithTwo).toBe(0);
}

/** What a process shows when it has caught up with the log: in its tables, and in its answers. It must have had nothing to complain about. */
export async function readSettled(child: Child, sinceMs: number): Promise<{ shown: Shown; answers: PublicAnswers }> {
  const url = await addressOf(child);
  await untilLagIsZero(url);
  const shown = await readTables(child.select);
  const answers = await readAnswers(url, sinceMs);
  expect(child.stderr()).toBe('');
  return { shown, answers };
}

/** The same from the disk, by this process, after the last owner of the folder was killed. */
export async function expectSameOnDisk(data: string, shown: Shown): Promise<void> {
  const onDisk = await readFolder(data);
  const sorted = ({ events, letters }: Shown) => ({
    events: events.map(({ id, touchpoint, customer }) => `${id} ${touchpoint} ${customer}`).sort(),
    letters: [...letters].sort(),
  });
  expect(sorted(onDisk)).toEqual(sorted(shown));
}

/** A line for whoever runs the tests, also when they pass. */
export function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

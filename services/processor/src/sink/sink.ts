import type { ClickHouse } from '@michinori/clickhouse';
import { presentAnnouncedOffsets, presentDeadLetterOffsets, presentEventOffsets } from '@michinori/queries';
import { processorError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { type DirtyUnit, unitOfEvent, unitOfKey } from '../projector/dirty-unit.ts';
import { announcementRow, eventIdColumns } from './announcement.ts';
import { collapseCopies } from './collapse-copies.ts';
import { type DeadLetter, deadLetterColumns, deadLetterRow } from './dead-letter.ts';
import { type DecodedEvent, decodeRecords, type LogRecordOfBatch } from './decode-records.ts';
import { eventColumns, eventRow } from './event-row.ts';
import { createFindTwins } from './find-twins.ts';
import { createReadOffsets, type ReadOffsets } from './offsets.ts';
import type { LogRange } from './range.ts';
import { deadLetterOfRefused } from './refused-event.ts';
import { type ConflictResult, createSettleConflicts } from './settle-conflicts.ts';
import { type SettleResult, type SettleTable, settleRows, settleRowsUnverified } from './settle-rows.ts';
import { createWriteRows } from './write-rows.ts';

/** `off` believes every insert: the negative control of the tests. No configuration reaches it. */
export type Verification = 'on' | 'off';

export interface SinkDependencies {
  clickhouse: ClickHouse;
  faults: Faults;
  verification: Verification;
}

/** What a range came to. `events` are those that stand in the table by themselves, `letters` everything in the dead letters. */
export interface SinkResult {
  events: DecodedEvent[];
  letters: DeadLetter[];
  /** Whose timelines may have changed: the customers of the events, and those of every copy that conflicts with one of them. */
  units: ReadonlySet<DirtyUnit>;
  repaired: number;
  marked: number;
  withdrawn: number;
}

/** Puts the records of a range into the tables, each exactly once, and resolves when the read-back has shown them. */
export type Sink = (
  range: LogRange,
  records: readonly LogRecordOfBatch[],
  options: { mayBePresent: boolean },
) => Promise<SinkResult>;

const nothing: ReadonlySet<number> = new Set();
const noConflicts: ConflictResult = { marked: 0, withdrawn: 0, customerKeys: new Set(), isSettled: true };
const noTwins = async (): Promise<ReadonlySet<number>> => nothing;

/**
 * Builds the sink: decode → find what is there → announce the ids → mark conflicting copies → insert → read back. Safe to
 * repeat, to kill at any instruction, and to run twice at once on the same range. Throws `rows_not_visible` or
 * `announcements_not_visible` (can be retried) or the ClickHouseError that stopped it; commits nothing.
 */
export function createSink({ clickhouse, faults, verification }: SinkDependencies): Sink {
  const readEvents = createReadOffsets(clickhouse, presentEventOffsets);
  const readLetters = createReadOffsets(clickhouse, presentDeadLetterOffsets);
  const readAnnounced = createReadOffsets(clickhouse, presentAnnouncedOffsets);
  const settleConflicts = createSettleConflicts({ clickhouse, faults });

  const announcements: SettleTable<DecodedEvent> = {
    readOffsets: readAnnounced,
    insert: createWriteRows(clickhouse, { table: 'event_ids', columns: eventIdColumns, toRow: announcementRow }),
    findTwins: noTwins,
    afterInsert: () => faults.at('sink.after-announce'),
  };
  const events: SettleTable<DecodedEvent> = {
    readOffsets: readEvents,
    insert: createWriteRows(clickhouse, { table: 'events', columns: eventColumns, toRow: eventRow }),
    findTwins: createFindTwins(clickhouse),
    afterInsert: () => faults.at('sink.after-insert'),
  };
  const lettersOf = (range: LogRange): SettleTable<DeadLetter> => ({
    readOffsets: readLetters,
    insert: createWriteRows(clickhouse, {
      table: 'dead_letters',
      columns: deadLetterColumns,
      toRow: (letter) => deadLetterRow(letter, range),
    }),
    findTwins: noTwins,
    afterInsert: () => faults.at('sink.after-dead-letters'),
  });

  function settle<R extends { offset: number }>(
    table: SettleTable<R>,
    work: { range: LogRange; rows: readonly R[]; present: ReadonlySet<number> },
  ): Promise<SettleResult<R>> {
    return verification === 'on' ? settleRows(table, work) : settleRowsUnverified(table, work.rows);
  }

  async function findPresent(range: LogRange, read: ReadOffsets, mayBePresent: boolean): Promise<ReadonlySet<number>> {
    return mayBePresent && verification === 'on' ? read(range) : nothing;
  }

  return async function sink(range, records, { mayBePresent }) {
    const decoded = decodeRecords(records, range);
    await faults.at('sink.after-decode');
    const presentLetters = await findPresent(range, readLetters, mayBePresent);
    const presentEvents = await findPresent(range, readEvents, mayBePresent);
    const presentAnnounced = await findPresent(range, readAnnounced, mayBePresent);
    await faults.at('sink.after-find-present');

    const rows = collapseCopies(decoded.events).filter(({ offset }) => !presentLetters.has(offset));
    const announced = await settle(announcements, { range, rows, present: presentAnnounced });
    const unannounced = announced.missing.length + announced.refused.length;
    if (unannounced > 0) {
      throw processorError(
        'announcements_not_visible',
        `${unannounced} event ids of ${describe(range)} can't be read back after their insert.`,
      );
    }
    await faults.at('sink.after-announce-verified');

    const eventIdsOf = async () => new Map(decoded.events.map(({ idHash, event }) => [idHash, event.id]));
    const conflicts = decoded.events.length === 0 ? noConflicts : await settleConflicts(range, eventIdsOf);
    if (!conflicts.isSettled) {
      throw processorError(
        'announcements_not_visible',
        `The marks of conflicting events in ${describe(range)} keep changing.`,
      );
    }

    await faults.at('sink.before-insert');
    const inserted = await settle(events, { range, rows, present: presentEvents });
    await faults.at('sink.after-insert-verified');

    const letters = [...decoded.deadLetters, ...inserted.refused.map(deadLetterOfRefused)];
    const lettered = await settle(lettersOf(range), { range, rows: letters, present: presentLetters });
    const missing = inserted.missing.length + lettered.missing.length + lettered.refused.length;
    if (missing > 0) {
      throw processorError(
        'rows_not_visible',
        `${missing} rows of ${describe(range)} can't be read back after their insert.`,
      );
    }
    await faults.at('sink.after-verify');

    const refused = new Set(inserted.refused.map(({ row }) => row.offset));
    return {
      events: rows.filter(({ offset }) => !refused.has(offset)),
      letters,
      units: new Set([
        ...decoded.events.map(({ event }) => unitOfEvent(event)),
        ...[...conflicts.customerKeys].map(unitOfKey),
      ]),
      repaired: announced.repaired + inserted.repaired + lettered.repaired,
      marked: conflicts.marked,
      withdrawn: conflicts.withdrawn,
    };
  };
}

function describe({ log, partition, fromOffset, toOffset }: LogRange): string {
  return `${log}/${partition} [${fromOffset}, ${toOffset})`;
}

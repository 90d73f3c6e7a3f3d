import type { ClickHouse } from '@michinori/clickhouse';
import type { EventLog, StoredRecord } from '@michinori/event-log';
import { auditEventRows, presentDeadLetterOffsets } from '@michinori/queries';
import { noFaults } from '../faults.ts';
import { type DirtyUnit, unitOfKey } from '../projector/dirty-unit.ts';
import { decodeRecords } from '../sink/decode-records.ts';
import { createFindTwins } from '../sink/find-twins.ts';
import type { LogRange } from '../sink/range.ts';
import { createSettleConflicts } from '../sink/settle-conflicts.ts';
import type { Sink } from '../sink/sink.ts';
import { compareSlice } from './compare-slice.ts';
import { readChunks, readExpected, type SlicePlace } from './read-slice.ts';

export interface SliceAudit {
  records: number;
  missing: number[];
  resunkEvents: number;
  extraRows: number;
  correctedMarks: number;
}

/** Derives some units anew, at once. */
export type ProjectUnits = (units: ReadonlySet<DirtyUnit>) => Promise<void>;

interface Dependencies {
  log: EventLog;
  clickhouse: ClickHouse;
  sink: Sink;
  project: ProjectUnits;
}

const rangeOf = ({ log, partition, fromOffset, toOffset }: SlicePlace): LogRange => ({
  log,
  partition,
  fromOffset,
  toOffset,
});

/**
 * Compares one slice of the committed log with the tables: by offset and content, then, for what isn't found, by identical
 * copies. With `repair` what is missing goes through the sink once more, and wrong marks of conflicting copies are set right.
 */
export function createAuditSlice({ log, clickhouse, sink, project }: Dependencies) {
  const findTwins = createFindTwins(clickhouse);
  const settleConflicts = createSettleConflicts({ clickhouse, faults: noFaults });

  async function withoutTwins(place: SlicePlace, candidates: readonly number[]): Promise<StoredRecord[]> {
    if (candidates.length === 0) return [];
    const wanted = new Set(candidates);
    const missing: StoredRecord[] = [];
    for await (const chunk of readChunks(log, place)) {
      const records = chunk.filter(({ offset }) => wanted.has(offset));
      const twins = await findTwins(decodeRecords(records, place).events);
      missing.push(...records.filter(({ offset }) => !twins.has(offset)));
    }
    return missing;
  }

  async function findEventIds(place: SlicePlace, idHashes: ReadonlySet<string>): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for await (const records of readChunks(log, place)) {
      for (const { idHash, event } of decodeRecords(records, place).events)
        if (idHashes.has(idHash)) ids.set(idHash, event.id);
    }
    return ids;
  }

  async function read(range: LogRange) {
    const [rows] = await clickhouse.query(auditEventRows, range);
    const [letters] = await clickhouse.query(presentDeadLetterOffsets, range);
    const { offsets = [], contentHashes = [] } = rows ?? {};
    return {
      events: offsets.map((offset, index) => ({
        offset: range.fromOffset + offset,
        contentHash: contentHashes[index] ?? '',
      })),
      letters: new Set(letters?.offsets.map((offset) => range.fromOffset + offset)),
    };
  }

  return async function auditSlice(place: SlicePlace, { repair }: { repair: boolean }): Promise<SliceAudit> {
    const range = rangeOf(place);
    const expected = await readExpected(log, place);
    const { missing: candidates, extraRows } = compareSlice(expected, await read(range));
    const records = await withoutTwins(place, candidates);
    let resunkEvents = 0;
    let correctedMarks = 0;
    if (repair) {
      if (records.length > 0) {
        const { units } = await sink(range, records, { mayBePresent: true });
        await project(units);
        resunkEvents = records.length;
      }
      const { marked, withdrawn, customerKeys } = await settleConflicts(range, (ids) => findEventIds(place, ids));
      correctedMarks = marked + withdrawn;
      if (correctedMarks > 0) await project(new Set([...customerKeys].map(unitOfKey)));
    }
    return {
      records: expected.size,
      missing: records.map(({ offset }) => offset),
      resunkEvents,
      extraRows,
      correctedMarks,
    };
  };
}

import { trimVerified } from './operations.ts';
import type { Retention, TrimPolicy } from './retention.ts';
import type { Store } from './store.ts';
import type { TopicState } from './topics.ts';
import type { Writer } from './writer.ts';

const blocksPerPass = 256;
const ageCheckMs = { min: 1_000, max: 60_000 };

/**
 * Applies the retention: by size after each commit that leaves too much, by age from a timer that doesn't keep the process alive. A pass that
 * finds nothing to remove rests until a group has advanced or the log has grown by another block's worth.
 */
export function createTrimmer(store: Store, topics: Map<string, TopicState>, retention: Retention) {
  const { bytesMax = Number.POSITIVE_INFINITY, ageMsMax } = retention;
  let pass: Promise<number> | undefined;
  let restUntilBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function policy(writer: Writer) {
    return (nowUs: number): TrimPolicy => ({
      bytes: writer.bytes(),
      bytesMax,
      olderThanUs: ageMsMax === undefined ? Number.NEGATIVE_INFINITY : nowUs - ageMsMax * 1000,
      blocksMax: blocksPerPass,
    });
  }

  async function trimAll(writer: Writer): Promise<number> {
    let removed = 0;
    for (;;) {
      const count = await writer.submit(trimVerified(store, topics.values(), policy(writer)));
      removed += count;
      if (count < blocksPerPass) return removed;
    }
  }

  /** Removes all that may go now; resolves with the number of removed blocks. */
  function trim(writer: Writer): Promise<number> {
    pass ??= trimAll(writer).finally(() => {
      pass = undefined;
      restUntilBytes = writer.bytes() + 64 * 1024;
    });
    return pass;
  }

  function onCommitted(writer: Writer): void {
    if (!pass && writer.bytes() > Math.max(bytesMax, restUntilBytes)) trim(writer).catch(() => {});
  }

  return {
    trim,
    onCommitted,
    onVerified(writer: Writer): void {
      restUntilBytes = 0;
      onCommitted(writer);
    },
    start(writer: Writer): void {
      if (ageMsMax === undefined) return;
      const everyMs = Math.min(Math.max(ageMsMax / 10, ageCheckMs.min), ageCheckMs.max);
      timer = setInterval(() => trim(writer).catch(() => {}), everyMs).unref();
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}

import { EventLogError } from '../errors.ts';
import type { Position } from '../event-log.ts';

/** An append whose records are on their way to several partitions. */
export interface PendingAppend {
  /** Milliseconds since the epoch, after which it is refused. */
  endsAtMs: number;
  isSettled(): boolean;
  /** A request with records of it has left, and nothing definite is known about its outcome. */
  markUncertain(): void;
  stored(index: number, position: Position): void;
  /** Not even a retry could store it. */
  refuse(error: EventLogError): void;
  /** Its time is over. */
  expire(lastFailure: EventLogError | undefined): void;
}

/** `onSettled` is called once, before the promise's reactions run. */
export function createPendingAppend(records: number, endsAtMs: number, onSettled: () => void) {
  const positions = new Array<Position>(records);
  let missing = records;
  let isUncertain = false;
  let isSettled = false;
  let resolve: (positions: Position[]) => void = () => {};
  let reject: (error: EventLogError) => void = () => {};
  const outcome = new Promise<Position[]>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });

  function settle(act: () => void): void {
    if (isSettled) return;
    isSettled = true;
    onSettled();
    act();
  }

  const append: PendingAppend = {
    endsAtMs,
    isSettled: () => isSettled,
    markUncertain() {
      isUncertain = true;
    },
    stored(index, position) {
      positions[index] = position;
      missing -= 1;
      if (missing === 0) settle(() => resolve(positions));
    },
    refuse: (error) => settle(() => reject(error)),
    expire(lastFailure) {
      const reason = lastFailure ? `: ${lastFailure.message}` : '';
      const error =
        isUncertain || missing < records
          ? new EventLogError(
              'append_outcome_unknown',
              `the append did not finish in time; some of its ${records} records may be stored${reason}`,
              { cause: lastFailure },
            )
          : new EventLogError('log_unavailable', `nothing could be appended in time${reason}`, { cause: lastFailure });
      settle(() => reject(error));
    },
  };
  return { append, outcome };
}

import { schedule, validate } from 'node-cron';

/** Calls at the instants of a cron expression. A call that couldn't be made in time is left out, not made up for. */
export interface Schedule {
  stop(): Promise<void>;
}

/** Starts to call `onInstant` with the instants of a cron expression in UTC, µs since the epoch. */
export type StartSchedule = (expression: string, onInstant: (instantUs: number) => void) => Schedule;

/** Whether a text is a cron expression. */
export const isSchedule = (expression: string): boolean => validate(expression);

const silent = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

/** A schedule on the clock of the machine. */
export const startCron: StartSchedule = (expression, onInstant) => {
  const options = { timezone: 'UTC', logger: silent };
  const task = schedule(expression, ({ date }) => onInstant(date.getTime() * 1000), options);
  return {
    async stop() {
      await task.destroy();
    },
  };
};

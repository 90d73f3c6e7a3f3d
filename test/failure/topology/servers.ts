import { setTimeout as letItLive } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Topology } from './topology.ts';

/** What was done to the servers. */
export interface ServerTally {
  brokerStops: number;
  brokerKills: number;
  clickhouseKills: number;
  clickhouseCutMs: number;
}

/** Faults of the servers, each of which ends with the server at work again. */
export interface ServerFaults {
  readonly tally: ServerTally;
  /** The broker ends in order, or is killed, and comes back on the same data. */
  restartBroker(how: 'stop' | 'kill'): Promise<void>;
  /** ClickHouse is killed and comes back on the same data. */
  killClickHouse(): Promise<void>;
  /** For so long no request gets through whole: cut before it ran, after it ran, or in the middle of the answer. */
  cutClickHouse(ms: number): Promise<void>;
  /** From now on this share of all answers is reset. */
  resetAnswers(share: number): Promise<void>;
}

export function createServerFaults({ kafka, clickhouse }: Topology, random: Random): ServerFaults {
  const tally: ServerTally = { brokerStops: 0, brokerKills: 0, clickhouseKills: 0, clickhouseCutMs: 0 };
  const seed = (): number => random.between(1, 2 ** 30);
  let resets = 0;
  const resume = () =>
    clickhouse.faults.randomCuts(resets === 0 ? null : { share: resets, seed: seed(), isReset: true });
  return {
    tally,
    async restartBroker(how) {
      tally[how === 'stop' ? 'brokerStops' : 'brokerKills'] += 1;
      await kafka[how]();
      await kafka.restart();
    },
    async killClickHouse() {
      tally.clickhouseKills += 1;
      await clickhouse.kill();
      await clickhouse.restart();
      await resume();
    },
    async cutClickHouse(ms) {
      tally.clickhouseCutMs += ms;
      await clickhouse.faults.randomCuts({ share: 1, seed: seed() });
      await letItLive(ms);
      await resume();
    },
    async resetAnswers(share) {
      resets = share;
      await resume();
    },
  };
}

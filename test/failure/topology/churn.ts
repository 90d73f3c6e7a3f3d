import { setTimeout as letItLive } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { until } from '../until.ts';
import type { ServiceProcess } from './service-process.ts';
import type { Topology } from './topology.ts';

const membersMin = 2;
const membersMax = 3;
const patienceMs = 300_000;

/** What happened to the group. */
export interface ChurnTally {
  joined: number;
  killed: number;
  stopped: number;
  /** Partitions that a member took over. */
  takeovers: number;
}

export interface Group {
  readonly tally: ChurnTally;
  /** Resolves when a member has taken partitions over. */
  atWork(): Promise<void>;
  /** Lets one member come or go; mostly not before the youngest one runs. */
  change(): Promise<void>;
  /** Fails if a member ended by itself. */
  assertLoyal(): void;
  /** The figures with those of the members that live. */
  counted(): ChurnTally;
}

/** A group of processors whose members come and go: killed or told to stop, by the seed. */
export function startGroup(topology: Topology, random: Random): Group {
  const tally: ChurnTally = { joined: 0, killed: 0, stopped: 0, takeovers: 0 };
  const traitors: string[] = [];
  let members: ServiceProcess[] = [];

  function join(): void {
    const member = topology.start('processor');
    tally.joined += 1;
    members.push(member);
    void member.ended.then((end) => {
      members = members.filter((other) => other !== member);
      tally.takeovers += member.count('partition taken over');
      if (end === 'itself') traitors.push(member.log().slice(-4000));
    });
  }

  function takeovers(): number {
    const ofLiving = members.reduce((sum, member) => sum + member.count('partition taken over'), 0);
    return tally.takeovers + ofLiving;
  }

  function assertLoyal(): void {
    if (traitors.length > 0) throw new Error(`a processor ended by itself:\n${traitors.join('\n---\n')}`);
  }

  for (let count = 0; count < membersMin; count += 1) join();
  return {
    tally,
    assertLoyal,
    async atWork() {
      await until('a processor works', () => (takeovers() > 0 ? true : undefined), patienceMs);
    },
    async change() {
      if (random.chance(0.8)) await members.at(-1)?.ready;
      if (members.length < membersMax && random.chance(0.5)) return join();
      const leaver = random.oneOf(members);
      if (random.chance(0.5)) {
        tally.killed += 1;
        await leaver.kill();
      } else {
        tally.stopped += 1;
        void leaver.terminate();
        members = members.filter((other) => other !== leaver);
      }
      if (members.length < membersMin) join();
      assertLoyal();
    },
    counted: () => ({ ...tally, takeovers: takeovers() }),
  };
}

/** Does something every so often, until it is over. */
export async function every(everyMs: number, isOver: () => boolean, act: () => Promise<void>): Promise<void> {
  for (;;) {
    await letItLive(everyMs);
    if (isOver()) return;
    await act();
  }
}

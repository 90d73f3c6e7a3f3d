import { partitionKey } from '@michinori/events';
import { journeyIdentityWorlds, referencePeople } from '@michinori/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definePeopleJourneys, delivered, expectReference, peopleDerivations, placed } from '../people.ts';
import { append, expectConserved } from '../world.ts';
import { startChild } from './child.ts';
import { caughtUp, deploymentsOfFile } from './deployment.ts';

const deploy = deploymentsOfFile();
const small = { batchRecordsMax: 25 };
const patience = { timeout: 240_000, interval: 50 };
const runs = Math.max(1, Number(process.env.MICHINORI_TEST_RUNS ?? 1));

for (const seed of Array.from({ length: runs }, (_, index) => index + 1)) {
  test(`ids of one person on several partitions, processors that join, leave and die: people travel as the reference says (seed ${seed})`, async (context) => {
    const deployment = await deploy(context, { partitions: 3 });
    const { log, clickhouse, start } = deployment;
    await definePeopleJourneys(log);
    const first = await start({ config: small });
    const derivations = await peopleDerivations(clickhouse);

    const people = placed(fc.sample(journeyIdentityWorlds(), { seed, numRuns: 6 }));
    const events = delivered(people.copies, [5, 3, 9, 1, 7, 4]);
    const quarter = Math.ceil(events.length / 4);
    const part = (index: number) => append(log, events.slice(index * quarter, (index + 1) * quarter));
    await part(0);
    const killed = startChild(context, deployment, {
      ...{ config: small, signal: 'SIGKILL', at: 'projector.after-derive', passage: 1 },
    });
    await part(1);
    const second = await start({ config: small });
    await part(2);
    await first.stop();
    await part(3);
    await caughtUp(log, { patience });
    killed.process.kill('SIGKILL');
    await killed.exited;
    await caughtUp(log, { patience });
    await second.stop();

    await expectConserved(log, clickhouse);
    await expectReference(clickhouse, derivations, people);
    const personOf = referencePeople(people.copies.map(({ event }) => event));
    const others = people.copies.filter(({ event }) => personOf(partitionKey(event)) !== partitionKey(event));
    expect(others.length, 'events of ids that are somebody else').toBeGreaterThan(5);
  }, 600_000);
}

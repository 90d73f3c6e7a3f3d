import type { EventCopy } from '@michinori/testing';
import type { readRows } from './plain.ts';

/** The rows as deliveries for the reference implementation, each with an id of its own. */
export function toCopies(rows: ReturnType<typeof readRows>): EventCopy[] {
  return rows.map(({ customer, touchpoint, lifecycle, atUs, team, amount }, index) => ({
    log: 'bpic',
    logPartition: 0,
    logOffset: index,
    event: {
      id: `row-${index}`,
      customer,
      anonymous: null,
      account: null,
      touchpoint,
      channel: null,
      team: team === '' ? null : team,
      direction: null,
      topic: null,
      occurredAtUs: atUs,
      receivedAtUs: 0,
      sequence: null,
      sentiment: null,
      nps: null,
      amount: null,
      properties: new Map([
        ['amount', amount],
        ['lifecycle', lifecycle],
      ]),
      traits: new Map(),
    },
  }));
}

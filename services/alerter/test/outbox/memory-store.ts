import type { Delivery, OutboxStore } from '../../src/index.ts';

const keyOf = ({ notification, channel }: Delivery): string => `${notification.id} ${channel}`;

/** A store in memory that outlives outboxes, and fails when it is told to. */
export function memoryStore() {
  const rows = new Map<string, Delivery>();
  let failure: { of: 'append' | 'record' | 'unfinished'; isDone: boolean } | null = null;
  const recorded: string[] = [];

  /** Fails before, or (`isDone`) after having done it. */
  async function failing<T>(of: 'append' | 'record' | 'unfinished', work: () => T): Promise<T> {
    const now = failure?.of === of ? failure : null;
    if (now !== null && !now.isDone) throw new Error('the store is down');
    const result = work();
    if (now !== null) throw new Error('the store is down');
    return result;
  }

  const store: OutboxStore = {
    append: (deliveries) =>
      failing('append', () => {
        const fresh = deliveries.filter((delivery) => !rows.has(keyOf(delivery)));
        for (const delivery of fresh) rows.set(keyOf(delivery), delivery);
        return fresh;
      }),
    unfinished: () =>
      failing('unfinished', () =>
        [...rows.values()]
          .filter(({ state }) => state === 'waiting' || state === 'standing')
          .sort((a, b) => a.sequence - b.sequence),
      ),
    record: (delivery) =>
      failing('record', () => {
        recorded.push(`${delivery.notification.state} ${delivery.state}`);
        if ((rows.get(keyOf(delivery))?.revision ?? -1) <= delivery.revision) rows.set(keyOf(delivery), delivery);
      }),
  };
  return {
    ...store,
    recorded,
    /** What stands there, as `state channel → state`. */
    states: () =>
      [...rows.values()].map(({ notification, channel, state }) => `${notification.state} ${channel} ${state}`),
    rows: () => [...rows.values()],
    fail(of: 'append' | 'record' | 'unfinished' | null, { isDone = false } = {}) {
      failure = of === null ? null : { of, isDone };
    },
  };
}

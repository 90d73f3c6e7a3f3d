import type { Channel } from '../channels/channel.ts';
import type { OutboxStore } from '../outbox/outbox-store.ts';
import type { RuleStore } from './rule-store.ts';

/** The instructions of an evaluation and its deliveries between which a crash is interesting, in their order. */
export const alertingFaultPoints = [
  'rules.before-change',
  'rules.after-change',
  'evaluation.before-append',
  'evaluation.after-append',
  'outbox.before-append',
  'outbox.after-append',
  'evaluation.before-told',
  'evaluation.after-told',
  'delivery.before-send',
  'delivery.after-send',
  'delivery.before-record',
  'delivery.after-record',
] as const;

export type AlertingFaultPoint = (typeof alertingFaultPoints)[number];

/** A test dies, throws or waits at a point; production has none of this. */
export interface AlertingFaults {
  at(point: AlertingFaultPoint): void | Promise<void>;
}

type Around = <T>(step: string, work: () => Promise<T>) => Promise<T>;

const aroundOf =
  (faults: AlertingFaults): Around =>
  async (step, work) => {
    const [part, what] = step.split('.');
    await faults.at(`${part}.before-${what}` as AlertingFaultPoint);
    const result = await work();
    await faults.at(`${part}.after-${what}` as AlertingFaultPoint);
    return result;
  };

/** The same store, which comes by the points. */
export function faultyRuleStore(store: RuleStore, faults: AlertingFaults): RuleStore {
  const around = aroundOf(faults);
  return {
    ...store,
    change: (changes, nowUs) => around('rules.change', () => store.change(changes, nowUs)),
    append: (record) => around('evaluation.append', () => store.append(record)),
    markTold: (record) => around('evaluation.told', () => store.markTold(record)),
  };
}

/** The same store, which comes by the points. */
export function faultyOutboxStore(store: OutboxStore, faults: AlertingFaults): OutboxStore {
  const around = aroundOf(faults);
  return {
    ...store,
    append: (deliveries) => around('outbox.append', () => store.append(deliveries)),
    record: (delivery) => around('delivery.record', () => store.record(delivery)),
  };
}

/** The same channel, which comes by the points. */
export function faultyChannel(channel: Channel, faults: AlertingFaults): Channel {
  const around = aroundOf(faults);
  return {
    ...channel,
    deliver: (notification, attempt, signal) =>
      around('delivery.send', () => channel.deliver(notification, attempt, signal)),
  };
}

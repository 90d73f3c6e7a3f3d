import type { ClickHouse } from '@michinori/clickhouse';
import { temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, customer, customers, meanMinutes, minute, minutes, write } from './hand-world.ts';

const closers: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closers.push(close) });
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe('sequential', () => {
  it('lets other events and other steps lie between, in order only', async () => {
    await write(clickhouse, [
      ...customer('done', 'A@0 Z@1 B@2 A@3 C@4'),
      ...customer('backwards', 'A@0 C@1 B@2'),
      ...customer('never entered', 'B@0 C@1'),
    ]);
    const rows = await ask(clickhouse, 'A B C');
    expect(customers(rows)).toEqual([2, 2, 1]);
    expect(meanMinutes(rows)).toEqual([null, 2, 2]);
    expect(rows.map(({ dropped }) => dropped)).toEqual([0, 1, 0]);
  });

  it('counts the window from the entry of the attempt, inclusive, to the microsecond', async () => {
    await write(clickhouse, [
      ...customer('at the end', 'A@0 B@100'),
      ...customer('a microsecond late', `A@0 B@${100 + 1 / 60e6}`),
      ...customer('second entry', 'A@0 A@50 B@120'),
    ]);
    const rows = await ask(clickhouse, 'A B');
    expect(customers(rows)).toEqual([3, 2]);
    expect(meanMinutes(rows)).toEqual([null, 85]);
  });

  it('takes entries from [from, to) and conversions also after to', async () => {
    await write(clickhouse, [
      ...customer('first instant', 'A@10 B@11'),
      ...customer('before', 'A@9 B@11'),
      ...customer('converts later', 'A@19 B@90'),
      ...customer('at to', 'A@20 B@21'),
    ]);
    expect(customers(await ask(clickhouse, 'A B', { from: minute(10), to: minute(20) }))).toEqual([2, 2]);
  });

  it('uses no event after asOf', async () => {
    await write(clickhouse, [...customer('a', 'A@0 B@5'), ...customer('b', 'A@0 B@6'), ...customer('c', 'A@6')]);
    expect(customers(await ask(clickhouse, 'A B', { asOf: minute(5) }))).toEqual([2, 1]);
  });

  it('lets simultaneous events count in any order, but never one event for two steps', async () => {
    await write(clickhouse, [
      ...customer('b before a in id order', 'B@0 A@0'),
      ...customer('once', 'A@1'),
      ...customer('one A for A A', 'A@0 B@1'),
    ]);
    expect(customers(await ask(clickhouse, 'A B'))).toEqual([3, 2]);
    expect(customers(await ask(clickhouse, 'A A'))).toEqual([3, 0]);
  });

  it('gives simultaneous events to the steps that need them', async () => {
    await write(clickhouse, customer('x', 'A@0 A@1 B@1'));
    const rows = await ask(clickhouse, [{ touchpoint: 'A' }, { touchpoint: ['A', 'B'] }, { touchpoint: 'A' }]);
    expect(customers(rows)).toEqual([1, 1, 1]);
    expect(meanMinutes(rows)).toEqual([null, 1, 0]);
  });

  it('orders events of one time by sequence', async () => {
    await write(clickhouse, [
      ...customer('wrong order', 'A@0', { sequence: 2 }),
      ...customer('wrong order', 'B@0', { sequence: 1 }),
      ...customer('right order', 'A@0', { sequence: -1 }),
      ...customer('right order', 'B@0'),
    ]);
    expect(customers(await ask(clickhouse, 'A B'))).toEqual([2, 1]);
  });

  it('finds a later step 2 when the first one leaves step 3 too far away', async () => {
    await write(clickhouse, customer('x', 'A@0 B@10 B@50 C@60'));
    const steps = [{ touchpoint: 'A' }, { touchpoint: 'B' }, { touchpoint: 'C', within: minutes(10) }];
    const rows = await ask(clickhouse, steps);
    expect(customers(rows)).toEqual([1, 1, 1]);
    expect(meanMinutes(rows)).toEqual([null, 50, 10]);
    const tooLate = await ask(clickhouse, [...steps.slice(0, 2), { touchpoint: 'C', within: minutes(9.5) }]);
    expect(customers(tooLate)).toEqual([1, 1, 0]);
    expect(meanMinutes(tooLate)).toEqual([null, 10, null]);
  });

  it('keeps the deepest chain inside the window with several maximal gaps', async () => {
    await write(clickhouse, customer('x', 'A@0 B@1 C@20 B@30 C@35 D@99 C@98'));
    const steps = ['A', 'B', 'C', 'D'].map((touchpoint, i) =>
      i > 1 ? { touchpoint, within: minutes(6) } : { touchpoint },
    );
    expect(customers(await ask(clickhouse, steps))).toEqual([1, 1, 1, 0]);
    await write(clickhouse, customer('x', 'A@0 B@1 C@20 B@30 C@35 C@41 B@95 D@99 C@98'));
    expect(customers(await ask(clickhouse, steps))).toEqual([1, 1, 1, 1]);
  });

  it('waits for a minimal gap', async () => {
    await write(clickhouse, customer('x', 'A@0 B@4 B@5'));
    const rows = await ask(clickhouse, [{ touchpoint: 'A' }, { touchpoint: 'B', atLeast: minutes(5) }]);
    expect(meanMinutes(rows)).toEqual([null, 5]);
    expect(customers(await ask(clickhouse, [{ touchpoint: 'A' }, { touchpoint: 'B', atLeast: minutes(6) }]))).toEqual([
      1, 0,
    ]);
  });

  it('skips optional steps, but matches as many as the furthest step allows', async () => {
    await write(clickhouse, [
      ...customer('with', 'A@0 B@5 C@8'),
      ...customer('without', 'A@0 C@4'),
      ...customer('after', 'A@0 C@4 B@6 C@9'),
      ...customer('optional is furthest', 'A@0 B@1'),
    ]);
    const rows = await ask(clickhouse, [{ touchpoint: 'A' }, { touchpoint: 'B', optional: true }, { touchpoint: 'C' }]);
    expect(customers(rows)).toEqual([4, 3, 3]);
    expect(rows.map(({ dropped }) => dropped)).toEqual([0, 1, 0]);
    expect(meanMinutes(rows)).toEqual([null, 4, (3 + 4 + 3) / 3]);
    expect(rows.map(({ fromPreviousRate }) => fromPreviousRate)).toEqual([null, 0.75, 0.75]);
  });

  it('prefers depth over count and count over earliness among optional steps', async () => {
    await write(clickhouse, customer('x', 'A@0 D@1 Y@2 X@3 D@4'));
    const steps = [
      { touchpoint: 'A' },
      { touchpoint: 'X', optional: true },
      { touchpoint: 'Y', optional: true },
      { touchpoint: 'D' },
    ];
    const rows = await ask(clickhouse, steps);
    expect(customers(rows)).toEqual([1, 0, 1, 1]);
    expect(meanMinutes(rows)).toEqual([null, null, 2, 2]);
  });

  it('is finished at the last required step', async () => {
    await write(clickhouse, customer('x', 'A@0 B@1'));
    const rows = await ask(
      clickhouse,
      [{ touchpoint: 'A' }, { touchpoint: 'B' }, { touchpoint: 'C', optional: true }],
      {
        asOf: minute(2),
      },
    );
    expect(rows.map(({ customers: k, open, dropped }) => [k, open, dropped])).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('chooses the deepest attempt, then the earliest', async () => {
    await write(clickhouse, customer('x', 'A@0 A@200 B@210 A@400 B@405 A@600 B@601'));
    const rows = await ask(clickhouse, 'A B C');
    expect(customers(rows)).toEqual([1, 1, 0]);
    expect(meanMinutes(rows)).toEqual([null, 10, null]);
  });

  it('answers twenty steps', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `S${i}`);
    await write(clickhouse, customer('x', names.map((name, i) => `${name}@${i}`).join(' ')));
    const rows = await ask(clickhouse, names.join(' '));
    expect(customers(rows)).toEqual(names.map(() => 1));
    expect(meanMinutes(rows).slice(1)).toEqual(names.slice(1).map(() => 1));
  });
});

describe('strict', () => {
  it('is broken by any event between, matched or not, and not by those before, after or simultaneous with the ends', async () => {
    await write(clickhouse, [
      ...customer('clean', 'Z@0 A@1 B@2 Z@3'),
      ...customer('broken', 'A@1 Z@2 B@3'),
      ...customer('shared ends', 'A@1 Z@1 B@3 Y@3'),
    ]);
    expect(customers(await ask(clickhouse, 'A B', { order: 'strict' }))).toEqual([3, 2]);
  });

  it('is broken by an event simultaneous with a middle step', async () => {
    await write(clickhouse, customer('x', 'A@1 B@2 Z@2 C@3'));
    expect(customers(await ask(clickhouse, 'A B C', { order: 'strict' }))).toEqual([1, 1, 0]);
  });

  it('is broken by events that the filters hide from the steps', async () => {
    await write(clickhouse, [
      ...customer('x', 'A@1 B@3', { channel: 'web' }),
      ...customer('x', 'A@2', { channel: 'app' }),
    ]);
    const filter = [{ channel: true as const, op: 'eq' as const, value: 'web' }];
    expect(customers(await ask(clickhouse, 'A B', { order: 'strict', filter }))).toEqual([1, 0]);
    expect(customers(await ask(clickhouse, 'A B', { filter }))).toEqual([1, 1]);
  });
});

describe('any order', () => {
  it('counts steps done, with times of completion', async () => {
    await write(clickhouse, [
      ...customer('cab', 'C@0 A@10 B@30'),
      ...customer('bb', 'B@0 B@1'),
      ...customer('z', 'Z@0'),
    ]);
    const rows = await ask(clickhouse, 'A B C', { order: 'any' });
    expect(customers(rows)).toEqual([2, 1, 1]);
    expect(meanMinutes(rows)).toEqual([null, 10, 20]);
  });

  it('needs two events for a step that stands twice', async () => {
    await write(clickhouse, [...customer('one', 'A@0 B@1'), ...customer('two', 'B@0 A@1 A@2')]);
    expect(customers(await ask(clickhouse, 'A B A', { order: 'any' }))).toEqual([2, 2, 1]);
  });

  it('finds a maximum matching where steps overlap', async () => {
    await write(clickhouse, [...customer('x', 'A@0 B@1 C@2'), ...customer('y', 'A@0 A@1 C@2')]);
    const steps = [{ touchpoint: ['A', 'B'] }, { touchpoint: ['A', 'C'] }, { touchpoint: ['A', 'B', 'C'] }];
    expect(customers(await ask(clickhouse, steps, { order: 'any' }))).toEqual([2, 2, 2]);
    const narrow = [{ touchpoint: ['A', 'B'] }, { touchpoint: 'A' }, { touchpoint: 'B' }];
    expect(customers(await ask(clickhouse, narrow, { order: 'any' }))).toEqual([2, 2, 0]);
  });
});

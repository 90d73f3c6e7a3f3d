import { expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { answering, apply, built, expectSameAsRebuilt, running, step } from './journeys.ts';
import { append, clickhouseOfFile, settled, temporaryLog, testMetrics } from './world.ts';

const clickhouse = clickhouseOfFile();

test('two processors that interleave on the same accounts leave what one would', async (context) => {
  const shared = await clickhouse();
  const logs = [await temporaryLog(context), await temporaryLog(context)];
  const [log, other] = logs;
  if (log === undefined || other === undefined) throw new Error('two logs');
  await apply(log, 'shared', { unit: 'account' });
  await built(log, shared, 'shared');
  const processors = await Promise.all(
    logs.map((of, index) =>
      running(context, { log: of, clickhouse: shared, config: { group: `g${index}`, batchRecordsMax: 3 } }),
    ),
  );
  for (let minute = 0; minute < 24; minute += 4) {
    await Promise.all(
      logs.map((of, index) =>
        append(
          of,
          [0, 1, 2].map((n) =>
            step(
              `shared-${index}-${n}`,
              ['opened', 'used', 'seen', 'bought'][(minute / 4 + n) % 4] ?? '',
              minute + index * 2,
              {
                account: `shared-account-${n % 2}`,
                traits: new Map([['plan', `p${index}${minute}`]]),
              },
            ),
          ),
        ),
      ),
    );
  }
  await Promise.all(logs.map((of, index) => settled(of, `g${index}`)));
  await Promise.all(processors.map((processor) => processor.stop()));
  await expectSameAsRebuilt(log, shared, ['shared']);
});

test('hot customers and accounts go their own way and end up the same', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'heat');
  await apply(log, 'heat-accounts', { unit: 'account' });
  const metrics = testMetrics();
  let nowUs = systemClock.nowUs();
  const clock = { ...systemClock, nowUs: () => ++nowUs };
  const processor = await running(context, {
    ...{ log, clickhouse: shared, metrics, clock },
    config: { hotEventsMin: 6, hotIntervalMsMax: 0, batchRecordsMax: 4 },
  });
  await answering(shared, 'heat-accounts');
  for (let minute = 0; minute < 9; minute += 1) {
    await append(log, [
      step('heat-1', 'opened', minute),
      step(`heat-member-${minute}`, 'used', minute, { account: 'heat-big' }),
      step('heat-2', minute === 0 ? 'opened' : 'seen', minute < 2 ? minute : 0, minute < 2 ? {} : { id: 'heat-same' }),
    ]);
    if (minute % 3 === 2) await settled(log);
  }
  expect((await metrics.exposition()).text).toMatch(/michinori_projection_rounds_total{lane="hot",outcome="ok"} [1-9]/);
  await processor.stop();
  await expectSameAsRebuilt(log, shared, ['heat', 'heat-accounts']);
}, 180_000);

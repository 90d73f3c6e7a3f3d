import { describe, expect, test } from 'vitest';
import { type IngestFaultPoint, ingestFaultPoints } from '../src/index.ts';
import { setup } from './helpers.ts';

const good = { customer: 'c', touchpoint: 't' };
const bad = { customer: 'c', touchpoint: 't', nps: 99 };

describe('the labelled steps of a request', () => {
  test('are passed in the order of the list, around the appends', async () => {
    const passed: string[] = [];
    const { post, memory } = setup({
      faults: { at: (point) => void passed.push(`${point} ${memory.deadLetters().length}/${memory.events().length}`) },
    });
    const response = await post([good, bad]);
    expect(response.statusCode).toBe(202);
    const counts = ['0/0', '1/0', '1/0', '1/1', '1/1'];
    expect(passed).toEqual(ingestFaultPoints.map((point, index) => `${point} ${counts[index]}`));
  });

  test('are only those of what the request brings', async () => {
    const passed: IngestFaultPoint[] = [];
    const { post } = setup({ faults: { at: (point) => void passed.push(point) } });
    await post([good]);
    await post([bad]);
    const refused = ['ingest.before-dead-letters', 'ingest.after-dead-letters'];
    const accepted = ['ingest.before-append', 'ingest.after-append'];
    expect(passed).toEqual([...accepted, 'ingest.before-answer', ...refused, 'ingest.before-answer']);
  });

  test.each(ingestFaultPoints)('a failure at %s is never answered as a success', async (broken) => {
    const { post } = setup({
      faults: {
        at(point) {
          if (point === broken) throw new Error('made by a test');
        },
      },
    });
    expect((await post([good, bad])).statusCode).toBe(500);
  });
});

import { describe, expect, test } from 'vitest';
import { readServerSettings, writeServerSettings } from '../src/server-settings.ts';

describe('settings on a cluster', () => {
  test('a write waits for every shard and every replica, and rows go by the key of their table', () => {
    expect(writeServerSettings({ replicas: 3 })).toMatchObject({
      distributed_foreground_insert: 1,
      insert_quorum: 3,
      insert_quorum_parallel: 1,
      parallel_distributed_insert_select: 0,
      distributed_product_mode: 'local',
    });
  });

  test('what the processor reads comes from the replica that it writes by; questions go to any', () => {
    const sameReplica = { load_balancing: 'in_order', prefer_localhost_replica: 0 };
    expect(readServerSettings('main', 'writer')).toMatchObject({ ...sameReplica, distributed_product_mode: 'local' });
    expect(writeServerSettings({ replicas: 2 })).toMatchObject(sameReplica);
    expect(readServerSettings('main', 'reader')).not.toHaveProperty('load_balancing');
  });

  test('none of it is sent to a single server', () => {
    const all = { ...writeServerSettings(null), ...readServerSettings(null, 'writer') };
    expect(Object.keys(all).filter((name) => /quorum|distributed|balancing|replica/.test(name))).toEqual([]);
  });
});

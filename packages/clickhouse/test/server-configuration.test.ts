import { readdir, readFile } from 'node:fs/promises';
import { temporaryClickHouse } from '@michinori/testing';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { defineQuery } from '../src/index.ts';
import { type Element, elementsAt, parseXml, textAt } from './xml.ts';

const folder = new URL('../../../infra/clickhouse/', import.meta.url);

const files = new Map<string, Element>();
beforeAll(async () => {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (entry.endsWith('.xml')) files.set(entry, parseXml(await readFile(new URL(entry, folder), 'utf8')));
  }
});

function file(name: string): Element {
  const found = files.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const names = (elements: readonly Element[]) => elements.map(({ name }) => name);

describe('the files of a server', () => {
  test('are well-formed', () => {
    expect(files.size).toBe(10);
    for (const [name, { name: root }] of files) expect(root, name).toBe('clickhouse');
  });

  test('name settings that the engine knows', async () => {
    const clickhouse = await temporaryClickHouse({ onTestFinished }, { migrated: false });
    const known = async (table: string) => {
      const query = defineQuery({
        name: 'known',
        sql: `SELECT name FROM system.${table}`,
        params: z.object({}),
        row: z.object({ name: z.string() }),
      });
      return new Set((await clickhouse.query(query, {})).map(({ name }) => name));
    };
    const [settings, ofMergeTree, ofServer] = [
      await known('settings'),
      await known('merge_tree_settings'),
      await known('server_settings'),
    ];
    const profiles = elementsAt(file('users.d/michinori.xml'), 'profiles').flatMap(({ children }) => children);
    const used = profiles.flatMap((profile) => [
      ...names(profile.children).filter((name) => name !== 'constraints' && name !== 'profile'),
      ...names(elementsAt(profile, 'constraints').flatMap(({ children }) => children)),
    ]);
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((name) => !settings.has(name))).toEqual([]);

    const config = file('config.d/michinori.xml');
    const merge = names(elementsAt(config, 'merge_tree').flatMap(({ children }) => children));
    expect(merge.length).toBeGreaterThan(2);
    expect(merge.filter((name) => !ofMergeTree.has(name))).toEqual([]);

    const structure = ['listen_host', 'prometheus', 'logger', 'access_control_improvements', 'merge_tree'];
    const simple = config.children.filter(
      ({ name, attributes }) => !structure.includes(name) && !name.endsWith('_log') && !attributes.has('remove'),
    );
    expect(simple.length).toBeGreaterThan(5);
    expect(names(simple).filter((name) => !ofServer.has(name))).toEqual([]);
  });

  test('name profiles, quotas and passwords that there are', () => {
    const users = file('users.d/michinori.xml');
    const declared = (kind: string) => names(elementsAt(users, kind).flatMap(({ children }) => children));
    const people = elementsAt(users, 'users').flatMap(({ children }) => children);
    expect(names(people)).toEqual([
      'default',
      'michinori_writer',
      'michinori_reader',
      'michinori_alerter',
      'michinori_grafana',
    ]);
    for (const person of people.slice(1)) {
      expect(declared('profiles')).toContain(textAt(person, 'profile'));
      expect(declared('quotas')).toContain(textAt(person, 'quota'));
      const [password] = elementsAt(person, 'password');
      expect(password?.text).toBe('');
      expect(password?.attributes.get('from_env')).toBe(`${person.name.toUpperCase()}_PASSWORD`);
    }
  });
});

describe('the example of a cluster', () => {
  const replicas = () => {
    const shards = elementsAt(file('cluster/config.d/cluster.xml'), 'remote_servers', 'michinori', 'shard');
    return shards.flatMap((shard, index) =>
      elementsAt(shard, 'replica').map((replica) => ({
        shard: String(index + 1).padStart(2, '0'),
        host: textAt(replica, 'host'),
        port: textAt(replica, 'port'),
      })),
    );
  };

  test('has two replicas in each of two shards, of one weight, that copy rows themselves', () => {
    const shards = elementsAt(file('cluster/config.d/cluster.xml'), 'remote_servers', 'michinori', 'shard');
    expect(shards.map((shard) => elementsAt(shard, 'replica').length)).toEqual([2, 2]);
    for (const shard of shards) {
      expect(textAt(shard, 'internal_replication')).toBe('true');
      expect(textAt(shard, 'weight')).toBe('1');
    }
  });

  test('has macros for each node, and for no other, that say where the cluster has it', () => {
    const told = [...files.keys()].filter((name) => name.startsWith('cluster/macros/')).sort();
    expect(told).toEqual(replicas().map(({ host }) => `cluster/macros/${host}.xml`));
    for (const { shard, host, port } of replicas()) {
      const macros = file(`cluster/macros/${host}.xml`);
      expect(textAt(macros, 'macros', 'shard')).toBe(shard);
      expect(textAt(macros, 'macros', 'replica')).toBe(host);
      expect(textAt(macros, 'interserver_http_host')).toBe(host);
      expect(port).toBe('9000');
    }
  });

  test('has three Keepers that know each other, and that the nodes ask', () => {
    const asked = elementsAt(file('cluster/config.d/cluster.xml'), 'zookeeper', 'node').map((node) => ({
      host: textAt(node, 'host'),
      port: textAt(node, 'port'),
    }));
    const keepers = [...files].filter(([name]) => name.startsWith('cluster/keeper/'));
    expect(keepers.length).toBe(3);
    for (const [name, keeper] of keepers) {
      const id = textAt(keeper, 'keeper_server', 'server_id');
      const members = elementsAt(keeper, 'keeper_server', 'raft_configuration', 'server');
      const self = members.find((member) => textAt(member, 'id') === id);
      expect(self && `cluster/keeper/${textAt(self, 'hostname')}.xml`).toBe(name);
      expect(asked).toEqual(
        members.map((member) => ({
          host: textAt(member, 'hostname'),
          port: textAt(keeper, 'keeper_server', 'tcp_port'),
        })),
      );
    }
  });
});

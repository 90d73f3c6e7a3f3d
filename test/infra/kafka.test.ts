import { definitionsTopic, topics } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { readText } from './files.ts';
import { services } from './services.ts';

/** The settings of a properties file; fails on a doubled one. */
function propertiesOf(path: string): Map<string, string> {
  const lines = readText(path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const entries = lines.map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  const names = entries.map(([name]) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  return new Map(entries);
}

const one = propertiesOf('kafka/one-broker.properties');
const three = propertiesOf('kafka/three-brokers.properties');
const both = [
  { name: 'one broker', settings: one },
  { name: 'three brokers', settings: three },
];
const number = (settings: Map<string, string>, name: string) => Number(settings.get(name));
const kafka = () =>
  services.processor?.load({ env: { MICHINORI_LOG_KAFKA_BROKERS: 'kafka:9092' } }).config as {
    log: { kafka: { partitions: number; topicPrefix: string } };
    processor: { group: string };
  };

describe.each(both)('$name', ({ settings }) => {
  it('loses nothing by itself', () => {
    expect(settings.get('unclean.leader.election.enable')).toBe('false');
    expect(settings.get('auto.create.topics.enable')).toBe('false');
    expect(settings.get('log.message.timestamp.type')).toBe('LogAppendTime');
    expect(settings.has('log.cleanup.policy')).toBe(false);
  });

  it('takes and copies batches of 8 MiB, as the topics ask for', () => {
    const largest = number(settings, 'message.max.bytes');
    expect(largest).toBeGreaterThanOrEqual(8 * 1024 * 1024);
    expect(number(settings, 'replica.fetch.max.bytes')).toBeGreaterThanOrEqual(largest);
    expect(number(settings, 'socket.request.max.bytes')).toBeGreaterThan(largest);
  });

  it('keeps the offsets of a group longer than any record', () => {
    expect(number(settings, 'offsets.retention.minutes')).toBeGreaterThan(90 * 24 * 60);
  });

  it('has as many copies of its own topics as of ours', () => {
    const copies = number(settings, 'default.replication.factor');
    for (const name of ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic']) {
      expect(number(settings, `${name}.replication.factor`)).toBe(copies);
    }
    const least = number(settings, 'min.insync.replicas');
    for (const name of ['transaction.state.log', 'share.coordinator.state.topic']) {
      expect(number(settings, `${name}.min.isr`)).toBe(least);
    }
    expect(least).toBe(copies === 1 ? 1 : 2);
  });

  it('makes as many partitions as the services', () => {
    expect(number(settings, 'num.partitions')).toBe(kafka().log.kafka.partitions);
  });
});

describe('both', () => {
  it('three brokers say what one says, but for who they are, copies and security', () => {
    const differs =
      /^(controller\.|listener|advertised|inter\.broker|broker\.rack|sasl|ssl|security|authorizer|super|allow|config\.prov|replica\.sel|default\.rep|min\.ins|offsets\.topic|transaction|share\.)/;
    const rest = (settings: Map<string, string>) => [...settings].filter(([name]) => !differs.test(name)).sort();
    expect(rest(three)).toEqual(rest(one));
  });

  it('no password stands in a file', () => {
    for (const { settings } of both) {
      for (const [name, value] of settings) {
        if (/jaas|password/.test(name)) expect(value).not.toMatch(/password="(?!\$\{file:)/);
      }
    }
  });

  it('compose.yaml mounts the settings of one broker, and reaches it where it listens', () => {
    const compose = readText('compose.yaml');
    expect(compose).toContain('./kafka/one-broker.properties:/mnt/shared/config/server.properties:ro');
    const advertised = one.get('advertised.listeners')?.replace('PLAINTEXT://', '');
    expect(compose).toContain(`MICHINORI_LOG_KAFKA_BROKERS: ${advertised}\n`);
    expect(compose).toContain(`kafka-data:${one.get('log.dirs')}\n`);
  });
});

describe('access', () => {
  const script = readText('kafka/acls.sh');
  const readme = readText('kafka/README.md');

  it('names topics and groups that exist', () => {
    const { log, processor } = kafka();
    expect(script).toContain(`PREFIX=\${PREFIX:-${log.kafka.topicPrefix}}`);
    expect(script).toContain(`GROUP=\${GROUP:-${processor.group}}`);
    const known = [...Object.values(topics), definitionsTopic];
    const named = [...script.matchAll(/\$\{PREFIX\}([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(known).toContain(name);
    for (const name of known) expect(readme).toContain(`\`${log.kafka.topicPrefix}${name}\``);
  });

  it('makes a user for every service that speaks to Kafka', () => {
    const users = /for name in ([a-z -]+); do/.exec(script)?.[1]?.split(' ');
    expect(users).toEqual(['michinori-ingest', 'michinori-processor', 'michinori-query-api', 'michinori-alerter']);
    for (const name of users ?? []) expect(readText('kubernetes/secrets.example.yaml')).toContain(`username: ${name},`);
  });
});

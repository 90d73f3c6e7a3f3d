import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { expect, test } from 'vitest';
import { readAll, record, startRecorder, textOf, until } from '../../testing/src/event-log-harness.ts';
import { sharedKafka, startKafka } from '../../testing/src/kafka.ts';
import { asAdmin, openTestLog, uniqueName } from './kafka-helpers.ts';

const kafka = sharedKafka({ security: 'sasl_ssl' });
const user = { username: 'michinori', password: 'not-a-secret' };

for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const)
  test(`TLS and ${mechanism}: append, read, consume, commit`, async (context) => {
    const server = kafka(context);
    const topic = uniqueName(mechanism);
    const log = await openTestLog(context, server, { tls: { ca: server.ca ?? '' }, sasl: { mechanism, ...user } });
    await log.append(topic, [record('k', 'secured')]);
    expect((await readAll(log, topic)).flat().map(textOf)).toEqual(['secured']);
    const recorder = await startRecorder(log, topic, {
      onBatch: ({ partition, nextOffset }) => recorder.consumption.commit(partition, nextOffset),
    });
    await until(async () => expect((await log.committed('readers', topic)).size).toBe(1));
  });

test('a wrong password is told at once', async (context) => {
  const server = kafka(context);
  for (const mechanism of ['plain', 'scram-sha-256'] as const) {
    const sasl = { mechanism, username: 'michinori', password: 'wrong' };
    await expect(openTestLog(context, server, { tls: { ca: server.ca ?? '' }, sasl })).rejects.toMatchObject({
      code: 'log_authentication_failed',
      canRetry: false,
      message: expect.not.stringContaining('wrong'),
    });
  }
});

test('a certificate that nobody vouches for, or of another name, is refused', async (context) => {
  const server = kafka(context);
  const sasl = { mechanism: 'plain', ...user } as const;
  await expect(openTestLog(context, server, { tls: {}, sasl })).rejects.toMatchObject({
    code: 'log_authentication_failed',
  });
  await expect(
    openTestLog(context, server, { tls: { ca: server.ca ?? '', servername: 'kafka.example' }, sasl }),
  ).rejects.toMatchObject({ code: 'log_authentication_failed', message: expect.stringContaining('kafka.example') });
  const log = await openTestLog(context, server, { tls: { ca: server.ca ?? '', servername: 'localhost' }, sasl });
  await log.positions(uniqueName('named'));
});

test('speaking plainly to a TLS listener is not a password problem', async (context) => {
  const server = kafka(context);
  await expect(openTestLog(context, server)).rejects.toMatchObject({ code: 'log_unavailable' });
});

test('a user without permissions is told what is missing, for topics and for groups', {
  timeout: 180_000,
}, async (context) => {
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const server = await startKafka(context, {
    security: 'sasl_plaintext',
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS;User:michinori',
      'listener.name.client.plain.sasl.jaas.config': `${plain} user_michinori="not-a-secret" user_guest="not-a-secret";`,
    },
  });
  const sasl = { mechanism: 'plain', username: 'guest', password: 'not-a-secret' } as const;
  await expect(openTestLog(context, server, { sasl, topics: { events: { partitions: 2 } } })).rejects.toMatchObject({
    code: 'log_not_authorized',
    message: expect.stringContaining('michinori.events'),
  });
  const allow = { principal: 'User:guest', host: '*', permissionType: AclPermissionTypes.ALLOW };
  const topics = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: 'michinori.',
    resourcePatternType: ResourcePatternTypes.PREFIXED,
  };
  await asAdmin(server, (admin) =>
    admin.createAcls({ acl: [{ ...allow, ...topics, operation: AclOperationTypes.ALL }] }),
  );
  const open = () => openTestLog(context, server, { sasl, topics: { events: { partitions: 2 } } });
  await until(async () => expect(await open()).toBeDefined());
  const log = await open();
  await log.append('events', [record('k', 'v')]);
  expect((await readAll(log, 'events')).flat().map(textOf)).toEqual(['v']);
  const recorder = await startRecorder(log, 'events');
  await until(() => expect(recorder.fatal).toHaveLength(1));
  expect(recorder.fatal[0]).toMatchObject({
    code: 'log_not_authorized',
    message: expect.stringContaining('readers.events'),
  });
  await expect(log.committed('readers', 'events')).rejects.toMatchObject({ code: 'log_not_authorized' });
});

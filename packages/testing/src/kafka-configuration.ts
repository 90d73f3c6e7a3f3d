/** How clients reach the broker. The brokers talk to each other in plain text in any case. */
export type KafkaSecurity = 'plaintext' | 'sasl_plaintext' | 'ssl' | 'sasl_ssl';

/** The user of a broker that asks for one: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are all offered. */
export const kafkaUser = { username: 'michinori', password: 'not-a-secret' } as const;

/** The ports of one broker. */
export interface KafkaPorts {
  readonly client: number;
  readonly internal: number;
  readonly controller: number;
}

/** What the configuration file of one broker is made of. */
export interface BrokerConfiguration {
  readonly nodeId: number;
  /** All brokers of the cluster; `nodeId` 1 is the first. */
  readonly cluster: readonly KafkaPorts[];
  readonly dataFolder: string;
  readonly security: KafkaSecurity;
  readonly keystore: { readonly file: string; readonly password: string } | null;
  /** Settings that win over the ones here. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

function at(ports: KafkaPorts | undefined, listener: keyof KafkaPorts): string {
  return `127.0.0.1:${ports?.[listener] ?? 0}`;
}

function saslSettings(): Record<string, string> {
  const prefix = 'listener.name.client';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const { username, password } = kafkaUser;
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${prefix}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: scram,
  };
}

/** The text of `server.properties`: a broker that is a controller too, on the loopback interface, quick to start. */
export function brokerProperties(configuration: BrokerConfiguration): string {
  const { nodeId, cluster, dataFolder, security, keystore, properties } = configuration;
  const own = cluster[nodeId - 1];
  const replicas = Math.min(cluster.length, 3);
  const inSync = Math.max(1, replicas - 1);
  const listeners = `CLIENT://${at(own, 'client')},INTERNAL://${at(own, 'internal')}`;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.voters': cluster.map((ports, index) => `${index + 1}@${at(ports, 'controller')}`).join(','),
    listeners: `${listeners},CONTROLLER://${at(own, 'controller')}`,
    'advertised.listeners': listeners,
    'listener.security.protocol.map': `CLIENT:${security.toUpperCase()},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    ...(security.startsWith('sasl') ? saslSettings() : {}),
    ...(keystore === null
      ? {}
      : {
          'ssl.keystore.type': 'PKCS12',
          'ssl.keystore.location': keystore.file,
          'ssl.keystore.password': keystore.password,
          'ssl.key.password': keystore.password,
        }),
    ...properties,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

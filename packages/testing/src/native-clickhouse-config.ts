/** One server of a cluster, as the others reach it. */
export interface NativeNode {
  readonly shard: string;
  readonly tcpPort: number;
}

/** What a server's configuration file says. */
export interface NativeConfiguration {
  readonly tcpPort: number;
  readonly httpPort: number;
  readonly logFile: string;
  /** File of users, profiles and quotas; the user `default` without a password otherwise. */
  readonly usersFile?: string;
  /** Name and nodes of the cluster, one replica each; `shard` is this server's own. */
  readonly cluster?: { readonly name: string; readonly nodes: readonly NativeNode[]; readonly shard: string };
}

function clusterXml({ name, nodes, shard }: NonNullable<NativeConfiguration['cluster']>): string {
  const shards = nodes.map(
    ({ tcpPort }) =>
      `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${tcpPort}</port></replica></shard>`,
  );
  return `<remote_servers><${name}>${shards.join('')}</${name}></remote_servers>
  <macros><shard>${shard}</shard><replica>one</replica></macros>`;
}

/** The text of a server's configuration file. */
export function nativeConfigurationXml({
  tcpPort,
  httpPort,
  logFile,
  usersFile,
  cluster,
}: NativeConfiguration): string {
  return `<clickhouse>
  <logger><level>warning</level><log>${logFile}</log><errorlog>${logFile}</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>${tcpPort}</tcp_port>
  <http_port>${httpPort}</http_port>
  ${usersFile === undefined ? '' : `<users_config>${usersFile}</users_config>`}
  ${cluster === undefined ? '' : clusterXml(cluster)}
</clickhouse>
`;
}

/** ClickHouse's own image: the oldest version that is supported. */
export const clickhouseImage = 'clickhouse/clickhouse-server:26.3';

const httpPort = 8123;

/** A server in a container. */
export interface ClickHouseContainer {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** Starts ClickHouse in a container, or returns null where Docker doesn't answer. */
export async function startClickHouseContainer(): Promise<ClickHouseContainer | null> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
  } catch {
    return null;
  }
  const [username, password] = ['michinori', 'not-a-secret'];
  const container = await new GenericContainer(clickhouseImage)
    .withExposedPorts(httpPort)
    .withEnvironment({
      CLICKHOUSE_USER: username,
      CLICKHOUSE_PASSWORD: password,
      CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: '1',
    })
    .withUlimits({ nofile: { soft: 262_144, hard: 262_144 } })
    .withWaitStrategy(Wait.forHttp('/ping', httpPort))
    .start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(httpPort)}`,
    username,
    password,
    stop: async () => void (await container.stop()),
  };
}

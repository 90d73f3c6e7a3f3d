export {
  type NativeClickHouse,
  type NativeClickHouseOptions,
  startNativeClickHouse,
} from './native-clickhouse-server.ts';
export { type NativeCluster, startNativeCluster } from './native-cluster.ts';

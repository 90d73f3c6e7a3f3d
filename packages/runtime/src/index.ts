export {
  type AccessCode,
  type AccessOptions,
  type AccessVerdict,
  type Authorize,
  accessCodes,
  createAccess,
} from './access.ts';
export { closedLabel, limitedLabel } from './bounded-labels.ts';
export { type ClientLogEntry, clientLog } from './client-log.ts';
export { ConfigError, type ConfigProblem } from './config/config-error.ts';
export { type ConfigSources, type LoadedConfig, loadConfig } from './config/load-config.ts';
export { maskedConfig, printConfig } from './config/mask-config.ts';
export { type ProcessInput, readProcessConfig } from './config/process-config.ts';
export { environmentName, flagName, listSettings, type Setting, type SettingKind, secret } from './config/setting.ts';
export type { ConfigFile } from './config/yaml-file.ts';
export { exitCodes, type RuntimeErrorCode, runtimeErrorCodes } from './error-codes.ts';
export { type CheckResult, createHealth, type Health, type HealthReport, type NamedCheck } from './health.ts';
export { addHealthRoutes } from './health-routes.ts';
export { type ExtractedKey, extractKey } from './keys/extract-key.ts';
export { type KeyScope, keyScopes } from './keys/key-file.ts';
export {
  createKeyStore,
  type KeyDescription,
  type KeyStore,
  type KeyStoreOptions,
  type KeyVerdict,
} from './keys/key-store.ts';
export { openKeys } from './keys/open-keys.ts';
export { createLifecycle, type Lifecycle, type LifecycleOptions, type LifecycleState, type Part } from './lifecycle.ts';
export { assertListenAddress, isLoopback } from './listen-address.ts';
export {
  createLogger,
  createSilentLogger,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  logLevels,
} from './logger.ts';
export { labelNameFault, type MetricKind, metricNameFault, metricUnits } from './metric-names.ts';
export {
  createMetrics,
  durationBucketsSeconds,
  type GaugeOptions,
  type HistogramOptions,
  type MetricOptions,
  type Metrics,
  type MetricsOptions,
} from './metrics.ts';
export { MichinoriError } from './michinori-error.ts';
export { didYouMean, editDistance, nearestWord, nearestWords } from './nearest-word.ts';
export {
  createProblemRegistry,
  type Problem,
  type ProblemError,
  type ProblemKind,
  type ProblemRegistry,
  problemContentType,
  sendProblem,
} from './problem.ts';
export { createHealthApp, healthServer } from './service/health-server.ts';
export { runService, type ServiceInput, type ServiceProcess } from './service/run-service.ts';
export type { Service, ServiceContext, WaitForOptions } from './service/service.ts';
export { createStandIn, type StandIn } from './service/stand-in.ts';
export { canRetry, notThereYet, waitPauseMs } from './service/wait-for.ts';
export { attachSignals, type SignalSource } from './signals.ts';
export { version } from './version.ts';

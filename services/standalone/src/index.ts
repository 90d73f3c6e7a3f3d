export { createStandalone, type Standalone, type StandaloneOptions } from './compose.ts';
export { loadStandaloneConfig, type StandaloneConfig, standaloneSettings } from './config.ts';
export { loadDemo } from './demo/load-demo.ts';
export { simulate } from './demo/simulate.ts';
export type { DemoTruth } from './demo/truth.ts';
export { waitUntilVisible } from './drain-log.ts';
export { readMapping } from './import/mapping.ts';
export { runImport } from './import/run-import.ts';
export { createLogTarget } from './import/target.ts';

export { dashboards } from './boards/all.ts';
export { type DashboardSpec, makeDashboard, uidOf } from './dashboard.ts';
export { api, prometheus } from './datasources.ts';
export { defaultBoardUrl, type FileOptions, type GeneratedFile, generatedFiles } from './files.ts';
export type { InfinityColumn, InfinityTarget } from './infinity.ts';
export { type Language, languages } from './text.ts';

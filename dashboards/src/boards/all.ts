import type { DashboardSpec } from '../dashboard.ts';
import { funnel } from './funnel.ts';
import { wall } from './wall.ts';

/** Every dashboard, in the order of the README. */
export const dashboards: readonly DashboardSpec[] = [wall, funnel];

import type { DashboardSpec } from '../dashboard.ts';
import { cycleTime } from './cycle-time.ts';
import { emotionCurve } from './emotion.ts';
import { funnel } from './funnel.ts';
import { healthSignals } from './health.ts';
import { npsCohorts } from './nps.ts';
import { paths } from './paths.ts';
import { pipeline } from './pipeline.ts';
import { touchpointDropOff } from './touchpoints.ts';
import { wall } from './wall.ts';

/** Every dashboard, in the order of the README. */
export const dashboards: readonly DashboardSpec[] = [
  wall,
  funnel,
  touchpointDropOff,
  cycleTime,
  npsCohorts,
  emotionCurve,
  healthSignals,
  paths,
  pipeline,
];

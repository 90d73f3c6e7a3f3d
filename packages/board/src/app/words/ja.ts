import type { Words } from './en.ts';
import { jaAlerts } from './ja-alerts.ts';
import { jaBacktest } from './ja-backtest.ts';
import { jaFunnelForm } from './ja-funnel-form.ts';
import { jaHealth } from './ja-health.ts';
import { jaPages } from './ja-pages.ts';
import { jaShell } from './ja-shell.ts';

/** 日本語の文言。 */
export const ja: Words = { ...jaShell, ...jaPages, ...jaAlerts, ...jaBacktest, ...jaFunnelForm, health: jaHealth };

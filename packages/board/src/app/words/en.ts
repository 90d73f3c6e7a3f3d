import { enAlerts } from './en-alerts.ts';
import { enBacktest } from './en-backtest.ts';
import { enFunnelForm } from './en-funnel-form.ts';
import { enHealth } from './en-health.ts';
import { enPages } from './en-pages.ts';
import { enShell } from './en-shell.ts';

/** Everything that the board says in English; `ja.ts` says the same. Functions take what has been formatted already. */
export const en = { ...enShell, ...enPages, ...enAlerts, ...enBacktest, ...enFunnelForm, health: enHealth };

export type Words = typeof en;

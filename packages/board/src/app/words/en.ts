import { enAlerts } from './en-alerts.ts';
import { enBacktest } from './en-backtest.ts';
import { enFunnelForm } from './en-funnel-form.ts';
import { enPages } from './en-pages.ts';
import { enShell } from './en-shell.ts';

/** Everything that the board says in English; `ja.ts` says the same. Functions take what has been formatted already. */
export const en = { ...enShell, ...enPages, ...enAlerts, ...enBacktest, ...enFunnelForm };

export type Words = typeof en;

import type { Duration, FunnelQueryBody, FunnelStep } from '@michinori/client';
import { instantsOf } from '../../state/range.ts';
import { breakdownOf, filtersOf } from '../../state/segments.ts';
import type { View } from '../../state/view.ts';

export const orders = ['sequential', 'strict', 'any'] as const;
export const windowUnits = ['minute', 'hour', 'day', 'week'] as const;
export const units = ['customer', 'account'] as const;

/** A step as it is typed: `trial.started`, `page.*`, `purchase|upgrade`. */
export interface StepDraft {
  text: string;
  isOptional: boolean;
}

/** The funnel that an address describes. */
export interface FunnelState {
  steps: readonly StepDraft[];
  order: (typeof orders)[number];
  window: { value: number; unit: (typeof windowUnits)[number] };
  unit: (typeof units)[number];
}

type Changes = Record<string, string | readonly string[] | null>;

/** Reads `step=trial.started&step=?training.attended&order=strict&window=14d&unit=account`. */
export function readFunnel(query: URLSearchParams): FunnelState {
  const steps = query.getAll('step').map((text) => {
    const isOptional = text.startsWith('?');
    return { text: isOptional ? text.slice(1) : text, isOptional };
  });
  const [, value = '', letter = ''] = /^(\d{1,5})(min|h|d|w)$/.exec(query.get('window') ?? '') ?? [];
  const unit = windowUnits.find((known) => lettersOf[known] === letter);
  return {
    steps,
    order: orders.find((order) => order === query.get('order')) ?? 'sequential',
    window: unit !== undefined && Number(value) > 0 ? { value: Number(value), unit } : { value: 30, unit: 'day' },
    unit: units.find((known) => known === query.get('unit')) ?? 'customer',
  };
}

/** The parameters of an address for a funnel; the inverse of `readFunnel`. What is usual is left out. */
export function writeFunnel({ steps, order, window, unit }: FunnelState): Changes {
  return {
    step: steps.map(({ text, isOptional }) => `${isOptional ? '?' : ''}${text}`),
    order: order === 'sequential' ? null : order,
    window: `${window.value}${lettersOf[window.unit]}`,
    unit: unit === 'customer' ? null : unit,
  };
}

const lettersOf = { minute: 'min', hour: 'h', day: 'd', week: 'w' } as const;

/** The question, or null while fewer than two steps have a name. The first step and steps in any order can't be skipped. */
export function bodyOf(state: FunnelState, view: View, nowMs: number): FunnelQueryBody | null {
  const named = state.steps.filter(({ text }) => namesOf(text).length > 0);
  if (named.length < 2) return null;
  const by = breakdownOf(view.by);
  const filter = filtersOf(view.segments);
  const steps = named.map(({ text, isOptional }, index): FunnelStep => {
    const names = namesOf(text);
    const [only] = names;
    const touchpoint = names.length === 1 && only !== undefined ? only : names;
    return isOptional && index > 0 && state.order !== 'any' ? { touchpoint, optional: true } : { touchpoint };
  });
  return {
    steps,
    ...(state.unit === 'customer' ? {} : { unit: state.unit }),
    ...(state.order === 'sequential' ? {} : { order: state.order }),
    window: state.window satisfies Duration,
    ...instantsOf(view.range, view.timezone, nowMs),
    timezone: view.timezone,
    ...(by === null ? {} : { breakdown: { by, limit: 6 } }),
    ...(filter.length === 0 ? {} : { filter }),
  };
}

/** The same question for a terminal. Quotes inside a name are kept from the shell. */
export function curlOf(body: FunnelQueryBody, origin: string): string {
  const json = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
  return `curl -s ${origin}/v1/funnels/query -H 'content-type: application/json' -d '${json}'`;
}

function namesOf(text: string): string[] {
  return text
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

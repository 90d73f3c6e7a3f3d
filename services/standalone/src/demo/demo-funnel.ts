import type { DemoTruth } from './truth.ts';

const dayMs = 86_400_000;

/**
 * The first funnel that a newcomer sees: from the first sign of interest over the contract to the first value, by
 * plan. Entries of half a year that lie far enough back for the 120 days of the window to have passed.
 */
export function demoFunnel({ end }: Pick<DemoTruth, 'end'>) {
  const endMs = Date.parse(end);
  return {
    steps: [
      { touchpoint: ['demo.requested', 'trial.started'] },
      { touchpoint: 'contract.signed' },
      { touchpoint: 'value.milestone' },
    ],
    window: { value: 120, unit: 'day' },
    from: new Date(endMs - 300 * dayMs).toISOString(),
    to: new Date(endMs - 120 * dayMs).toISOString(),
    breakdown: { by: 'trait:plan', attribution: 'entry' },
  };
}

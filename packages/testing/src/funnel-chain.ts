import { compareInstants, compareMoments, type Moment, type Timeline } from './funnel-timeline.ts';

/** What a chain has to obey. Steps are numbered from 1; durations are microseconds, null = no bound. */
export interface ChainRules {
  readonly order: 'sequential' | 'strict' | 'any';
  readonly steps: readonly StepRules[];
  readonly windowUs: number;
  /** Equal for all events of one chain: the values held constant. */
  readonly held: (moment: Moment) => string;
}

export interface StepRules {
  readonly matches: (moment: Moment) => boolean;
  readonly optional: boolean;
  readonly withinUs: number | null;
  readonly atLeastUs: number | null;
}

/** One step and the event that fills it. */
export interface Link {
  readonly step: number;
  readonly moment: Moment;
}

/** The filled steps of one attempt in step order. Never empty: the first link is the entry. */
export interface Chain {
  readonly links: readonly Link[];
  readonly entry: Moment;
  readonly last: Link;
}

function chainOf(entry: Moment, further: readonly Link[]): Chain {
  const first = { step: 1, moment: entry };
  return { links: [first, ...further], entry, last: further.at(-1) ?? first };
}

export function linkOf(chain: Chain, step: number): Link | undefined {
  return chain.links.find((link) => link.step === step);
}

function contains(chain: Chain, moment: Moment): boolean {
  return chain.links.some((link) => link.moment.id === moment.id);
}

function mayFollow(chain: Chain, moment: Moment, step: StepRules, rules: ChainRules): boolean {
  const gapUs = moment.occurredAtUs - chain.last.moment.occurredAtUs;
  return (
    step.matches(moment) &&
    !contains(chain, moment) &&
    compareInstants(chain.last.moment, moment) <= 0 &&
    moment.occurredAtUs <= chain.entry.occurredAtUs + rules.windowUs &&
    (step.withinUs === null || gapUs <= step.withinUs) &&
    (step.atLeastUs === null || gapUs >= step.atLeastUs) &&
    rules.held(moment) === rules.held(chain.entry)
  );
}

function* continuations(chain: Chain, timeline: Timeline, rules: ChainRules): Generator<Chain> {
  yield chain;
  for (let number = chain.last.step + 1; number <= rules.steps.length; number++) {
    const step = rules.steps[number - 1];
    if (step === undefined) return;
    for (const moment of timeline.moments) {
      if (!mayFollow(chain, moment, step, rules)) continue;
      const longer = chainOf(chain.entry, [...chain.links.slice(1), { step: number, moment }]);
      yield* continuations(longer, timeline, rules);
    }
    if (!step.optional) return;
  }
}

/** Strict order: nothing of the unit happened strictly between the first and the last event but the chain itself. */
function isUndisturbed(chain: Chain, timeline: Timeline): boolean {
  return timeline.moments.every(
    (moment) =>
      contains(chain, moment) ||
      compareInstants(moment, chain.entry) <= 0 ||
      compareInstants(moment, chain.last.moment) >= 0,
  );
}

/** Every chain that the rules allow from an entry, complete or not. Orders sequential and strict. */
export function allChains(entry: Moment, timeline: Timeline, rules: ChainRules): Chain[] {
  const chains = [...continuations(chainOf(entry, []), timeline, rules)];
  return rules.order === 'strict' ? chains.filter((chain) => isUndisturbed(chain, timeline)) : chains;
}

function compareLists<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  for (const [index, x] of a.entries()) {
    const y = b[index];
    const order = y === undefined ? 1 : compare(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** Negative when chain `a` of an entry is better than chain `b` of the same entry. */
export function compareChains(a: Chain, b: Chain): number {
  return (
    b.last.step - a.last.step ||
    b.links.length - a.links.length ||
    compareLists(a.links, b.links, (x, y) => compareInstants(x.moment, y.moment)) ||
    compareLists(a.links, b.links, (x, y) => compareMoments(x.moment, y.moment)) ||
    compareLists(a.links, b.links, (x, y) => x.step - y.step)
  );
}

function canFillDistinctSteps(moments: readonly Moment[], steps: readonly StepRules[]): boolean {
  const [first, ...others] = moments;
  if (first === undefined) return true;
  return steps.some(
    (step) =>
      step.matches(first) &&
      canFillDistinctSteps(
        others,
        steps.filter((other) => other !== step),
      ),
  );
}

/** Any order: the chain of the start event. "Step k" is the k-th event that made one more step possible. */
export function anyOrderChain(start: Moment, timeline: Timeline, rules: ChainRules): Chain {
  const accepted = [start];
  for (const moment of timeline.moments) {
    const inWindow =
      moment.occurredAtUs >= start.occurredAtUs && moment.occurredAtUs <= start.occurredAtUs + rules.windowUs;
    if (moment.id === start.id || !inWindow || rules.held(moment) !== rules.held(start)) continue;
    if (canFillDistinctSteps([...accepted, moment], rules.steps)) accepted.push(moment);
  }
  return chainOf(
    start,
    accepted.slice(1).map((moment, index) => ({ step: index + 2, moment })),
  );
}

import { allChains, anyOrderChain, type Chain, type ChainRules, compareChains } from './funnel-chain.ts';
import { compareInstants, compareMoments, type Moment, type Timeline } from './funnel-timeline.ts';

export interface Exclusion {
  readonly matches: (moment: Moment) => boolean;
  readonly after: number;
  readonly before: number;
}

/** All that a funnel asks of one entry. */
export interface AttemptRules extends ChainRules {
  readonly exclusions: readonly Exclusion[];
  readonly fromUs: number;
  readonly toUs: number;
  readonly asOfUs: number;
}

/** The one attempt of an entry that no exclusion spoiled. */
export interface Attempt {
  readonly chain: Chain;
  readonly alive: boolean;
}

function isSpoiledInOrder(chain: Chain, exclusion: Exclusion, moment: Moment, rules: AttemptRules): boolean {
  if (chain.last.step < exclusion.after) return false;
  const lower = chain.links.filter((link) => link.step <= exclusion.after).at(-1) ?? chain.last;
  const upper = chain.links.find((link) => link.step >= exclusion.before);
  const isBefore =
    upper === undefined
      ? moment.occurredAtUs <= chain.entry.occurredAtUs + rules.windowUs
      : compareInstants(moment, upper.moment) < 0;
  return compareInstants(lower.moment, moment) < 0 && isBefore;
}

function isSpoiledInAnyOrder(chain: Chain, moment: Moment, rules: AttemptRules): boolean {
  const complete = chain.last.step === rules.steps.length;
  const endUs = complete ? chain.last.moment.occurredAtUs : chain.entry.occurredAtUs + rules.windowUs;
  return moment.occurredAtUs >= chain.entry.occurredAtUs && moment.occurredAtUs <= endUs;
}

function isClean(chain: Chain, timeline: Timeline, rules: AttemptRules): boolean {
  const others = timeline.moments.filter((moment) => !chain.links.some((link) => link.moment.id === moment.id));
  return !rules.exclusions.some((exclusion) =>
    others.some(
      (moment) =>
        exclusion.matches(moment) &&
        (rules.order === 'any'
          ? isSpoiledInAnyOrder(chain, moment, rules)
          : isSpoiledInOrder(chain, exclusion, moment, rules)),
    ),
  );
}

/** Could an event that happens at or after asOf still be the next link? */
function canGrow(chain: Chain, timeline: Timeline, rules: AttemptRules): boolean {
  const { step: reached, moment: last } = chain.last;
  if (rules.order === 'strict' && timeline.moments.some((moment) => compareInstants(moment, last) > 0)) return false;
  const following = rules.steps.slice(reached);
  const firstRequired = following.findIndex((step) => !step.optional);
  const candidates = firstRequired === -1 ? [] : following.slice(0, firstRequired + 1);
  return candidates.some(({ withinUs }) => withinUs === null || last.occurredAtUs + withinUs >= rules.asOfUs);
}

function attemptOf(entry: Moment, timeline: Timeline, rules: AttemptRules): Attempt | null {
  const chains = rules.order === 'any' ? [anyOrderChain(entry, timeline, rules)] : allChains(entry, timeline, rules);
  const [best] = chains.sort(compareChains);
  if (best === undefined || !isClean(best, timeline, rules)) return null;
  const windowOpen = entry.occurredAtUs + rules.windowUs >= rules.asOfUs;
  const growing = rules.order === 'any' || chains.some((chain) => canGrow(chain, timeline, rules));
  return { chain: best, alive: windowOpen && growing };
}

function isEntry(moment: Moment, rules: AttemptRules): boolean {
  const entrances = rules.order === 'any' ? rules.steps : rules.steps.slice(0, 1);
  return (
    moment.occurredAtUs >= rules.fromUs &&
    moment.occurredAtUs < rules.toUs &&
    entrances.some((step) => step.matches(moment))
  );
}

/** The clean attempts of one timeline, one per entry at most. */
export function cleanAttempts(timeline: Timeline, rules: AttemptRules): Attempt[] {
  return timeline.moments
    .filter((moment) => isEntry(moment, rules))
    .map((entry) => attemptOf(entry, timeline, rules))
    .filter((attempt) => attempt !== null);
}

/** Negative when attempt `a` is to be chosen before attempt `b` of the same group. */
export function compareAttempts(a: Attempt, b: Attempt): number {
  return (
    b.chain.last.step - a.chain.last.step ||
    b.chain.links.length - a.chain.links.length ||
    compareMoments(a.chain.entry, b.chain.entry)
  );
}

/** The last step that may not be skipped: reaching it finishes the funnel. */
export function lastRequiredStep(rules: ChainRules): number {
  return rules.order === 'any' ? rules.steps.length : rules.steps.findLastIndex((step) => !step.optional) + 1;
}

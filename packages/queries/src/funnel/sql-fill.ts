import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { exclusionBit } from './sql-source.ts';
import type { Code } from './sql-timeline.ts';
import { areDisjoint } from './step-relations.ts';

/** What the fill engine leaves behind, as SQL over the parallel arrays of one unit. */
export interface Filled {
  /** Relation with all columns that the expressions below name. */
  readonly relation: string;
  /** Arrays to walk in parallel; lambda variables have the same names with the prefix `v_`. */
  readonly arrays: readonly string[];
  /** Furthest clean step of the entry, 0 when it is no entry or spoiled. */
  readonly furthest: string;
  /** Code of each step, valid up to `furthest`. */
  readonly codes: readonly string[];
  /** Whether the attempt of the entry can still go on at asOf. */
  readonly alive: string;
}

interface Target {
  /** Chains that reach this step are looked for… */
  readonly goal: number;
  /** …and followed up to this one. */
  readonly end: number;
}

/**
 * With a maximal gap before step g, the earliest chain that gets past g can differ from the earliest one before it, so
 * there is one run per gapped step. Without gaps there is a single run.
 */
function targets(plan: Plan): readonly Target[] {
  const gapped = plan.steps.flatMap((step, i) => (step.withinUs === null ? [] : [i + 1]));
  const goals = [1, ...gapped];
  return goals.map((goal, i) => ({ goal, end: (goals[i + 1] ?? plan.steps.length + 1) - 1 }));
}

/** Puts a SELECT around the relation: new columns, and those that nothing needs any more. */
type Layer = (columns: readonly string[], done?: readonly string[]) => void;

const mapped = (names: readonly string[], body: string) =>
  `arrayMap((${names.map((name) => `v_${name}`).join(', ')}) -> ${body}, ${names.join(', ')})`;
const isStep = (step: number, masks: string) => `bitTest(${masks}, ${step - 1})`;

/**
 * Attempts by "next event" arrays: from the last step back to the second, each position learns the chain that starts at or
 * after it. Linear in the number of events, whatever the number of entries. Exact where the earliest next event is the
 * best one: steps are disjoint (or no two events are simultaneous), none is optional, no minimal gaps.
 * Chains of one entry are closed under the pointwise minimum (swap the tails where two chains cross), so the earliest
 * chain to a goal is also the lexicographically smallest.
 *
 * `r{run}_{from}_c{step}` at a position: code of `step` in the chain that begins with the next event of step `from`. It means
 * something only where the codes of all steps before it are there, so nothing has to be blanked.
 */
export function fillAttempts(plan: Plan, code: Code, timelines: string, parameters: Parameters): Filled {
  const strict = plan.order === 'strict';
  const count = plan.steps.length;
  const window = parameters.bind(plan.windowUs, 'UInt64');
  const asOf = parameters.bind(plan.asOfUs, 'UInt64');
  const within = plan.steps.map((step) => (step.withinUs === null ? null : parameters.bind(step.withinUs, 'UInt64')));
  let relation = timelines;
  const layer: Layer = (columns, done = []) => {
    if (columns.length === 0) return;
    const kept = done.length === 0 ? '*' : `* EXCEPT (${done.join(', ')})`;
    relation = `SELECT ${[kept, ...columns].join(',\n  ')}\nFROM (\n${relation}\n)`;
  };
  const fits = (step: number, next: string, own: string) => {
    const gap = within[step - 1] ?? null;
    return gap === null ? `${next} != 0` : `(${next} != 0 AND ${code.time(next)} <= ${code.time(own)} + ${gap})`;
  };
  // Seen from an event of step s, the next event of step s + 1 stands behind it; where no event can be both, at or behind is the same.
  const behind = (step: number, array: string) => {
    const [here, next] = [plan.steps[step - 1], plan.steps[step]];
    const apart = !strict && here !== undefined && next !== undefined && areDisjoint(here, next);
    return apart ? array : `arrayShiftLeft(${array}, 1, ${code.none})`;
  };

  layer(
    plan.exclusions.map((_, e) => {
      const bit = exclusionBit + e;
      const own = `arrayMap((c, m) -> if(bitTest(m, ${bit}), c, ${code.none}), codes, masks)`;
      return `arrayReverseFill((v, m) -> bitTest(m, ${bit}), ${own}, masks) AS x${e}`;
    }),
  );
  const alive = aliveColumns({ plan, code, within, asOf, layer, fits, behind });

  const runs = targets(plan).map(({ goal, end }, run) => {
    const name = (from: number, what: string) => `r${run}_${from}_${what}`;
    const carried = (from: number) => [
      ...Array.from({ length: end - from + 1 }, (_, k) => `c${from + k}`),
      ...plan.exclusions.flatMap(({ after }, e) => (after >= from && after <= end ? [`x${e}`] : [])),
    ];
    /** What a chain that begins with step `step` knows, as seen from an event of the step before. */
    const seen = (step: number, what: string) => {
      const isNew = what.startsWith('x') && plan.exclusions[Number(what.slice(1))]?.after === step;
      if (isNew || step >= end) return what;
      return behind(step, name(step + 1, what));
    };
    return { run, goal, end, name, carried, seen };
  });
  let done: readonly string[] = [];
  for (let step = count; step >= 2; step -= 1) {
    const flags: string[] = [];
    const columns = runs.flatMap(({ goal, end, name, carried, seen }) => {
      if (step > end) return [];
      const flag = step < goal ? name(step, 'f') : null;
      if (flag !== null) {
        const body = `${isStep(step, 'v_m')} AND ${fits(step + 1, 'v_next', 'v_own')}`;
        flags.push(`arrayMap((v_m, v_next, v_own) -> ${body}, masks, ${seen(step, `c${step + 1}`)}, codes) AS ${flag}`);
      }
      const [by, isHere] = flag === null ? ['masks', isStep(step, 'f')] : [flag, 'f'];
      return carried(step).map((what) => {
        const isOwn = what === `c${step}`;
        const values = isOwn ? `arrayMap((v, f) -> if(${isHere}, v, ${code.none}), codes, ${by})` : seen(step, what);
        return `${strict ? values : `arrayReverseFill((v, f) -> ${isHere}, ${values}, ${by})`} AS ${name(step, what)}`;
      });
    });
    const before = runs.flatMap(({ end, name, carried }) =>
      step < end ? carried(step + 1).map((what) => name(step + 1, what)) : [],
    );
    layer([...flags, ...columns], [...before, ...done]);
    done = flags.map((flag) => String(flag.split(' AS ').at(-1)));
  }

  layer(
    runs.flatMap(({ name, carried, seen }) =>
      carried(1).flatMap((what) => (what === 'c1' ? [] : [`${seen(1, what)} AS ${name(1, what)}`])),
    ),
  );
  const results = runs.map(({ run, goal, end, name, carried }) => {
    const at = (what: string) => (what === 'c1' ? 'v_codes' : `v_${name(1, what)}`);
    const inTime = (step: number) => {
      const chained = step === 2 && goal >= 2 ? fits(2, at('c2'), 'v_codes') : `${at(`c${step}`)} != 0`;
      return `${chained} AND ${code.time(at(`c${step}`))} <= ${code.time('v_codes')} + ${window}`;
    };
    const depth = Array.from({ length: end - 1 }, (_, k) => end - k).reduce(
      (deeper, step) => `if(${inTime(step)}, ${deeper}, ${step - 1})`,
      String(end),
    );
    const spoils = plan.exclusions.flatMap(({ after, before }, e) => {
      if (after > end) return [];
      const x = at(`x${e}`);
      const open = `${code.time(x)} <= ${code.time('v_codes')} + ${window}`;
      const limit =
        before > end
          ? open
          : `if(v_d${run} >= ${before}, ${code.instant(x)} < ${code.instant(at(`c${before}`))}, ${open})`;
      return [`(v_d${run} >= ${after} AND ${x} != 0 AND ${limit})`];
    });
    const arrays = carried(1).flatMap((what) => (what === 'c1' ? [] : [name(1, what)]));
    const spoiled = spoils.length === 0 ? null : `(${spoils.join(' OR ')})`;
    return { run, goal, end, arrays, at, spoiled, depth: `if(v_entries, ${depth}, 0)` };
  });
  const [only] = results;
  const inline = results.length === 1 && only?.spoiled === null;
  if (!inline) {
    layer(results.map(({ run, arrays, depth }) => `${mapped(['codes', 'entries', ...arrays], depth)} AS d${run}`));
  }
  const best = (pick: (result: (typeof results)[number]) => string) =>
    results.reduce(
      (all, result) =>
        result.run === 0 ? pick(result) : `if(v_d${result.run} >= ${result.goal}, ${pick(result)}, ${all})`,
      '0',
    );
  return {
    relation,
    arrays: [
      'codes',
      'entries',
      ...results.flatMap((result) => [...(inline ? [] : [`d${result.run}`]), ...result.arrays]),
      ...alive.arrays,
    ],
    furthest: best(({ run, spoiled, depth }) => {
      if (inline) return depth;
      return spoiled === null ? `v_d${run}` : `if(${spoiled}, 0, v_d${run})`;
    }),
    codes: plan.steps.map((_, i) => best(({ end, at }) => (i + 1 <= end ? at(`c${i + 1}`) : code.none))),
    alive: `(${code.time('v_codes')} + ${window} >= ${asOf} AND ${alive.alive})`,
  };
}

interface AliveParts {
  readonly plan: Plan;
  readonly code: Code;
  readonly within: readonly (string | null)[];
  readonly asOf: string;
  readonly layer: Layer;
  readonly fits: (step: number, next: string, own: string) => string;
  readonly behind: (step: number, array: string) => string;
}

/** Whether some chain of an entry can go on: every step's last gap is still running, or leads to one that is. */
function aliveColumns(parts: AliveParts): { readonly arrays: readonly string[]; readonly alive: string } {
  const { plan, code, within, asOf, layer, fits, behind } = parts;
  const strict = plan.order === 'strict';
  const count = plan.steps.length;
  if (count === 1) return { arrays: [], alive: '0' };
  if (!strict && within.every((gap) => gap === null)) return { arrays: [], alive: '1' };
  for (let step = count - 1; step >= 1; step -= 1) {
    const gap = within[step] ?? null;
    const running = gap === null ? '1' : `${code.time('v_codes')} + ${gap} >= ${asOf}`;
    const ends = strict ? `(${running} AND ${code.instant('v_codes')} = last_instant)` : `(${running})`;
    const here = isStep(step, 'v_masks');
    if (step === count - 1) layer([`${mapped(['masks', 'codes'], `${here} AND ${ends}`)} AS al${step}`]);
    else {
      const flagged = mapped(['codes', `al${step + 1}`], `if(v_al${step + 1}, v_codes, ${code.none})`);
      const next = strict ? flagged : `arrayReverseFill((v, f) -> f, ${flagged}, al${step + 1})`;
      layer([`${next} AS nal${step + 1}`], [`al${step + 1}`]);
      const goesOn = `${here} AND (${ends} OR ${fits(step + 1, 'v_next', 'v_codes')})`;
      const body = `arrayMap((v_masks, v_codes, v_next) -> ${goesOn}, masks, codes, ${behind(step, `nal${step + 1}`)})`;
      layer([`${body} AS al${step}`], [`nal${step + 1}`]);
    }
  }
  return { arrays: ['al1'], alive: 'v_al1' };
}

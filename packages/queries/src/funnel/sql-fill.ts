import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { exclusionBit } from './sql-source.ts';
import type { Code } from './sql-timeline.ts';

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
const fillBack = (values: string, flags: string) => `arrayReverseFill((v, f) -> f, ${values}, ${flags})`;
const later = (array: string, code: Code) => `arrayShiftLeft(${array}, 1, ${code.none})`;

/**
 * Attempts by "next event" arrays: from the last step back to the first, each position learns the chain that starts at or
 * after it. Linear in the number of events, whatever the number of entries. Exact where the earliest next event is the
 * best one: steps are disjoint (or no two events are simultaneous), none is optional, no minimal gaps.
 * Chains of one entry are closed under the pointwise minimum (swap the tails where two chains cross), so the earliest
 * chain to a goal is also the lexicographically smallest.
 */
export function fillAttempts(plan: Plan, code: Code, timelines: string, parameters: Parameters): Filled {
  const strict = plan.order === 'strict';
  const count = plan.steps.length;
  const window = parameters.bind(plan.windowUs, 'UInt64');
  const asOf = parameters.bind(plan.asOfUs, 'UInt64');
  const within = plan.steps.map((step) => (step.withinUs === null ? null : parameters.bind(step.withinUs, 'UInt64')));
  let relation = timelines;
  const layer: Layer = (columns, done = []) => {
    const kept = done.length === 0 ? '*' : `* EXCEPT (${done.join(', ')})`;
    relation = `SELECT ${[kept, ...columns].join(',\n  ')}\nFROM (\n${relation}\n)`;
  };
  const fitting = (step: number, next: string, own: string) => {
    const gap = within[step - 1];
    return gap === null || gap === undefined
      ? `${next} != 0`
      : `(${next} != 0 AND ${code.time(next)} <= ${code.time(own)} + ${gap})`;
  };

  layer([
    ...plan.steps.map((_, i) => (i === 0 ? 'entries AS m1' : `arrayMap(m -> bitTest(m, ${i}), masks) AS m${i + 1}`)),
    ...plan.exclusions.map((_, e) => {
      const flags = `arrayMap(m -> bitTest(m, ${exclusionBit + e}), masks)`;
      return `${later(fillBack(`arrayMap((c, f) -> if(f, c, ${code.none}), codes, ${flags})`, flags), code)} AS x${e}`;
    }),
  ]);

  const runs = targets(plan).map(({ goal, end }, run) => {
    const name = (from: number, what: string) => `r${run}_${from}_${what}`;
    const carried = (from: number) => [
      ...Array.from({ length: end - from + 1 }, (_, k) => `c${from + k}`),
      ...plan.exclusions.flatMap(({ after }, e) => (after >= from && after <= end ? [`x${e}`] : [])),
    ];
    return { run, goal, end, name, carried };
  });
  const alive = aliveColumns(plan, code, within, asOf, layer, fitting);
  let doneFlags: readonly string[] = [];
  for (let step = count; step >= 1; step -= 1) {
    const flags: string[] = [];
    const columns = runs.flatMap(({ goal, end, name, carried }) => {
      if (step > end) return [];
      const known = step === end ? [] : carried(step + 1);
      const next = (what: string) => later(name(step + 1, what), code);
      let flag = `m${step}`;
      if (step < goal) {
        flag = name(step, 'f');
        const variables = `(v_m, v_next, v_own) -> v_m AND ${fitting(step + 1, 'v_next', 'v_own')}`;
        flags.push(`arrayMap(${variables}, m${step}, ${next(`c${step + 1}`)}, codes) AS ${flag}`);
      }
      return carried(step).map((what) => {
        const source = what === `c${step}` ? 'codes' : known.includes(what) ? next(what) : what;
        const own = `arrayMap((v, f) -> if(f, v, ${code.none}), ${source}, ${flag})`;
        return `${strict || step === 1 ? own : fillBack(own, flag)} AS ${name(step, what)}`;
      });
    });
    const before = runs.flatMap(({ end, name, carried }) =>
      step < end ? carried(step + 1).map((c) => name(step + 1, c)) : [],
    );
    layer([...flags, ...columns], [...before, ...(step < count ? [`m${step + 1}`] : []), ...doneFlags]);
    doneFlags = flags.map((flag) => String(flag.split(' AS ').at(-1)));
  }
  const results = runs.map(({ run, goal, end, name, carried }) => {
    const inTime = (step: number) =>
      `(v_${name(1, `c${step}`)} != 0 AND ${code.time(`v_${name(1, `c${step}`)}`)} <= ${code.time('v_codes')} + ${window})`;
    const depth = [`(v_${name(1, 'c1')} != 0)`, ...Array.from({ length: end - 1 }, (_, k) => inTime(k + 2))].join(
      ' + ',
    );
    const spoils = plan.exclusions.flatMap(({ after, before }, e) => {
      if (after > end) return [];
      const x = `v_${name(1, `x${e}`)}`;
      const open = `${code.time(x)} <= ${code.time('v_codes')} + ${window}`;
      const closed = `${code.instant(x)} < ${code.instant(`v_${name(1, `c${before}`)}`)}`;
      const limit = before > end ? open : `if(v_d${run} >= ${before}, ${closed}, ${open})`;
      return [`(v_d${run} >= ${after} AND ${x} != 0 AND ${limit})`];
    });
    const arrays = carried(1).map((what) => name(1, what));
    const spoiled = spoils.length === 0 ? null : `(${spoils.join(' OR ')})`;
    return { run, goal, end, arrays, name, spoiled, depth: `${mapped(['codes', ...arrays], depth)} AS d${run}` };
  });
  layer(results.map(({ depth }) => depth));

  const best = (pick: (result: (typeof results)[number]) => string) =>
    results.reduce(
      (all, result) =>
        result.run === 0 ? pick(result) : `if(v_d${result.run} >= ${result.goal}, ${pick(result)}, ${all})`,
      '0',
    );
  const arrays = [
    'codes',
    'entries',
    ...results.flatMap(({ run, arrays: own }) => [`d${run}`, ...own]),
    ...alive.arrays,
  ];
  return {
    relation,
    arrays,
    furthest: best(({ run, spoiled }) => (spoiled === null ? `v_d${run}` : `if(${spoiled}, 0, v_d${run})`)),
    codes: Array.from({ length: count }, (_, i) =>
      best(({ end, name }) => (i + 1 <= end ? `v_${name(1, `c${i + 1}`)}` : code.none)),
    ),
    alive: `(${code.time('v_codes')} + ${window} >= ${asOf} AND ${alive.alive})`,
  };
}

/** Whether some chain of an entry can go on: every step's last gap is still running, or leads to one that is. */
function aliveColumns(
  plan: Plan,
  code: Code,
  within: readonly (string | null)[],
  asOf: string,
  layer: Layer,
  fitting: (step: number, next: string, own: string) => string,
): { readonly arrays: readonly string[]; readonly alive: string } {
  const strict = plan.order === 'strict';
  const count = plan.steps.length;
  if (count === 1) return { arrays: [], alive: '0' };
  if (!strict && within.every((gap) => gap === null)) return { arrays: [], alive: '1' };
  for (let step = count - 1; step >= 1; step -= 1) {
    const gap = within[step];
    const running = gap === null ? '1' : `${code.time('v_codes')} + ${gap} >= ${asOf}`;
    const ends = strict ? `(${running} AND ${code.instant('v_codes')} = last_instant)` : `(${running})`;
    if (step === count - 1) layer([`${mapped([`m${step}`, 'codes'], `v_m${step} AND ${ends}`)} AS al${step}`]);
    else {
      const flagged = mapped(['codes', `al${step + 1}`], `if(v_al${step + 1}, v_codes, ${code.none})`);
      layer([`${later(strict ? flagged : fillBack(flagged, `al${step + 1}`), code)} AS nal${step}`], [`al${step + 1}`]);
      const goesOn = `v_m${step} AND (${ends} OR ${fitting(step + 1, `v_nal${step}`, 'v_codes')})`;
      layer([`${mapped([`m${step}`, 'codes', `nal${step}`], goesOn)} AS al${step}`], [`nal${step}`]);
    }
  }
  return { arrays: ['al1'], alive: 'v_al1' };
}

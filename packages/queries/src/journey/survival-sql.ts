/**
 * How a time ends, in the lowest byte of a packed time: causes first, so that at equal times outcomes come before
 * censorings, because who is censored at t was at risk at t. Any other number below 255 will do for a cause.
 */
export const endings = { advanced: 0, lost: 1, returned: 2, censored: 255 } as const;

/** One cause to follow; all others compete with it. */
export interface FollowedCause {
  readonly name: string;
  /** Number, or column of the group that holds it. */
  readonly ending: number | string;
  /** Shares whose time is asked for: `{name}_quantiles` has an item for each, µs, null where the curve never gets there. */
  readonly quantiles?: readonly number[];
}

/** Columns of the rows that are followed, as expressions: µs (never negative), ending, and the horizon in µs, one for a group. */
export interface FollowedColumns {
  readonly durationUs: string;
  readonly ending: string;
  readonly horizonUs: string;
}

/** Aggregates of a group that {@link incidenceSql} needs: `n`, `horizon_us`, `at_risk`, `known`, `outcomes`, `last_us`, `last_group`, `times`. */
export function followedAggregates({ durationUs, ending, horizonUs }: FollowedColumns): string {
  const isCensored = `${ending} = ${endings.censored}`;
  return `count() AS n, toUInt64(any(${horizonUs})) AS horizon_us,
  countIf(${durationUs} >= ${horizonUs}) AS at_risk, n - countIf(${durationUs} < ${horizonUs} AND ${isCensored}) AS known,
  countIf(${durationUs} <= ${horizonUs} AND NOT (${isCensored})) AS outcomes, toUInt64(max(${durationUs})) AS last_us,
  arraySort(groupArray(toUInt64(${durationUs}) * 256 + toUInt64(${ending}))) AS times`;
}

// A share that misses p by rounding only has reached it, as in packages/statistics.
const shareTolerance = 1e-9;

const isCensored = `bitAnd(x, 255) = ${endings.censored}`;

/**
 * SQL of the Aalen–Johansen estimate of every group at its horizon. `groups` is a SELECT with {@link followedAggregates} and the
 * columns to `keep`. Row: those, and what `readIncidence` makes the estimate and its interval of: `n`, `horizon_us`, `at_risk`
 * (with a time of the horizon or later), `known` (not censored before it), `outcomes` (of any cause up to it), `last_us`,
 * `is_settled` (the last one is an outcome), and where that is before the horizon `last_group` (how many have the last time),
 * `last_left` and `last_greenwood` (share without outcome before it, and Greenwood's sum up to there); for every cause
 * `{name}_events`, `{name}_share`, `{name}_variance`.
 *
 * An outcome at the i-th time has weight w = 1/(n·G), G the product of 1 − 1/(at risk) over the censorings before it (Satten
 * & Datta, 2001), which is what Aalen & Johansen (1978) have as S/(at risk). Variance: outcomes are taken one by one; at one of
 * the Y at risk, with S = (Y − 1)·w the share left and R = F(horizon) − F, the noise is (S·[cause] − R)²/(Y(Y − 1)). Their
 * sum is the Greenwood-type variance of `packages/statistics`, also where outcomes are tied (the squares of a group add up to
 * its multinomial variance), and no term is negative.
 */
export function incidenceSql(
  groups: string,
  { keep, causes }: { readonly keep: readonly string[]; readonly causes: readonly FollowedCause[] },
): string {
  const columns = [...keep, 'n', 'horizon_us', 'at_risk', 'known', 'outcomes', 'last_us'];
  const curves = causes.map(
    ({ name, ending }) =>
      `${causeCurve(ending)} AS ${name}_curve, arrayCount(x -> x <= limit AND bitAnd(x, 255) = ${ending}, times) AS ${name}_events`,
  );
  return `SELECT ${columns.join(', ')}, is_settled,
  arrayCount(x -> bitShiftRight(x, 8) = last_us, final_times) AS last_group,
  if(last_group = 0, 1., last_group * weights[n]) AS last_left,
  arraySum((x, y) -> if(y <= last_group OR ${isCensored}, 0., 1 / (y * (y - 1))), final_times, arraySlice(risk, 1, length(final_times))) AS last_greenwood,
  ${causes.flatMap(causeColumns).join(',\n  ')}
FROM (
SELECT *, horizon_us * 256 + 254 AS limit, arrayCount(x -> x <= limit, times) AS upto,
  arrayMap((y, w) -> if(y = 1, 0., (y - 1) * w), risk, weights) AS left,
  arrayMap((x, y) -> if(y = 1 OR x > limit OR ${isCensored}, 0., 1 / (y * (y - 1))), times, risk) AS chances,
  bitAnd(times[n], 255) != ${endings.censored} AS is_settled,
  arraySlice(times, 1, if(is_settled AND last_us <= horizon_us, n, 0)) AS final_times,
  ${curves.join(',\n  ')}
FROM (
${weightedGroups(groups)}
)
)`;
}

/** SQL that adds to groups with `n` and `times` their `weights` (see {@link incidenceSql}) and `risk`, the numbers at risk. */
export function weightedGroups(groups: string): string {
  return `SELECT *, arrayMap(i -> toFloat64(i), arrayReverse(range(1, n + 1))) AS risk,
  arrayMap(l -> exp(-l) / n, arrayCumSum((x, y) -> if(${isCensored}, log(1 - 1 / y), 0.), times, risk)) AS weights
FROM (
${groups}
)`;
}

/** SQL of the running share of a cause over `times` and `weights`, an item per time. */
export function causeCurve(ending: number | string): string {
  return `arrayCumSum((x, w) -> if(bitAnd(x, 255) = ${ending}, w, 0.), times, weights)`;
}

/** SQL of the first time, µs, at which a curve has reached a share; null where it never does. */
export function timeOfShare(p: number, curve: string): string {
  const reached = `arrayFirstIndex(f -> f >= ${p - shareTolerance}, ${curve})`;
  return `if(${reached} = 0, NULL, bitShiftRight(times[${reached}], 8))`;
}

function causeColumns({ name, ending, quantiles }: FollowedCause): string[] {
  const share = `${name}_share`;
  const surprise = `(if(bitAnd(x, 255) = ${ending}, s, 0.) - (${share} - f))`;
  const columns = [
    `${name}_events`,
    `${name}_curve[upto] AS ${share}`,
    `arraySum((x, s, f, c) -> ${surprise} * ${surprise} * c, times, left, ${name}_curve, chances) AS ${name}_variance`,
  ];
  if (quantiles === undefined) return columns;
  const times = quantiles.map((p) => timeOfShare(p, `${name}_curve`));
  return [...columns, `[${times.join(', ')}] AS ${name}_quantiles`];
}

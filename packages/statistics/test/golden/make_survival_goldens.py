"""Golden vectors for survival analysis: from lifelines and SciPy, and from plain sums where they have no answer.

Made with (Python 3.11, in a virtual environment outside the repository):
    pip install lifelines scipy statsmodels
    python packages/statistics/test/golden/make_survival_goldens.py packages/statistics/test/survival

Kaplan-Meier: lifelines, intervals and quantiles included. Aalen-Johansen: lifelines where no time holds two kinds of
outcome (it would jitter them); for all cohorts the sums of Marubini & Valsecchi, written out over single customers.
Areas: their textbook sums. Where two sources overlap the script asserts that they agree before it writes anything.
"""

import json
import sys
import warnings
from math import exp, log, sqrt
from pathlib import Path

import lifelines
import numpy
import scipy
import statsmodels
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_lung
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import qth_survival_times, restricted_mean_survival_time
from scipy.stats import chi2, norm
from statsmodels.duration.survfunc import CumIncidenceRight

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
random = numpy.random.default_rng(20261121)
Z = norm.ppf(0.975)
OUTCOMES = {0: "open", 1: "advanced", 2: "lost"}


def write(name, rows):
    versions = {"lifelines": lifelines.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    text = ",\n    ".join(json.dumps(row) for row in rows)
    (out / f"{name}.golden.json").write_text(f'{{\n  "madeWith": {json.dumps(versions)},\n  "rows": [\n    {text}\n  ]\n}}\n')


def near(a, b, tolerance=1e-9):
    assert abs(a - b) <= tolerance * max(1, abs(a), abs(b)), (a, b)


def finite(x):
    return float(x) if numpy.isfinite(x) else None


def at_risk(cohort, t):
    return sum(1 for time, _ in cohort if time >= t)


def count(cohort, t, outcome):
    return sum(1 for time, kind in cohort if time == t and kind == outcome)


def outcome_times(cohort):
    return sorted({time for time, kind in cohort if kind != 0})


def aalen_johansen(cohort, cause):
    """[(t, n, d, d_cause, S before, F)] per distinct time with an outcome."""
    s, f, rows = 1.0, 0.0, []
    for t in outcome_times(cohort):
        n, own = at_risk(cohort, t), count(cohort, t, cause)
        d = own + count(cohort, t, 3 - cause)
        f += s * own / n
        rows.append((t, n, d, own, s, f))
        s *= (n - d) / n
    return rows


def variance_of_share(rows, t):
    """Marubini & Valsecchi (1995), section 10.2, over the rows up to t."""
    rows = [row for row in rows if row[0] <= t]
    end = rows[-1][5] if rows else 0.0
    total = 0.0
    for _, n, d, own, s, f in rows:
        total += s * s * own * (n - own) / n**3 - 2 * (end - f) * s * own / n**2
        if d < n:
            total += (end - f) ** 2 * d / (n * (n - d))
    return total


def area(rows, start, tau, above=0.0):
    """Integral of F - above from start to tau."""
    total, now, f = 0.0, start, next((row[5] for row in reversed(rows) if row[0] <= start), 0.0)
    for row in rows:
        if start < row[0] <= tau:
            total += (row[0] - now) * (f - above)
            now, f = row[0], row[5]
    return total + (tau - now) * (f - above)


def variance_of_area(rows, tau):
    total = 0.0
    for t, n, d, own, s, f in rows:
        if t > tau:
            continue
        jump, later = s * (tau - t), area(rows, t, tau, f)
        total += jump**2 * own * (n - own) / n**3 - 2 * jump * later * own / n**2
        if d < n:
            total += later**2 * d / (n * (n - d))
    return total


def cloglog(f, variance):
    centre, half = log(-log(1 - f)), Z * sqrt(variance) / ((1 - f) * -log(1 - f))
    return 1 - exp(-exp(centre - half)), 1 - exp(-exp(centre + half))


def kaplan_meier_area(cohort, tau):
    """Area under Kaplan-Meier to tau and its variance by Greenwood's sum, losses censored."""
    fitted = [(t, at_risk(cohort, t), count(cohort, t, 1)) for t in outcome_times(cohort) if count(cohort, t, 1) and t <= tau]
    s, now, total, pieces = 1.0, 0.0, 0.0, []
    for t, n, d in fitted + [(tau, 1, 0)]:
        pieces.append((now, t, s))
        total += (t - now) * s
        now, s = t, s * (n - d) / n
    variance = sum(sum(s * (b - a) for a, b, s in pieces if a >= t) ** 2 * d / (n * (n - d)) for t, n, d in fitted if d < n)
    return total, variance


def draw(n, scale, ties, censoring):
    cohort = []
    for _ in range(n):
        advance, loss, stop = random.exponential(scale), random.exponential(scale * 1.7), random.uniform(0, censoring)
        t = min(advance, loss, stop)
        kind = 1 if t == advance else 2 if t == loss else 0
        cohort.append((float(numpy.floor(t)) if ties else round(float(t), 6), kind))
    return cohort


def freireich(arm):
    frame = load_leukemia()
    return [(float(t), int(s)) for t, s, rx in zip(frame["t"], frame["status"], frame["Rx"]) if rx == arm]


lung = load_lung()
cohorts = {
    "6-MP": freireich(0),
    "placebo": freireich(1),
    "lung, men": [(float(t), int(s)) for t, s, sex in zip(lung["time"], lung["status"], lung["sex"]) if sex == 1],
    "lung, women": [(float(t), int(s)) for t, s, sex in zip(lung["time"], lung["status"], lung["sex"]) if sex == 2],
    "competing, distinct times": draw(80, 10, False, 25),
    "competing, distinct times, heavy censoring": draw(120, 40, False, 20),
    "competing, tied": draw(90, 8, True, 30),
    "competing, tied, many at 0": draw(60, 2, True, 6),
    "competing, settled": [(t, k) for t, k in draw(70, 6, True, 10**9)],
    "tiny": [(0.0, 1), (1.0, 2), (1.0, 1), (1.0, 0), (2.5, 0), (3.0, 1), (3.0, 2)],
}
assert any(t == 0 and k == 1 for t, k in cohorts["competing, tied, many at 0"])

km_rows, aj_rows, mean_rows = [], [], []
for name, cohort in cohorts.items():
    times, kinds = [t for t, _ in cohort], [k for _, k in cohort]
    durations = [[t, OUTCOMES[k]] for t, k in cohort]
    for cause in (1, 2) if 2 in kinds else (1,):
        fitter = KaplanMeierFitter().fit(times, [k == cause for k in kinds])
        lower, upper = fitter.confidence_interval_.columns
        steps = []
        for t in outcome_times(cohort):
            if count(cohort, t, cause) == 0:
                continue
            estimate = float(fitter.survival_function_.loc[t].iloc[0])
            lo, hi = fitter.confidence_interval_.loc[t, lower], fitter.confidence_interval_.loc[t, upper]
            plain = [(at_risk(cohort, u), count(cohort, u, cause)) for u in outcome_times(cohort) if u <= t]
            variance = estimate**2 * sum(d / (n * (n - d)) for n, d in plain if d < n)
            step = {"seconds": t, "atRisk": at_risk(cohort, t), "events": count(cohort, t, cause), "estimate": estimate}
            if 0 < estimate < 1:
                low, high = cloglog(1 - estimate, variance)
                near(1 - high, lo)
                near(1 - low, hi)
            steps.append({**step, "standardError": sqrt(variance), "lo": finite(lo) if estimate > 0 else None, "hi": finite(hi) if estimate > 0 else None})
        quantiles = []
        for p in (0.25, 0.5, 0.75, 0.9):
            bounds = qth_survival_times(1 - p, fitter.confidence_interval_[[lower, upper]])
            lo, hi = float(bounds.iloc[0, 0]), float(bounds.iloc[0, 1])
            # lifelines gives the interval (0, 0) where the curve is 0; there the bounds are ours.
            settled = steps[-1]["estimate"] == 0
            unsure = lambda bound: settled and bound == steps[-1]["seconds"]
            quantiles.append({"p": p, "seconds": finite(fitter.percentile(1 - p)), "lo": None if unsure(lo) else finite(lo), "hi": None if unsure(hi) else finite(hi), "settledBounds": bool(unsure(lo) or unsure(hi))})
        km_rows.append({"name": name, "event": OUTCOMES[cause], "durations": durations, "steps": steps, "quantiles": quantiles})

    if 2 in kinds:
        for cause in (1, 2):
            rows = aalen_johansen(cohort, cause)
            mixed = any(count(cohort, t, 1) and count(cohort, t, 2) for t in outcome_times(cohort))
            theirs = CumIncidenceRight(numpy.array(times), numpy.array(kinds)) if min(times) > 0 else None
            fitter = None if mixed else AalenJohansenFitter().fit(times, kinds, event_of_interest=cause)
            steps = []
            for t, n, d, own, s, f in rows:
                if own == 0:
                    continue
                variance = variance_of_share(rows, t)
                if fitter is not None:
                    near(float(fitter.cumulative_density_.loc[t].iloc[0]), f)
                    # lifelines divides by zero where the last customers at risk all have an outcome.
                    if d < n:
                        near(float(fitter.variance_.loc[t]), variance)
                if theirs is not None:
                    near(float(theirs.cinc[cause - 1][list(theirs.times).index(t)]), f)
                lo, hi = cloglog(f, variance)
                steps.append({"seconds": t, "atRisk": n, "events": own, "estimate": f, "standardError": sqrt(variance), "lo": lo, "hi": hi})
            aj_rows.append({"name": name, "cause": OUTCOMES[cause], "lifelines": fitter is not None, "durations": durations, "steps": steps})

    longest = max(times)
    for tau in (longest * 0.31, longest * 0.5, sorted(times)[len(times) // 2] or 0.5, longest):
        rows = aalen_johansen(cohort, 1)
        naive, naive_variance = kaplan_meier_area(cohort, tau)
        fitter = KaplanMeierFitter().fit(times, [k == 1 for k in kinds])
        near(restricted_mean_survival_time(fitter, t=tau), naive, 1e-8)
        won, variance = area(rows, 0.0, tau), variance_of_area(rows, tau)
        if 2 not in kinds:
            near(tau - won, naive)
            near(variance, naive_variance)
        if any(row[3] and row[0] < tau for row in rows):
            mean_rows.append({"name": name, "durations": durations, "tau": tau, "neverAdvance": tau - won, "neverAdvanceError": sqrt(variance), "censored": naive, "censoredError": sqrt(naive_variance)})

write("kaplan-meier", km_rows)
write("aalen-johansen", aj_rows)
write("restricted-mean", mean_rows)

families = [("6-MP", "placebo"), ("lung, men", "lung, women"), ("competing, tied", "competing, settled"), ("competing, distinct times", "competing, tied", "competing, settled"), ("6-MP", "placebo", "competing, tied", "competing, tied, many at 0"), ("tiny", "competing, tied, many at 0")]
rank_rows = []
for family in families:
    groups = [[[t, OUTCOMES[k]] for t, k in cohorts[name]] for name in family]
    times = [t for name in family for t, _ in cohorts[name]]
    events = [k == 1 for name in family for _, k in cohorts[name]]
    result = multivariate_logrank_test(times, [i for i, name in enumerate(family) for _ in cohorts[name]], events)
    rank_rows.append({"groups": groups, "chiSquare": float(result.test_statistic), "degreesOfFreedom": len(family) - 1, "pValue": float(result.p_value)})
write("log-rank", rank_rows)

values = [1e-12, 1e-3, 0.5, 1.0, 3.841458820694124, 10.0, 16.79, 100.0, 500.0, 1300.0]
write("chi-square", [{"x": x, "df": df, "survival": float(chi2.sf(x, df))} for df in (1, 2, 3, 4, 7, 20, 51, 400) for x in values])

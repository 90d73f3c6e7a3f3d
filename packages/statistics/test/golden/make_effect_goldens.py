"""Golden vectors for means, rate ratios, shrinkage, NPS differences and the gain of a bottleneck.

Made with (Python 3.11, in a virtual environment outside the repository):
    pip install scipy==1.17.1 statsmodels==0.15.0
    python packages/statistics/test/golden/make_effect_goldens.py packages/statistics/test

Where SciPy and statsmodels have the method it is theirs (Student t, beta, Welch, Paule-Mandel, Poisson score, conditional
mid-p test); the rest is written from the papers here, with other means than the package: full convolutions and Brent's
root finder instead of tilted partial sums and bisection.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy
import scipy
import statsmodels
from scipy.optimize import brentq
from scipy.stats import beta, binom, norm, t, ttest_ind_from_stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson, test_poisson_2indep

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
random = numpy.random.default_rng(20261122)
Z = float(norm.ppf(0.975))


def write(name, rows):
    made_with = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    text = ",\n    ".join(json.dumps(row) for row in rows)
    (out / f"{name}.golden.json").write_text(f'{{\n  "madeWith": {json.dumps(made_with)},\n  "rows": [\n    {text}\n  ]\n}}\n')


dfs = [0.5, 1, 1.7, 2, 5, 12.34, 29, 100, 1000.5, 1e6]
rows = [{"df": df, "t": x, "survival": float(t.sf(x, df))} for df in dfs for x in (-30.0, -1.5, 0.0, 0.01, 0.7, 2.0, 5.5, 40.0)]
rows += [{"df": df, "p": p, "quantile": float(t.ppf(p, df))} for df in dfs for p in (1e-10, 0.001, 0.025, 0.3, 0.5, 0.75, 0.975, 0.9995)]
write("student", rows)

shapes = [(0.5, 0.5), (1, 1), (2, 3), (0.3, 7.5), (30.5, 4.25), (500, 700), (1e5, 2e5), (3, 1e6)]
rows = []
for a, b in shapes:
    for p in (1e-8, 0.025, 0.5, 0.975, 0.99999):
        x = float(beta.ppf(p, a, b))
        rows.append({"a": a, "b": b, "x": x, "lower": float(beta.cdf(x, a, b)), "upper": float(beta.sf(x, a, b)), "p": p, "quantile": x})
write("beta", rows)

rows = []
for n1, n2 in [(2, 2), (3, 50), (30, 25), (400, 1000), (12, 90000)]:
    for m1, m2, v1, v2 in [(0.1, 0.3, 0.4, 0.5), (-1.0, 2.0, 9.0, 0.01), (5.0, 5.0, 1.0, 2.0), (0.2, 0.1, 0.0, 0.3)]:
        test = ttest_ind_from_stats(m1, v1**0.5, n1, m2, v2**0.5, n2, equal_var=False)
        interval = {}
        if v1 > 0:
            half = t.ppf(0.975, n1 - 1) * (v1 / n1) ** 0.5
            interval = {"lo1": m1 - half, "hi1": m1 + half}
        w1, w2 = v1 / n1, v2 / n2
        df = (w1 + w2) ** 2 / (w1**2 / (n1 - 1) + w2**2 / (n2 - 1))
        half = t.ppf(0.975, df) * (w1 + w2) ** 0.5
        rows.append({"a": {"n": n1, "mean": m1, "variance": v1}, "b": {"n": n2, "mean": m2, "variance": v2}, "t": float(test.statistic), "p": float(test.pvalue), "df": df, "lo": m1 - m2 - half, "hi": m1 - m2 + half, **interval})
write("welch", rows)


def mantel_haenszel(strata):
    a1, t1, a0, t0 = (numpy.array(column, float) for column in zip(*strata))
    total = t1 + t0
    ratio = (a1 * t0 / total).sum() / (a0 * t1 / total).sum()
    variance = ((a1 + a0) * t1 * t0 / total**2).sum() / ((a1 * t0 / total).sum() * (a0 * t1 / total).sum())
    half = Z * variance**0.5
    return ratio, ratio * numpy.exp(-half), ratio * numpy.exp(half), 2 * norm.sf(abs(numpy.log(ratio)) / variance**0.5)


def conditional(strata):
    a1 = sum(s[0] for s in strata)
    total = sum(s[0] + s[2] for s in strata)

    def mid(log_ratio):
        mass = numpy.array([1.0])
        for x1, t1, x0, t0 in strata:
            odds = t1 / t0 * numpy.exp(log_ratio)
            mass = numpy.convolve(mass, binom.pmf(range(x1 + x0 + 1), x1 + x0, odds / (1 + odds)))
        return mass[:a1].sum() + mass[a1] / 2, mass[a1 + 1 :].sum() + mass[a1] / 2

    hi = None if a1 == total else float(numpy.exp(brentq(lambda x: mid(x)[0] - 0.025, -40, 40, xtol=1e-13)))
    lo = 0.0 if a1 == 0 else float(numpy.exp(brentq(lambda x: mid(x)[1] - 0.025, -40, 40, xtol=1e-13)))
    return lo, hi, min(1.0, 2 * min(mid(0.0)))


rows = []
named = ("eventsExposed", "timeExposed", "eventsUnexposed", "timeUnexposed")
tables = [[(20, 100.0, 35, 90.5)], [(10, 1.0, 10, 30.0)], [(3000, 1e7, 2800, 1.1e7)]]
tables += [[(int(random.integers(0, 40)) + 3, float(random.random() * 500 + 1), int(random.integers(0, 60)) + 3, float(random.random() * 800 + 1)) for _ in range(size)] for size in (3, 5, 10, 40)]
tables += [[(0, 10.0, 4, 11.0)], [(5, 10.0, 0, 11.0)], [(0, 3.5, 1, 1.0)], [(9, 50.0, 2000, 30000.0)], [(2000, 40000.0, 4, 30.0)], [(9, 0.5, 30, 9000.0)], [(1, 1e-3, 9, 1e3)], [(6, 1.0, 20, 1000.0)], [(300, 5e3, 7, 5.0)]]
tables += [[(int(random.integers(0, 2)), float(random.random() * 50 + 1), int(random.integers(0, 4)), float(random.random() * 80 + 1)) for _ in range(size)] for size in (2, 4, 7, 7)]
for strata in tables:
    exposed, unexposed = sum(s[0] for s in strata), sum(s[2] for s in strata)
    row = {"strata": [dict(zip(named, s)) for s in strata]}
    if min(exposed, unexposed) >= 10:
        ratio, lo, hi, p = mantel_haenszel(strata)
        row |= {"method": "mantel-haenszel", "ratio": float(ratio), "lo": float(lo), "hi": float(hi), "p": float(p)}
    else:
        lo, hi, p = conditional(strata)
        if len(strata) == 1:
            (x1, t1, x0, t0) = strata[0]
            sides = [test_poisson_2indep(x1, t1, x0, t0, method="cond-midp", alternative=side).pvalue for side in ("larger", "smaller")]
            assert abs(min(1, 2 * min(sides)) - p) < 1e-9, (strata, sides, p)
        ratio = None if unexposed == 0 else float(mantel_haenszel(strata)[0]) if exposed else 0.0
        row |= {"method": "conditional", "ratio": ratio, "lo": lo, "hi": hi, "p": float(p)}
    rows.append(row)
write("rate-ratio", rows)


def morris(y, v, between):
    k = len(y)
    w = 1 / (v + between)
    mean = (w * y).sum() / w.sum()
    b = (k - 3) / (k - 1) * v / (v + between)
    leverage = k * w / w.sum()
    average = (w * v).sum() / w.sum()
    spread = 2 / (k - 3) * b**2 * (average + between) / (v + between)
    return mean, (1 - b) * y + b * mean, v * (1 - (k - leverage) / k * b) + spread * (y - mean) ** 2


rows = []
for size, tau in [(4, 0.5), (5, 0.0), (9, 0.3), (20, 0.1)]:
    n = random.integers(2, 60, size)
    samples = [random.normal(tau * random.normal(), random.uniform(0.3, 0.9), int(m)) for m in n]
    y = numpy.array([s.mean() for s in samples])
    variances = numpy.array([s.var(ddof=1) for s in samples])
    pooled = ((n - 1) * variances).sum() / (n - 1).sum()
    v = numpy.where(n >= 30, variances, pooled) / n
    fit = combine_effects(y, v, method_re="iterated", use_t=False, atol=1e-10, maxiter=1000)
    between = max(0.0, float(fit.tau2))
    mean, shrunk, posterior = morris(y, v, between)
    cells = [{"n": int(a), "mean": float(b), "variance": float(c)} for a, b, c in zip(n, y, variances)]
    half = Z * posterior**0.5
    rows.append({"cells": cells, "between": between, "mean": float(mean), "shrunk": shrunk.tolist(), "lo": (shrunk - half).tolist(), "hi": (shrunk + half).tolist()})
write("shrink-means", rows)

rows = []
for size, strength in [(4, 5), (6, 30), (12, 60), (8, 1e9)]:
    n = random.integers(10, 300, size)
    k = random.binomial(n, random.beta(0.3 * strength, 0.7 * strength, size))
    y, mu = k / n, k.sum() / n.sum()
    single = mu * (1 - mu)

    def excess(between):
        total = (single - between) / n + between
        centre = (y / total).sum() / (1 / total).sum()
        return ((y - centre) ** 2 / total).sum() - (size - 1)

    between = 0.0 if excess(0) <= 0 else brentq(excess, 0, single / 2, xtol=1e-16, rtol=1e-14)
    mean, rate, posterior = morris(y, (single - between) / n, between)
    m = (single - between) / posterior - 1
    lo, hi = beta.ppf(0.025, rate * m, (1 - rate) * m), beta.ppf(0.975, rate * m, (1 - rate) * m)
    rows.append({"segments": [{"k": int(a), "n": int(b)} for a, b in zip(k, n)], "rate": rate.tolist(), "lo": lo.tolist(), "hi": hi.tolist()})
write("shrink-rates", rows)

rows = []
for _ in range(12):
    counts = random.integers(0, 80, (2, 3)) + numpy.array([[1, 0, 0], [0, 1, 0]])
    raw, value, variance = [], [], []
    for p, q, d in counts:
        raw.append((p - d) / (p + q + d))
        m = p + q + d + 1.5
        p, d = (p + 0.375) / m, (d + 0.375) / m
        value.append(p - d)
        variance.append((p + d - (p - d) ** 2) / m)
    error = sum(variance) ** 0.5
    centre = value[0] - value[1]
    a, b = ({"promoters": int(p), "passives": int(q), "detractors": int(d)} for p, q, d in counts)
    rows.append({"a": a, "b": b, "difference": 100 * (raw[0] - raw[1]), "lo": max(-200, 100 * (centre - Z * error)), "hi": min(200, 100 * (centre + Z * error)), "p": float(2 * norm.sf(abs(centre / error)))})
write("nps-difference", rows)

rows = []
for entered, months, current, best, completed in [
    (300, 3.0, (60, 200), (0.45, 0.38, 0.52, 150), (80, 120)),
    (31, 1.0, (20, 31), (0.5, 0.33, 0.68, 33), (12, 40)),
    (0, 2.5, (5, 300), (0.2, 0.1, 0.31, 90), (30, 30)),
    (90000, 12.0, (31000, 90000), (0.35, 0.34, 0.362, 8000), (0, 500)),
    (500, 6.0, (50, 100), (0.5, 0.4, 0.6, 200), (70, 100)),
]:
    p1, p2, lam, c = current[0] / current[1], best[0], entered / months, completed[0] / completed[1]
    l1, u1 = proportion_confint(*current, method="wilson")
    lc, uc = proportion_confint(*completed, method="wilson")
    ll, ul = (x / months for x in confint_poisson(entered, 1, method="score"))
    d = p2 - p1
    gain = lam * d * c
    down = (lam * c) ** 2 * ((p2 - best[1]) ** 2 + (u1 - p1) ** 2)
    up = (lam * c) ** 2 * ((best[2] - p2) ** 2 + (p1 - l1) ** 2)
    shrinking = (d * c * (lam - ll)) ** 2 + (d * lam * (c - lc)) ** 2
    growing = (d * c * (ul - lam)) ** 2 + (d * lam * (uc - c)) ** 2
    down, up = (down + shrinking, up + growing) if d > 0 else (down + growing, up + shrinking)
    rows.append({"entered": entered, "months": months, "current": {"k": current[0], "n": current[1]}, "best": {"rate": p2, "lo": best[1], "hi": best[2], "n": best[3]}, "completed": {"k": completed[0], "n": completed[1]}, "gain": gain, "lo": float(gain - down**0.5), "hi": float(gain + up**0.5)})
write("bottleneck-gain", rows)

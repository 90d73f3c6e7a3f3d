"""Golden vectors for the distributions behind alerts: beta-binomial, negative binomial, two correlated normals.

Made with (Python 3.11, in a virtual environment outside the repository):
    pip install scipy==1.17.1 mpmath==1.3.0
    python packages/statistics/test/golden/make_baseline_goldens.py packages/statistics/test [NAME…]

The beta-binomial mass is SciPy's; its tails beyond SciPy's precision are sums of masses from mpmath with 60 digits (minutes). The
evidence of rates is written here with matrices: a mixed linear model with its full covariance instead of sums by group.
"""

import json
import sys
from pathlib import Path

import numpy
import scipy
from scipy.integrate import quad
from scipy.stats import betabinom, nbinom, norm

out = Path(sys.argv[1])
only = sys.argv[2:]


def write(name, rows):
    text = ",\n    ".join(json.dumps(row) for row in rows)
    header = json.dumps({"scipy": scipy.__version__})
    (out / f"{name}.golden.json").write_text(f'{{\n  "madeWith": {header},\n  "rows": [\n    {text}\n  ]\n}}\n')


def tails(k, n, a, b):
    """Both tails from masses with 60 digits, as far as SciPy's own survival function keeps no relative precision."""
    from mpmath import beta, binomial, mp, mpf

    mp.dps = 60
    a, b = mpf(a), mpf(b)
    term = binomial(n, k) * beta(k + a, n - k + b) / beta(a, b)
    upper, up = term, term
    for j in range(k, n):
        up *= mpf(n - j) / (j + 1) * (j + a) / (n - j - 1 + b)
        upper += up
    lower, down = term, term
    for j in range(k, 0, -1):
        down *= mpf(j) / (n - j + 1) * (n - j + b) / (j - 1 + a)
        lower += down
    return float(term), float(upper), float(lower)


def beta_binomial():
    cases = [(0, 1, 1, 1), (1, 1, 0.5, 0.5), (3, 10, 0.2, 0.3), (10, 10, 0.01, 5), (0, 50, 2, 8), (40, 200, 40, 160), (80, 200, 400, 1600), (120, 200, 20, 80), (200, 200, 30, 70), (70, 500, 0.5, 0.5), (260, 1000, 2000.5, 8000.5), (400, 1000, 1e5, 4e5), (21000, 10**5, 200, 800), (20500, 10**5, 2e6, 8e6), (201500, 10**6, 2e4, 8e4), (210000, 10**6, 1e8, 4e8), (5, 10**6, 0.7, 3e5), (199000, 10**6, 2e7, 8e7)]
    rows = []
    for k, n, a, b in cases:
        mass, upper, lower = tails(k, n, a, b)
        if n <= 1000:
            assert abs(betabinom.pmf(k, n, a, b) / mass - 1) < 1e-6, (k, n, a, b)
            assert abs(betabinom.sf(k - 1, n, a, b) - upper) < 1e-6
        rows.append({"k": k, "n": n, "a": a, "b": b, "logMass": float(betabinom.logpmf(k, n, a, b)) if a + b <= 1e4 and n <= 1000 else None, "mass": mass, "upper": upper, "lower": lower})
    return rows



def negative_binomial():
    rows = []
    for x, mean, size in [(0, 0.3, 2), (0, 40, 50), (3, 40, 5), (60, 100, 1e3), (700, 1000, 200), (9000, 10000, 1e4), (99000, 1e5, 1e9), (400000, 1e6, 30), (12, 10, 3)]:
        rows.append({"x": x, "mean": mean, "size": size, "lower": float(nbinom.cdf(x, size, size / (size + mean)))})
    return rows



def joint_exceedance():
    rows = []
    for z in (-1.0, 0.0, 0.5, 2.0, 3.5, 4.5):
        for rho in (0.0, 0.1, 0.5, 6 / 7, 0.99, 1.0):
            if rho in (0.0, 1.0):
                joint = norm.sf(z) ** (2 if rho == 0.0 else 1)
            else:
                joint = quad(lambda x: norm.pdf(x) * norm.sf((z - rho * x) / (1 - rho**2) ** 0.5), z, z + 40, epsabs=0, epsrel=1e-12, limit=500, points=[z, z + 0.5, z + 2, z + 6])[0]
            rows.append({"z": z, "correlation": rho, "joint": float(joint)})
    return rows


def grid(low, high, scale, points):
    """Square roots of variances in equal steps of log, 0 before them, and the half-Cauchy weights."""
    step = numpy.log(high / low) / (points - 1)
    deviations = low * numpy.exp(step * numpy.arange(points))
    weights = deviations / (1 + (deviations / scale) ** 2)
    return numpy.append(0, deviations**2), numpy.append(low * numpy.exp(-step / 2) / step, weights)


def evidence(windows, asked):
    """For each over-dispersion: restricted log-likelihood and Beta(a, b) of the next window of the group `asked`."""
    k, n, group = (numpy.array(column, float) for column in zip(*windows))
    rate = (k.sum() + 0.5) / (n.sum() + 1)

    def single(g):
        shrunk = (k[group == g].sum() + 4 * rate) / (n[group == g].sum() + 4)
        return shrunk * (1 - shrunk)

    y, ones = k / n, numpy.ones((len(k), 1))
    own = numpy.array([single(g) for g in group])
    same = (group[:, None] == group[None, :]).astype(float)
    spreads, _ = grid(0.005, 0.5, 0.1, 12)
    betweens, priors = grid(0.01, 0.7, 0.1, 9)
    if len({*group.tolist(), asked}) == 1:
        betweens, priors = betweens[:1], priors[:1]
    candidates = []
    for rho in spreads:
        cells = []
        for delta, prior in zip(betweens * rate * (1 - rate), priors):
            covariance = numpy.diag(own * (rho + (1 - rho) / n)) + delta * same
            inverse = numpy.linalg.inv(covariance)
            precision = (ones.T @ inverse @ ones).item()
            centre = (ones.T @ inverse @ y).item() / precision
            residual = y - centre
            log_likelihood = -0.5 * (numpy.linalg.slogdet(covariance)[1] + numpy.log(precision) + residual @ inverse @ residual)
            towards = delta * (group == asked) @ inverse
            mean = centre + towards @ residual
            variance = delta - towards @ (delta * (group == asked)) + (1 - towards.sum()) ** 2 / precision
            cells.append((log_likelihood + numpy.log(prior), mean, variance))
        logs, means, variances = (numpy.array(column) for column in zip(*cells))
        weights = numpy.exp(logs - logs.max())
        mean = (weights * means).sum() / weights.sum()
        variance = (weights * (variances + means**2)).sum() / weights.sum() - mean**2
        strength = single(asked) / variance
        centre = (min(1, max(0, mean)) * strength + 0.5) / (strength + 1)
        observations = 1 / (rho + (1 - rho) / (strength + 2)) - 1
        candidates.append({"logLikelihood": float(logs.max() + numpy.log(weights.sum())), "a": float(centre * observations), "b": float((1 - centre) * observations)})
    first = candidates[0]["logLikelihood"]
    return [{**each, "logLikelihood": each["logLikelihood"] - first} for each in candidates]


def rate_evidence():
    random = numpy.random.default_rng(20261126)
    rows = []
    for size, groups, asked, mean, rate in [(5, 1, 0, 200, 0.2), (28, 7, 3, 60, 0.4), (12, 3, 1, 900, 0.05), (9, 3, 5, 40, 0.3), (2, 2, 0, 10, 0.5)]:
        windows = []
        for i in range(size):
            n = 1 + int(random.poisson(mean))
            windows.append((int(random.binomial(n, random.beta(rate * 60, (1 - rate) * 60))), n, i % groups))
        rows.append({"windows": [{"k": k, "n": n, "group": g} for k, n, g in windows], "group": asked, "candidates": evidence(windows, asked)})
    return rows


for name, make in [("beta-binomial", beta_binomial), ("negative-binomial", negative_binomial), ("joint-exceedance", joint_exceedance), ("rate-evidence", rate_evidence)]:
    if not only or name in only:
        write(name, make())

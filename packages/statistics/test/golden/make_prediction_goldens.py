"""Golden vectors for discrimination, Brier score, calibration, lead times and logistic regression.

Made with (Python 3.11, in a virtual environment outside the repository):
    pip install scipy==1.17.1 statsmodels==0.15.0
    python packages/statistics/test/golden/make_prediction_goldens.py packages/statistics/test/prediction

The area under the ROC curve and DeLong's variance are computed pair by pair (O(mn)), not by ranks. Logistic regression without
penalty is that of statsmodels; Firth's is a maximum found by SciPy on the penalised likelihood itself (no scoring equations), searched
for twice; good to about 1e-6.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import binom, norm

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
random = numpy.random.default_rng(20261122)
Z = float(norm.ppf(0.975))


def write(name, rows):
    made_with = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    text = ",\n    ".join(json.dumps(row) for row in rows)
    (out / f"{name}.golden.json").write_text(f'{{\n  "madeWith": {json.dumps(made_with)},\n  "rows": [\n    {text}\n  ]\n}}\n')


def kernel(x, y):
    return 1.0 if x > y else 0.5 if x == y else 0.0


rows = []
for m, n, digits, shift in [(2, 2, 1, 0.5), (7, 12, 0, 0.5), (12, 7, 1, -0.4), (30, 80, 1, 0.8), (25, 60, 6, 1.5), (40, 40, 0, 0)]:
    x = numpy.round(random.normal(shift, 1, m), digits) + 0.0
    y = numpy.round(random.normal(0, 1, n), digits) + 0.0
    psi = numpy.array([[kernel(a, b) for b in y] for a in x])
    auc = psi.mean()
    variance = psi.mean(axis=1).var(ddof=1) / m + psi.mean(axis=0).var(ddof=1) / n
    row = {"positives": x.tolist(), "negatives": y.tolist(), "auc": auc, "standardError": variance**0.5}
    if 0 < auc < 1:
        half = Z * variance**0.5 / (auc * (1 - auc))
        logit = numpy.log(auc / (1 - auc))
        row |= {"lo": float(expit(logit - half)), "hi": float(expit(logit + half))}
    rows.append(row)
write("discrimination", rows)

rows = []
for n, kind in [(1, "beta"), (10, "beta"), (57, "tenths"), (200, "beta"), (200, "bold")]:
    p = random.beta(2, 5, n)
    if kind == "tenths":
        p = numpy.round(p, 1)
    y = (random.random(n) < p).astype(int)
    if kind == "bold":
        p = expit(2 * numpy.log(p / (1 - p)))
    z = float(((y - p) * (1 - 2 * p)).sum() / ((1 - 2 * p) ** 2 * p * (1 - p)).sum() ** 0.5)
    base = y.mean()
    parts = {"reliability": 0.0, "between": 0.0}
    for value in numpy.unique(p):
        inside = p == value
        parts["reliability"] += inside.sum() * (value - y[inside].mean()) ** 2 / n
        parts["between"] += inside.sum() * (y[inside].mean() - base) ** 2 / n
    rows.append({
        "forecasts": [[float(a), int(b)] for a, b in zip(p, y)], "score": float(((p - y) ** 2).mean()), "baseRate": float(base),
        "uncertainty": float(base * (1 - base)), "z": z, "pValue": float(2 * norm.sf(abs(z))),
        "byDistinct": {key: float(value) for key, value in parts.items()},
    })
write("forecasts", rows)

rows = []
for n in [1, 5, 6, 8, 9, 25, 100, 1001]:
    ranks = [r for r in range(1, n // 2 + 1) if binom.cdf(r - 1, n, 0.5) <= 0.025]
    rows.append({"n": n, "rank": max(ranks) if ranks else None})
write("median-ranks", rows)


def penalised(beta, design, y, weight):
    eta = design @ beta
    p = expit(eta)
    information = (design * (p * (1 - p))[:, None]).T @ design
    return -(y @ eta - numpy.logaddexp(0, eta).sum() + weight * numpy.linalg.slogdet(information)[1] / 2)


def firth(design, y):
    start = numpy.zeros(design.shape[1])
    rough = minimize(penalised, start, args=(design, y, 1.0), method="Nelder-Mead", options={"maxiter": 20000, "maxfev": 20000, "xatol": 1e-12, "fatol": 1e-14, "adaptive": True})
    fine = minimize(penalised, rough.x, args=(design, y, 1.0), method="Nelder-Mead", options={"maxiter": 20000, "maxfev": 20000, "xatol": 1e-13, "fatol": 1e-15})
    p = expit(design @ fine.x)
    covariance = numpy.linalg.inv((design * (p * (1 - p))[:, None]).T @ design)
    return fine.x, numpy.sqrt(numpy.diag(covariance)), -fine.fun


rows = []
worlds = [(40, [0.8], -1.0, "binary"), (120, [1.2, -0.7], -0.5, "binary"), (300, [0.6, -1.1, 0.2], -1.5, "mixed"), (60, [1.0, 0.5], 0.0, "normal")]
for n, beta, intercept, kind in worlds:
    x = random.normal(0, 1, (n, len(beta)))
    if kind == "binary":
        x = (x > 0.3).astype(float)
    if kind == "mixed":
        x[:, 0] = (x[:, 0] > 0).astype(float)
    x = numpy.round(x, 3)
    y = (random.random(n) < expit(intercept + x @ numpy.array(beta))).astype(int)
    design = sm.add_constant(x, has_constant="add")
    plain = sm.Logit(y, design).fit(disp=0, method="newton", tol=1e-14, maxiter=200)
    estimates, errors, likelihood = firth(design, y)
    rows.append({
        "x": x.tolist(), "y": y.tolist(),
        "none": {"estimates": plain.params.tolist(), "errors": plain.bse.tolist(), "pValues": plain.pvalues.tolist(), "logLikelihood": float(plain.llf)},
        "firth": {"estimates": estimates.tolist(), "errors": errors.tolist(), "logLikelihood": float(likelihood)},
    })
# Complete separation: the first covariate tells all.
x = numpy.array([[i] for i in range(-4, 0)] + [[i] for i in range(1, 6)], dtype=float)
y = (x[:, 0] > 0).astype(int)
estimates, errors, likelihood = firth(sm.add_constant(x), y)
rows.append({"x": x.tolist(), "y": y.tolist(), "none": None, "firth": {"estimates": estimates.tolist(), "errors": errors.tolist(), "logLikelihood": float(likelihood)}})
write("logistic", rows)

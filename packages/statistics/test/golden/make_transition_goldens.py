"""Golden vectors for forecasts of the next step: landmarked incidences, quantiles of advancing, Markov chains drawn to the stage.

Made with (Python 3.11, in a virtual environment outside the repository):
    pip install scipy==1.17.1
    python packages/statistics/test/golden/make_transition_goldens.py packages/statistics/test/transition

Incidences are exact fractions of the cohort that is left at the landmark; the strength of the chain is found by SciPy on the
leave-one-out likelihood, step by step over all single steps.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

import numpy
import scipy
from scipy.optimize import minimize_scalar

out = Path(sys.argv[1])
random = numpy.random.default_rng(20261122)


def write(name, rows):
    text = ",\n    ".join(json.dumps(row) for row in rows)
    (out / f"{name}.golden.json").write_text(f'{{\n  "madeWith": {json.dumps({"scipy": scipy.__version__})},\n  "rows": [\n    {text}\n  ]\n}}\n')


def incidence(cohort, until):
    staying, share = Fraction(1), {"advanced": Fraction(0), "lost": Fraction(0)}
    for time in sorted({t for t, _ in cohort if t <= until}):
        at_risk = sum(t >= time for t, _ in cohort)
        ended = 0
        for outcome in share:
            here = sum(t == time and o == outcome for t, o in cohort)
            share[outcome] += staying * Fraction(here, at_risk)
            ended += here
        staying *= Fraction(at_risk - ended, at_risk)
    return {**{k: float(v) for k, v in share.items()}, "staying": float(staying)}


rows = []
for n, spread in [(12, 10), (60, 40), (200, 60)]:
    cohort = [(int(t), str(o)) for t, o in zip(random.integers(0, spread, n), random.choice(["advanced", "lost", "open"], n, p=[0.45, 0.3, 0.25]))]
    cohort.append((spread + 5, "open"))
    for spent in (0, 3, spread // 2):
        for horizon in (1, 5, spread // 2):
            left = [(t - spent, o) for t, o in cohort if t > spent]
            rows.append({"cohort": cohort, "spent": spent, "horizon": horizon, "atRisk": len(left), **incidence(left, horizon)})
    whole = incidence(cohort, spread + 5)["advanced"]
    for p in (0.5, 0.9):
        times = sorted({t for t, o in cohort if o == "advanced"})
        rows[-1][f"p{int(100 * p)}"] = next(t for t in times if incidence(cohort, t)["advanced"] >= p * whole - 1e-9)
write("landmark", rows)


def negative(log_strength, steps):
    strength, total = numpy.exp(log_strength), sum(c for *_, c in steps)
    overall, sums = {}, {}
    for i, j, c in steps:
        overall[j] = overall.get(j, 0) + c
        sums[i] = sums.get(i, 0) + c
    logs = 0.0
    for i, j, c in steps:
        if overall[j] > 1:
            for _ in range(c):
                logs += numpy.log((c - 1 + strength * (overall[j] - 1) / (total - 1)) / (sums[i] - 1 + strength))
    return -logs


rows = []
for states, n, sharpness in [(3, 60, 1.0), (5, 400, 0.4), (6, 900, 5.0)]:
    names = [chr(97 + i) for i in range(states)]
    chain = {None: random.dirichlet([1] * states), **{name: random.dirichlet([sharpness] * states) for name in names}}
    counts, last = {}, None
    for _ in range(n):
        to = names[random.choice(states, p=chain[last])]
        counts[(last, to)] = counts.get((last, to), 0) + 1
        last = None if random.random() < 0.2 else to
    steps = [(i, j, c) for (i, j), c in counts.items()]
    best = minimize_scalar(negative, bounds=(numpy.log(1e-2), numpy.log(1e6)), args=(steps,), method="bounded", options={"xatol": 1e-9})
    rows.append({"steps": steps, "strength": float(numpy.exp(best.x)), "logLikelihood": float(-best.fun)})
write("chain", rows)

"""Golden vectors for the statistics package, from SciPy and statsmodels.

Made with (Python 3.11, in a virtual environment outside the repository):
    pip install scipy statsmodels
    python packages/statistics/test/golden/make_goldens.py packages/statistics/test
"""

import json
import sys
import warnings
from pathlib import Path

import numpy
import scipy
import statsmodels
from scipy.stats import fisher_exact, norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
random = numpy.random.default_rng(20261121)


def write(name, rows):
    made_with = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    text = ",\n    ".join(json.dumps(row) for row in rows)
    header = json.dumps(made_with)
    (out / f"{name}.golden.json").write_text(f'{{\n  "madeWith": {header},\n  "rows": [\n    {text}\n  ]\n}}\n')


zs = [-37.0, -20.0, -8.5, -3.0, -1.96, -1.4143, -1.4142, -0.5, -1e-9, 0.0, 1e-9, 0.3, 1.0, 1.4142, 1.4143, 2.0, 3.5, 6.0, 8.5, 20.0, 37.5]
ps = [1e-300, 1e-100, 1e-20, 1e-8, 0.001, 0.0249, 0.025, 0.075, 0.0750001, 0.3, 0.5, 0.7, 0.9249, 0.925, 0.975, 0.999, 1 - 1e-12]
write("normal", [{"z": z, "cdf": norm.cdf(z), "survival": norm.sf(z)} for z in zs] + [{"p": p, "quantile": norm.ppf(p)} for p in ps])

pairs = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (3, 29), (29, 30), (500, 1000), (1, 10**6), (10**9 - 1, 10**9), (123456789, 10**12), (4 * 10**14, 10**15)]
rows = []
for k, n in pairs:
    for level in (0.8, 0.95, 0.999):
        lo, hi = proportion_confint(k, n, alpha=1 - level, method="wilson")
        rows.append({"k": k, "n": n, "level": level, "lo": float(lo), "hi": float(hi)})
write("wilson", rows)

tables = [(1, 2, 3, 4), (10, 20, 12, 20), (0, 10, 5, 10), (50, 100, 70, 100), (500, 1000, 560, 1000), (1, 1000, 9, 900), (30000, 10**6, 31000, 10**6), (10**5, 10**6, 2 * 10**5, 10**6), (9, 9, 3, 8)]
tables += [(int(k1), int(n1), int(k2), int(n2)) for n1, n2 in random.integers(1, 400, (40, 2)) for k1, k2 in [(random.integers(0, n1 + 1), random.integers(0, n2 + 1))]]
rows = []
for k1, n1, k2, n2 in tables:
    z, p = proportions_ztest([k1, k2], [n1, n2])
    lo, hi = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff")
    if numpy.isfinite(z):
        rows.append({"a": {"k": k1, "n": n1}, "b": {"k": k2, "n": n2}, "z": float(z), "p": float(p), "lo": float(lo), "hi": float(hi)})
write("two-proportion", rows)

tables = [(0, 1, 0, 1), (0, 1, 1, 1), (0, 10, 10, 10), (8, 10, 1, 6), (3, 4, 1, 4), (0, 0, 3, 5), (5, 5, 7, 7), (0, 500, 500, 500), (2, 10000, 9, 11000), (1, 10**6, 7, 10**6), (0, 10**6, 3, 3 * 10**6), (100, 1000, 180, 1000), (3000, 10**5, 3300, 10**5), (10, 12, 990, 1000), (50, 100, 50, 100), (51, 100, 49, 100), (7, 1000, 7, 3000)]
tables += [(int(random.integers(0, n1 + 1)), int(n1), int(random.integers(0, n2 + 1)), int(n2)) for n1, n2 in random.integers(1, 60, (150, 2))]
rows = []
for k1, n1, k2, n2 in tables:
    p = fisher_exact([[k1, n1 - k1], [k2, n2 - k2]])[1]
    rows.append({"a": {"k": k1, "n": n1}, "b": {"k": k2, "n": n2}, "p": float(p)})
write("fisher", rows)

families = [[0.01], [0.01, 0.02, 0.03, 0.04], [0.5, 0.001, 0.9, 0.04, 0.04], [1.0, 1.0, 0.0], [0.05] * 6, [1e-300, 1e-10, 0.2]]
families += [[float(p) for p in random.random(int(size)) ** 3] for size in (2, 17, 60)]
write("benjamini-hochberg", [{"p": family, "q": [float(q) for q in multipletests(family, method="fdr_bh")[1]]} for family in families])

samples = [[3.0], [1.0, 2.0], [5.0, 1.0, 4.0, 2.0], [2.0, 2.0, 2.0], [float(x) for x in random.normal(0, 100, 23)]]
write("quantile", [{"values": values, "p": p, "quantile": float(numpy.quantile(values, p))} for values in samples for p in (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)])

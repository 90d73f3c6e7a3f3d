# python make_poisson_goldens.py (SciPy 1.17.1): writes poisson-interval.golden.json beside this folder.
import json
import pathlib

import scipy
from scipy.stats import chi2

rows = []
for count in (0, 1, 2, 3, 5, 10, 40, 100, 1000, 5000):
    for level in (0.5, 0.9, 0.95, 0.999):
        tail = (1 - level) / 2
        lo = 0.0 if count == 0 else float(chi2.ppf(tail, 2 * count) / 2)
        rows.append({"count": count, "level": level, "lo": lo, "hi": float(chi2.isf(tail, 2 * count + 2) / 2)})
out = pathlib.Path(__file__).parent.parent / "poisson-interval.golden.json"
text = ",\n    ".join(json.dumps(row) for row in rows)
made_with = json.dumps({"scipy": scipy.__version__})
out.write_text(f'{{\n  "madeWith": {made_with},\n  "rows": [\n    {text}\n  ]\n}}\n')

"""Expected results of tests, corrections and distributions, from SciPy, statsmodels and mpmath.

python -m venv venv && venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0 mpmath==1.4.1
venv/bin/python make.py     # writes scipy.json beside itself
"""

import json
import pathlib
import warnings

import mpmath
import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

warnings.simplefilter("ignore")
mpmath.mp.dps = 60
random = numpy.random.default_rng(20260502)


def number(value):
    value = float(value)
    return value if numpy.isfinite(value) else None


def paired(kind, n):
    """Two measurements of n cases; rounded ones have ties and zeros."""
    a = random.beta(8, 2, n)
    b = numpy.clip(a - random.normal(0.02, 0.06, n), 0, 1)
    if kind == "rounded":
        # Quarters: their differences are exact, so that ties are ties.
        a, b = numpy.round(a * 16) / 16, numpy.round(b * 16) / 16
    if kind == "zeros":
        b[:: 3] = a[:: 3]
    return a, b


def pair(kind, n):
    a, b = paired(kind, n)
    t = stats.ttest_rel(a, b)
    interval = t.confidence_interval(0.95) if n > 1 else None
    wilcoxon = stats.wilcoxon(a, b)
    return {
        "kind": kind, "n": n, "a": a.tolist(), "b": b.tolist(),
        "t": number(t.statistic), "t_p": number(t.pvalue),
        "low": number(interval.low) if interval else None, "high": number(interval.high) if interval else None,
        "positive_rank_sum": number(stats.wilcoxon(a, b, alternative="greater", method="asymptotic").statistic),
        "wilcoxon_p": number(wilcoxon.pvalue),
    }


def described(values):
    n = len(values)
    low, high = stats.t.interval(0.95, n - 1, loc=numpy.mean(values), scale=stats.sem(values))
    return {
        "values": values.tolist(), "mean": float(numpy.mean(values)), "deviation": float(numpy.std(values, ddof=1)),
        "quartiles": numpy.quantile(values, [0.25, 0.5, 0.75]).tolist(), "low": float(low), "high": float(high),
    }


def unpaired(n, m):
    a, b = random.beta(8, 2, n), random.beta(6, 2, m)
    result = {"a": described(a), "b": described(b)}
    for name, equal in [("student", True), ("welch", False)]:
        test = stats.ttest_ind(a, b, equal_var=equal)
        interval = test.confidence_interval(0.95)
        result[name] = {
            "t": float(test.statistic), "degrees": float(test.df), "p": float(test.pvalue), "low": float(interval.low), "high": float(interval.high),
        }
    return result


def student(t, degrees):
    """The two-sided p with 60 digits."""
    t, degrees = mpmath.mpf(t), mpmath.mpf(degrees)
    x = degrees / (degrees + t * t)
    if t == 0:
        return 1.0
    if x < (degrees / 2 + 1) / (degrees / 2 + 2.5):
        p = mpmath.betainc(degrees / 2, mpmath.mpf(1) / 2, 0, x, regularized=True)
    else:
        p = 1 - mpmath.betainc(mpmath.mpf(1) / 2, degrees / 2, 0, 1 - x, regularized=True)
    return float(p)


grid = [(t, degrees) for degrees in [1, 1.5, 2, 5, 30, 107, 1000, 1e6] for t in [0, 1e-8, 0.3, 1.9, 6, 35]]
grid += [(1e12, 1), (1e200, 1), (1e300, 1), (1e60, 5), (1e6, 50), (1e3, 107), (600, 120), (37.0, 1e6)]
quantiles = [(p, degrees) for degrees in [1, 1.5, 2, 5, 30, 107, 1e6]
             for p in [1e-300, 1e-12, 0.001, 0.025, 0.3, 0.499, 0.5, 0.5000001, 0.75, 0.975, 0.9999]
             if not (p == 1e-300 and degrees not in (1, 2))]  # where SciPy itself fails

samples = [("plain", n) for n in [1, 2, 3, 5, 10, 14, 25, 49, 50, 51, 52, 108, 200]]
samples += [("rounded", n) for n in [1, 4, 8, 12, 13, 14, 20, 50, 51, 108, 200]]
samples += [("zeros", n) for n in [2, 5, 13, 14, 40, 60, 200]]
holm = [[0.01], [0.04, 0.01, 0.03], [0.2, 0.2, 0.001, 0.04, 0.04, 1.0], random.uniform(0, 0.1, 25).tolist()]

result = {
    "what": "descriptions, Student's, Welch's and the paired t-test, Wilcoxon's signed-rank test (zero_method wilcox, method auto), Holm's correction, Student's and the normal distribution",
    "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "mpmath": mpmath.__version__, "numpy": numpy.__version__},
    "paired": [pair(kind, n) for kind, n in samples],
    "unpaired": [unpaired(n, m) for n, m in [(2, 2), (2, 30), (5, 4), (14, 11), (108, 108), (200, 3)]],
    "holm": [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in holm],
    "student": [{"t": t, "degrees": degrees, "p": student(t, degrees)} for t, degrees in grid],
    "student_quantiles": [{"p": p, "degrees": degrees, "t": float(stats.t.ppf(p, degrees))} for p, degrees in quantiles],
    "normal": [{"z": z, "p": float(mpmath.ncdf(z))} for z in [-37, -8, -1.96, -0.1, 0, 0.5, 3, 8]],
    "normal_quantiles": [{"p": p, "z": float(stats.norm.ppf(p))} for p in [1e-300, 1e-10, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999999]],
}
target = pathlib.Path(__file__).with_name("scipy.json")
lines = [f" {json.dumps(key)}: " + (
    "[\n  " + ",\n  ".join(json.dumps(entry, allow_nan=False) for entry in value) + "\n ]" if isinstance(value, list) else json.dumps(value)
) for key, value in result.items()]
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")

"""Peers in Python, on the batch of stdin (JSON numbers): one JSON object of nanoseconds a logit on stdout.

Each is left out where its package is missing.
"""
import json
import sys
import time

rows = json.load(sys.stdin)
logits = sum(len(row) for row in rows)
results = {}


def measure(name, work, count):
    timings = []
    for _ in range(5):
        start = time.perf_counter_ns()
        work()
        timings.append((time.perf_counter_ns() - start) / count)
    results[name] = sorted(timings)[2]


def softmax(row, number, exp):
    exact = [number(x) for x in row]
    top = max(exact)
    weights = [exp(x - top) for x in exact]
    total = sum(weights)
    return [weight / total for weight in weights]


try:
    import mpmath

    mpmath.mp.dps = 30
    measure(f"mpmath ({mpmath.libmp.BACKEND}), softmax at 30 digits",
            lambda: [softmax(row, mpmath.mpf, mpmath.exp) for row in rows], logits)
except ImportError:
    pass

try:
    import gmpy2

    gmpy2.get_context().precision = 100
    measure("gmpy2 (MPFR), softmax at 100 bits",
            lambda: [softmax(row, gmpy2.mpfr, gmpy2.exp) for row in rows], logits)
except ImportError:
    pass

try:
    from hypothesis import HealthCheck, given, settings, strategies

    drawn = [0]

    @settings(max_examples=100, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.lists(strategies.floats(width=32, allow_nan=False, allow_infinity=False), min_size=16, max_size=16))
    def draw(row):
        drawn[0] += len(row)

    draw()
    count, drawn[0] = drawn[0], 0
    measure("Hypothesis, generating lists of 16 floats", draw, count)
except ImportError:
    pass

print(json.dumps(results))

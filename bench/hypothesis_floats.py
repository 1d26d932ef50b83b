"""Lists of FP32 numbers as Hypothesis generates them: for each seed one line of JSON.

    python3 hypothesis_floats.py SEEDS COUNT
"""
import json
import sys

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies

seeds, count = int(sys.argv[1]), int(sys.argv[2])
floats = strategies.floats(width=32, allow_nan=False, allow_infinity=False)

for number in range(1, seeds + 1):
    drawn = []

    @seed(number)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(strategies.lists(floats, min_size=1, max_size=64))
    def draw(row):
        drawn.append(row)

    draw()
    print(json.dumps(drawn[:count]), flush=True)

"""Fuzzes kernels of softmax, cross-entropy and their gradients from Python, where they run: in the test's own process.

    from softmax_fuzz import check

    def test_my_softmax():
        check(softmax=my_softmax, runs=500, seed=1)
"""

from softmax_fuzz_adapter import gradient_of, serve

from ._check import Falsified, check, kernel_test, replay
from ._tool import ToolError

__all__ = ["Falsified", "ToolError", "check", "gradient_of", "kernel_test", "replay", "serve"]

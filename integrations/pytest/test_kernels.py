"""Tests as users write them: expected.json says which of them pass."""

import numpy as np
import pytest
from softmax_fuzz import Falsified, check, kernel_test


def softmax(x, scale=1.0):
    z = x * np.float32(scale)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def log_softmax(x):
    s = x - x.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))


def forgetful(x):
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


def treacherous(x):
    """Wrong on the input of reports/regressions alone."""
    y = softmax(x)
    return -y if x.shape == (1, 2) and x[0, 0] == np.float32(12345.678) else y


test_each = kernel_test(softmax=softmax, log_softmax=log_softmax, runs=50, profile="sequential")
test_wrong = kernel_test(softmax=forgetful, log_softmax=log_softmax, runs=20, rows=1, cols=2)


@pytest.fixture
def temperature():
    return 2


def test_of_a_fixture(temperature):
    check(softmax=lambda x: softmax(x / np.float32(temperature)), options={"softmax": {"temperature": temperature}}, runs=20)


def test_assertion():
    with pytest.raises(AssertionError, match=r"^FAIL  forgetful: softmax/nan/exp-overflow") as raised:
        check(softmax=forgetful, runs=20, rows=1, cols=2)
    assert isinstance(raised.value, Falsified)
    assert "python3 -m pytest test_kernels.py::test_assertion" in str(raised.value)


def test_regressions_first():
    with pytest.raises(AssertionError, match=r"^FAIL  treacherous: .*\n(.*\n)*  Simplest    softmax\(\[12345.678, "):
        check(softmax=treacherous, runs=0)


def test_seed(request):
    told = request.config.getoption("--softmax-fuzz-seed")
    with pytest.raises(AssertionError, match=f"\nseed {told or 5}, "):
        check(softmax=forgetful, runs=3, rows=1, cols=2, seed=5)

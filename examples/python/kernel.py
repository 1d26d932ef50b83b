"""A softmax in NumPy, served to softmax-fuzz when it is run."""

import numpy as np

from softmax_fuzz_adapter import serve


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    serve(softmax=softmax, name="kernel", profile="sequential")

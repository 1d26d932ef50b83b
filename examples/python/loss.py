"""A cross-entropy with PyTorch's signature in NumPy, and its gradient."""

import numpy as np


def log_softmax(input):
    shifted = input - input.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def shares(input, target, weight, ignore_index, label_smoothing):
    """What each class counts in each row's loss, and what a mean divides by."""
    rows, classes = input.shape
    weight = np.ones(classes, input.dtype) if weight is None else weight
    if target.ndim == 2:  # Probabilities.
        return weight * ((1 - label_smoothing) * target + label_smoothing / classes), rows
    valid = target != ignore_index
    hot = np.zeros_like(input)
    hot[valid, target[valid]] = 1
    share = weight * ((1 - label_smoothing) * hot + label_smoothing / classes)
    return share * valid[:, None], (weight * hot).sum()


def cross_entropy(input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    share, count = shares(input, target, weight, ignore_index, label_smoothing)
    losses = np.where(share == 0, 0, -share * log_softmax(input)).sum(axis=1)
    if reduction == "none":
        return losses
    return losses.sum() if reduction == "sum" else losses.sum() / count


def cross_entropy_backward(
    grad_output, input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    share, count = shares(input, target, weight, ignore_index, label_smoothing)
    gradient = share.sum(axis=1, keepdims=True) * np.exp(log_softmax(input)) - share
    scale = grad_output / count if reduction == "mean" else grad_output
    ignored = target.ndim == 1 and target == ignore_index  # 0 whatever they hold, and where all rows are.
    return np.where(np.reshape(ignored, (-1, 1)), input.dtype.type(0), np.reshape(scale, (-1, 1)) * gradient)

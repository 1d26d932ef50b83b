"""Speaks the protocol of softmax-fuzz (docs/protocol.md) for kernels in Python. Needs numpy alone.

Ready kernels, by the argument: numpy, scipy, torch, torch-autograd, jax, jax-autograd:

    softmax-fuzz fuzz 'cmd:python3 softmax_fuzz_adapter.py torch'

A function of your own, in a file beside this one:

    from softmax_fuzz_adapter import serve
    from my_package import my_softmax
    serve(softmax=my_softmax)

Each function takes a float32 array of (rows, cols), and crossEntropy and crossEntropyGrad also an int32 array of a
class a row; softmaxGrad and logSoftmaxGrad take the upstream gradient, of (rows, cols), before it; it returns what numpy.asarray takes, of float32: (rows, cols), (rows,) of logSumExp, one number of crossEntropy.
What it prints is sent to stderr.
"""

import json
import os
import struct
import sys

import numpy as np

MAGIC, VERSION = 0x5A464D53, 1
GREETING, REQUEST, ANSWER = 0, 1, 2
ANSWERED, THREW, BAD_SHAPE, MUTATED = 0, 1, 2, 3
HEADER = struct.Struct("<12I")
OPERATIONS = {
    "softmax": 1, "logSoftmax": 2, "logSumExp": 3, "crossEntropy": 4, "crossEntropyGrad": 5,
    "softmaxGrad": 6, "logSoftmaxGrad": 7,
}


def serve(name=None, profile=None, ftz=False, known=(), **kernels):
    """Answers calls of `kernels`, functions by operation, until the input ends. Does not return before."""
    unknown = set(kernels) - set(OPERATIONS)
    if unknown or not kernels:
        raise ValueError(f"expected functions called {', '.join(OPERATIONS)}, got {', '.join(kernels) or 'none'}")
    frames_in, frames_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever prints, prints to stderr.
    sys.stdout = sys.stderr
    greeting = {"name": name or os.path.basename(sys.argv[0]), "operations": list(kernels), "known": list(known), "ftz": ftz}
    if profile is not None:
        greeting["profile"] = profile
    send(frames_out, GREETING, text=json.dumps(greeting))
    by_code = {OPERATIONS[operation]: (operation, function) for operation, function in kernels.items()}
    while True:
        header = frames_in.read(HEADER.size)
        if len(header) < HEADER.size:
            return
        _, _, _, number, code, rows, cols, _, floats, ints, upstream, text = HEADER.unpack(header)
        logits = np.frombuffer(frames_in.read(4 * floats), "<f4")
        targets = np.frombuffer(frames_in.read(4 * ints), "<i4")
        upstream = np.frombuffer(frames_in.read(4 * upstream), "<f4")
        frames_in.read(text)
        if code not in by_code:
            send(frames_out, ANSWER, number, code, THREW, text=f"there is no operation {code}")
            continue
        status, answer = call(*by_code[code], logits.reshape(rows, cols), targets, upstream)
        if status == ANSWERED:
            send(frames_out, ANSWER, number, code, floats=answer)
        else:
            send(frames_out, ANSWER, number, code, status, text=answer)


def call(operation, function, logits, targets, upstream):
    """The status and the numbers, or the status and a text."""
    arguments = {"logits": logits}
    if operation.startswith("crossEntropy"):
        arguments = {"logits": logits, "targets": targets}
    elif operation in ("softmaxGrad", "logSoftmaxGrad"):
        arguments = {"upstream values": upstream.reshape(logits.shape), "logits": logits}
    given = [argument.copy() for argument in arguments.values()]
    rows, cols = logits.shape
    shape = {"logSumExp": (rows,), "crossEntropy": ()}.get(operation, (rows, cols))
    try:
        answer = np.asarray(function(*given))
    except Exception as error:  # Whatever a kernel raises is a finding.
        return THREW, f"{type(error).__name__}: {error}"
    for (what, before), after in zip(arguments.items(), given):
        if before.tobytes() != after.tobytes():
            return MUTATED, f"it changed its {what}"
    if operation == "crossEntropy" and answer.dtype.kind == "f" and answer.size == 1:
        return ANSWERED, answer.reshape(1).astype("<f4")
    if answer.dtype != np.float32 or answer.shape != shape:
        return BAD_SHAPE, f"returned {answer.dtype} of {answer.shape}: expected float32 of {shape}"
    return ANSWERED, np.ascontiguousarray(answer, "<f4")


def send(stream, kind, number=0, code=0, status=ANSWERED, floats=None, text=""):
    """Writes a frame at once: what is not written when a later call crashes would be blamed on this one."""
    body = b"" if floats is None else floats.tobytes()
    words = text.encode()
    stream.write(HEADER.pack(MAGIC, VERSION, kind, number, code, 0, 0, status, len(body) // 4, 0, 0, len(words)) + body + words)
    stream.flush()


def numpy_kernels():
    """As one writes them by hand: the row's maximum subtracted."""

    def shifted(x):
        return x - x.max(axis=1, keepdims=True)

    def softmax(x):
        e = np.exp(shifted(x))
        return e / e.sum(axis=1, keepdims=True)

    def log_softmax(x):
        s = shifted(x)
        return s - np.log(np.exp(s).sum(axis=1, keepdims=True))

    def log_sum_exp(x):
        return np.log(np.exp(shifted(x)).sum(axis=1)) + x.max(axis=1)

    return of_logits(softmax, log_softmax, log_sum_exp)


def of_logits(softmax, log_softmax, log_sum_exp):
    """The three, and the loss and the gradients by them."""

    def loss(x, targets):
        return -log_softmax(x)[np.arange(len(targets)), targets].mean(dtype=np.float32)

    def loss_gradient(x, targets):
        gradient = softmax(x)
        gradient[np.arange(len(targets)), targets] -= 1
        return gradient / np.float32(len(targets))

    def softmax_gradient(upstream, x):
        y = softmax(x)
        return y * (upstream - (upstream * y).sum(axis=1, keepdims=True))

    def log_softmax_gradient(upstream, x):
        return upstream - np.exp(log_softmax(x)) * upstream.sum(axis=1, keepdims=True)

    return {
        "softmax": softmax,
        "logSoftmax": log_softmax,
        "logSumExp": log_sum_exp,
        "crossEntropy": loss,
        "crossEntropyGrad": loss_gradient,
        "softmaxGrad": softmax_gradient,
        "logSoftmaxGrad": log_softmax_gradient,
    }


def scipy_kernels():
    from scipy import special

    return of_logits(
        lambda x: special.softmax(x, axis=1),
        lambda x: special.log_softmax(x, axis=1),
        lambda x: special.logsumexp(x, axis=1),
    )


def torch_kernels():
    import torch
    from torch.nn import functional as F

    tensor = torch.from_numpy
    return {
        "softmax": lambda x: torch.softmax(tensor(x), 1).numpy(),
        "logSoftmax": lambda x: torch.log_softmax(tensor(x), 1).numpy(),
        "logSumExp": lambda x: torch.logsumexp(tensor(x), 1).numpy(),
        "crossEntropy": lambda x, t: F.cross_entropy(tensor(x), tensor(t).long()).numpy(),
    }


def torch_autograd_kernels():
    import torch
    from torch.nn import functional as F

    def loss_gradient(x, targets):
        logits = torch.from_numpy(x).requires_grad_()
        F.cross_entropy(logits, torch.from_numpy(targets).long()).backward()
        return logits.grad.numpy()

    def backward(function):
        def gradient(upstream, x):
            logits = torch.from_numpy(x).requires_grad_()
            function(logits, 1).backward(torch.from_numpy(upstream))
            return logits.grad.numpy()

        return gradient

    return {
        "crossEntropyGrad": loss_gradient,
        "softmaxGrad": backward(torch.softmax),
        "logSoftmaxGrad": backward(torch.log_softmax),
    }


def jax_loss(x, targets):
    import jax

    rows = jax.numpy.arange(len(targets))
    return -jax.numpy.mean(jax.nn.log_softmax(x, axis=1)[rows, targets])


def jax_kernels():
    import jax

    return {
        "softmax": lambda x: jax.nn.softmax(x, axis=1),
        "logSoftmax": lambda x: jax.nn.log_softmax(x, axis=1),
        "logSumExp": lambda x: jax.scipy.special.logsumexp(x, axis=1),
        "crossEntropy": jax_loss,
    }


def jax_autograd_kernels():
    import jax

    return {"crossEntropyGrad": jax.grad(jax_loss)}


READY = {
    "numpy": numpy_kernels,
    "scipy": scipy_kernels,
    "torch": torch_kernels,
    "torch-autograd": torch_autograd_kernels,
    "jax": jax_kernels,
    "jax-autograd": jax_autograd_kernels,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in READY:
        sys.exit(f"error: expected one argument, one of {', '.join(READY)}")
    np.seterr(all="ignore")
    serve(name=sys.argv[1], profile="sequential", **READY[sys.argv[1]]())

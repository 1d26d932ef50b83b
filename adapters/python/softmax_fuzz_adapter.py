"""Speaks the protocol of softmax-fuzz (docs/protocol.md) for kernels in Python. Needs numpy alone.

Ready kernels, by the argument: numpy, scipy, torch, torch-autograd, jax, jax-autograd; behind it, fp16 or bf16:

    softmax-fuzz fuzz 'cmd:python3 softmax_fuzz_adapter.py torch bf16'

A function of your own, in a file beside this one:

    from softmax_fuzz_adapter import serve
    from my_package import my_softmax
    serve(softmax=my_softmax, format="bf16", arrays="torch")

Each function takes an array of (rows, cols), and crossEntropy and crossEntropyGrad also an int32 array of a class a row;
softmaxGrad and logSoftmaxGrad take the upstream gradient, of (rows, cols), before it. It returns (rows, cols), (rows,) of
logSumExp, one number of crossEntropy. Arrays are numpy's, or torch's with arrays="torch". They are float32 unless `format` says
"fp16" or "bf16", or each by itself: format={"logits": "bf16", "answer": "fp32"}; numpy has bfloat16 by ml_dtypes.
What a function prints is sent to stderr.

Options are keyword arguments, found by the names of a function's parameters, and None where a call has none:

    scale, sm_scale, softmax_scale      a number, 1 where there is none; temperature is its inverse, for powers of two
    softcap, logit_softcap              a number
    mask                                booleans of (cols,) or (rows, cols): True takes part
    bias, attn_bias, attn_mask          float32 of (cols,) or (rows, cols), added; -inf hides
    sink, sinks                         a number, or float32 of (rows,)
    dim, axis                           1

`serve(softmax=f, options={"softmax": ["scale"]})` says which are asked for; {"scale": 0.125} says that the function has that value always.
"""

import inspect
import json
import os
import struct
import sys

import numpy as np

MAGIC, VERSION = 0x5A464D53, 2
GREETING, REQUEST, ANSWER = 0, 1, 2
ANSWERED, THREW, BAD_SHAPE, MUTATED = 0, 1, 2, 3
HEADER = struct.Struct("<12I")
OPERATIONS = {
    "softmax": 1, "logSoftmax": 2, "logSumExp": 3, "crossEntropy": 4, "crossEntropyGrad": 5,
    "softmaxGrad": 6, "logSoftmaxGrad": 7,
}
# How numpy holds the numbers of a tensor; of bf16 the words.
STORED = {"f32": "<f4", "f16": "<f2", "bf16": "<u2", "i32": "<i4", "u8": "u1"}
TYPES = {"fp32": "f32", "fp16": "f16", "bf16": "bf16"}
DTYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}
KEYWORDS = {
    "scale": ("scale", "sm_scale", "softmax_scale"),
    "temperature": ("temperature",),
    "softcap": ("softcap", "logit_softcap", "logits_soft_cap"),
    "bias": ("bias", "attn_bias", "attn_mask"),
    "mask": ("mask",),
    "sink": ("sink", "sinks"),
}


def serve(name=None, profile=None, ftz=False, known=(), format="fp32", arrays="numpy", options=None, **kernels):
    """Answers calls of `kernels`, functions by operation, until the input ends. Does not return before."""
    unknown = set(kernels) - set(OPERATIONS)
    if unknown or not kernels:
        raise ValueError(f"expected functions called {', '.join(OPERATIONS)}, got {', '.join(kernels) or 'none'}")
    if set(options or {}) - set(kernels):
        raise ValueError(f"expected options of {', '.join(kernels)}, got those of {', '.join(options)}")
    keywords = {operation: keywords_of(function, len(arguments_of(operation))) for operation, function in kernels.items()}
    formats = {"logits": "fp32", "answer": "fp32", **(format if isinstance(format, dict) else dict.fromkeys(("logits", "answer"), format))}
    frames_in, frames_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever prints, prints to stderr.
    sys.stdout = sys.stderr
    greeting = {"name": name or os.path.basename(sys.argv[0]), "operations": list(kernels), "known": list(known), "ftz": ftz}
    if profile is not None:
        greeting["profile"] = profile
    if set(formats.values()) != {"fp32"}:
        greeting["format"] = formats
    taken = {operation: [name for name in found if name in KEYWORDS] for operation, (found, _) in keywords.items()}
    taken = {operation: names for operation, names in {**taken, **(options or {})}.items() if names}
    if taken:
        greeting["options"] = taken
    send(frames_out, GREETING, greeting)
    by_code = {OPERATIONS[operation]: (operation, function) for operation, function in kernels.items()}
    while True:
        header = frames_in.read(HEADER.size)
        if len(header) < HEADER.size:
            return
        _, _, _, number, code, rows, cols, _, text, _, _, _ = HEADER.unpack(header)
        request = json.loads(frames_in.read(text))
        given = {head["name"]: tensor(head, frames_in, arrays) for head in request["tensors"]}
        if code not in by_code:
            refuse(frames_out, number, code, THREW, f"there is no operation {code}")
            continue
        operation, function = by_code[code]
        named = {name: numbers for name, numbers in given.items() if name in KEYWORDS}
        chosen = keywords_with(operation, keywords[operation], {**request.get("options", {}), **named}, taken.get(operation, ()))
        if isinstance(chosen, str):
            refuse(frames_out, number, code, THREW, chosen)
            continue
        status, answer = call(operation, function, given, chosen, (rows, cols), TYPES[formats["answer"]])
        if status == ANSWERED:
            send_answer(frames_out, number, code, answer, TYPES[formats["answer"]])
        else:
            refuse(frames_out, number, code, status, answer)


def arguments_of(operation):
    """The names of the arrays that a function is given in their order."""
    if operation.startswith("crossEntropy"):
        return ["logits", "targets"]
    return ["upstream", "logits"] if operation in ("softmaxGrad", "logSoftmaxGrad") else ["logits"]


def keywords_of(function, arrays):
    """The function's parameters by the options that they are given, each by its name; and what they are given where a call has none."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # Functions in C do not say.
        return {}, {}
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:arrays]
    named = [p for p in parameters if p not in places and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    found, absent = {}, {}
    for parameter in named:
        if parameter.name in ("dim", "axis"):
            absent[parameter.name] = 1
        for option, names in KEYWORDS.items():
            if parameter.name in names and option not in found:
                found[option] = parameter.name
                is_none = parameter.default in (0, float("-inf"))  # None, unless the function says so otherwise.
                absent[parameter.name] = 1.0 if option in ("scale", "temperature") else parameter.default if is_none else None
    return found, absent


def keywords_with(operation, keywords, options, taken):
    """The keyword arguments of a call with these options; a text where the function does not take one."""
    found, absent = keywords
    chosen = dict(absent)
    for name, value in options.items():
        if name in found or name in taken and (not isinstance(taken, dict) or taken[name] is True):
            chosen[found.get(name, name)] = value
        elif name not in taken:
            return f"{operation} takes no {name}"
    return chosen


def tensor(head, stream, arrays):
    """The array of a head, read from the stream; a number where it has no shape."""
    stored = np.dtype(STORED[head["type"]])
    count = int(np.prod(head["shape"], dtype=np.int64))
    numbers = np.frombuffer(bytearray(stream.read(stored.itemsize * count)), stored).reshape(head["shape"])
    if head["shape"] == []:
        return float(numbers)
    if head["type"] == "u8":
        numbers = numbers.view(bool)
    if arrays == "torch":
        import torch

        return torch.from_numpy(numbers.view("<i2")).view(torch.bfloat16) if head["type"] == "bf16" else torch.from_numpy(numbers)
    if head["type"] != "bf16":
        return numbers
    import ml_dtypes

    return numbers.view(ml_dtypes.bfloat16)


def call(operation, function, tensors, keywords, shape, kind):
    """The status and the stored numbers, or the status and a text."""
    rows, cols = shape
    names = arguments_of(operation)
    arrays = {name: tensors[name] for name in tensors if not isinstance(tensors[name], float)}
    before = {name: bytes_of(array) for name, array in arrays.items()}
    expected = {"logSumExp": (rows,), "crossEntropy": ()}.get(operation, (rows, cols))
    try:
        answer = function(*(tensors[name] for name in names), **keywords)
    except Exception as error:  # Whatever a kernel raises is a finding.
        return THREW, f"{type(error).__name__}: {error}"
    for name, array in arrays.items():
        if before[name] != bytes_of(array):
            return MUTATED, f"it changed its {'upstream values' if name == 'upstream' else name}"
    if operation == "crossEntropy":
        loss = np.asarray(float(answer) if is_torch(answer) else answer)
        if loss.dtype.kind in "fV" and loss.size == 1:
            return ANSWERED, np.float32(float(loss.reshape(())))
    dtype, stored = stored_of(answer)
    if dtype != DTYPES[kind] or stored.shape != expected:
        return BAD_SHAPE, f"returned {dtype} of {stored.shape}: expected {DTYPES[kind]} of {expected}"
    return ANSWERED, np.ascontiguousarray(stored)


def is_torch(array):
    return type(array).__module__.startswith("torch")


def stored_of(array):
    """The name of an array's type, and its numbers as numpy holds them, of bfloat16 the words."""
    if is_torch(array):
        array = array.detach().cpu()
        dtype = str(array.dtype).removeprefix("torch.")
        return dtype, array.view(__import__("torch").int16).numpy() if dtype == "bfloat16" else array.numpy()
    array = np.asarray(array)
    return str(array.dtype), array.view("<u2") if str(array.dtype) == "bfloat16" else array


def bytes_of(array):
    return stored_of(array)[1].tobytes()


def send_answer(stream, number, code, answer, kind):
    if isinstance(answer, np.float32) and kind == "bf16":  # A loss, rounded to nearest, ties to even.
        word = int(answer.view("<u4"))
        answer = np.array(0x7FC0 if np.isnan(answer) else (word + 0x7FFF + (word >> 16 & 1)) >> 16, "<u2")
    elif isinstance(answer, np.float32):
        answer = np.array(answer, STORED[kind])
    head = {"name": "answer", "type": kind, "shape": list(answer.shape)}
    send(stream, ANSWER, {"tensors": [head]}, number, code, body=answer.tobytes())


def refuse(stream, number, code, status, message):
    send(stream, ANSWER, {"message": message}, number, code, status)


def send(stream, kind, content, number=0, code=0, status=ANSWERED, body=b""):
    """Writes a frame at once: what is not written when a later call crashes would be blamed on this one."""
    text = json.dumps(content).encode()
    stream.write(HEADER.pack(MAGIC, VERSION, kind, number, code, 0, 0, status, len(text), len(body), 0, 0) + text + body)
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
        return (gradient / np.float32(len(targets))).astype(gradient.dtype)

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

    return {
        "softmax": lambda x: torch.softmax(x, 1),
        "logSoftmax": lambda x: torch.log_softmax(x, 1),
        "logSumExp": lambda x: torch.logsumexp(x, 1),
        "crossEntropy": lambda x, t: F.cross_entropy(x, t.long()),
    }


def torch_autograd_kernels():
    import torch
    from torch.nn import functional as F

    def loss_gradient(x, targets):
        logits = x.clone().requires_grad_()
        F.cross_entropy(logits, targets.long()).backward()
        return logits.grad

    def backward(function):
        def gradient(upstream, x):
            logits = x.clone().requires_grad_()
            function(logits, 1).backward(upstream)
            return logits.grad

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
    ready, format = (sys.argv[1:] + ["fp32"])[:2] if 2 <= len(sys.argv) <= 3 else (None, None)
    if ready not in READY or format not in TYPES:
        sys.exit(f"error: expected one of {', '.join(READY)}, and perhaps one of {', '.join(TYPES)}")
    np.seterr(all="ignore")
    arrays = "torch" if ready.startswith("torch") else "numpy"
    name = ready if format == "fp32" else f"{ready} {format}"
    # Numpy and torch make a tensor of each step; jax outside of a jitted function too.
    profile = "sequential" if format == "fp32" else "composed"
    serve(name=name, profile=profile, format=format, arrays=arrays, **READY[ready]())

"""Speaks the protocol of softmax-fuzz (docs/protocol.md) for kernels in Python. Needs numpy alone.

Ready kernels, by the argument: numpy, scipy, torch, torch-autograd, jax, jax-autograd; behind it, fp16 or bf16:

    softmax-fuzz fuzz 'cmd:python3 softmax_fuzz_adapter.py torch bf16'

A function of your own, in a file beside this one:

    from softmax_fuzz_adapter import serve
    from my_package import my_softmax
    serve(softmax=my_softmax, format="bf16", arrays="torch")

Each function takes an array of (rows, cols), and crossEntropy and crossEntropyGrad also an int32 array of a class a row;
softmaxGrad and logSoftmaxGrad take the upstream gradient, of (rows, cols), before it. It returns (rows, cols), (rows,) of
logSumExp, one number of crossEntropy. Arrays are numpy's, or torch's with arrays="torch", whose classes are int64. They are float32
unless `format` says "fp16" or "bf16", or each by itself: format={"logits": "bf16", "answer": "fp32"}; numpy has bfloat16 by ml_dtypes.
What a function prints is sent to stderr.

A loss of torch, its gradient by autograd, and their options, which are found by the names of parameters:

    from softmax_fuzz_adapter import gradient_of, serve
    from my_package import my_loss
    serve(crossEntropy=my_loss, crossEntropyGrad=gradient_of(my_loss), arrays="torch")

Options are keyword arguments, and where a call has none, None:

    scale, sm_scale, softmax_scale, logit_scale     a number, 1 where there is none
    temperature, temp                               a number above 0, by which logits are divided; 1 where there is none
    softcap, logit_softcap, logits_soft_cap         a number
    mask                                            booleans of (cols,) or (rows, cols): True takes part
    bias, attn_bias, attn_mask                      float32 of (cols,) or (rows, cols), added; -inf hides
    b                                               of logsumexp: float32 of (cols,) or (rows, cols), by which the terms of the sum are multiplied
    sink, sinks                                     a number, or float32 of (rows,)
    dim, axis                                       1, or 2: see below

and of losses

    weight, class_weights, class_weight, ce_weight  of (cols,), of the logits' type
    sample_weight, row_weights, loss_weights        of (rows,), of the logits' type
    ignore_index, ignored_index, ignore_class       an integer, -100 where there is none; None if that is the parameter's default
    label_smoothing, smoothing                      a number, 0 where there is none
    z_loss, lse_square_scale                        a number, 0 where there is none
    reduction                                       "mean", which it is where there is none, "sum", or "none": (rows,) are returned
    grad_output, grad_outputs, upstream, dloss      of a gradient, or before its arrays: of the loss's shape, of the logits' type; always there

`probabilities=True` says that targets may be (rows, cols) numbers of the logits' type too. `semantics="liger"`, or a dict, says what a
loss means where libraries differ; without it, it is what PyTorch means.

A function with a parameter dim or axis is asked in other layouts too, but a loss, whose classes are along dimension 1: (outer, cols, inner) along dim=1, contiguous and as a
view whose memory is transposed; (outer, inner, cols) along dim=2; and rows of a wider array, x[:, :cols], with NaN behind them. It answers in the shape of the logits, (outer, inner)
of logSumExp. Masks and biases of (cols,) are then (cols, 1), others have the shape of the logits, sinks are (outer, 1, inner): all broadcast to the logits, also along dim=2.
`layouts={"softmax": ["inner"]}` says which are asked for, of "inner" and "rowStride"; `layouts={}` none.

A loss whose classes are along dimension 1 of higher ranks, as torch's are, says so by layouts={"crossEntropy": ["inner"]}: of logits of (outer, cols, inner) targets and each row's
losses are (outer, inner), probabilities as the logits, weights (cols,). With a parameter dim or axis it is asked along dim=2 too.

`in_place=True` says that a function which answers as many numbers as there are logits may do so in its logits, and return them or None.

`crossEntropyWithGrad=f` is a loss and its gradient in one call, judged as both: it returns (loss, gradient), or with in_place=True the loss alone, and leaves the gradient in its logits.

`declaration={"nonFinite": False, "cols": 64}` has whatever else a module declares in its `target`.

`serve(softmax=f, options={"softmax": ["scale"]})` says which are asked for; {"scale": 0.125} says that the function has that value always.
"""

import functools
import inspect
import io
import json
import os
import struct
import sys
import typing

import numpy as np

MAGIC, VERSION = 0x5A464D53, 2
GREETING, REQUEST, ANSWER = 0, 1, 2
ANSWERED, THREW, BAD_SHAPE, MUTATED = 0, 1, 2, 3
HEADER = struct.Struct("<12I")
OPERATIONS = {
    "softmax": 1, "logSoftmax": 2, "logSumExp": 3, "crossEntropy": 4, "crossEntropyGrad": 5,
    "softmaxGrad": 6, "logSoftmaxGrad": 7,
}
# Names as Python has them, for those of the operations.
NAMES = {
    "log_softmax": "logSoftmax",
    "logsumexp": "logSumExp",
    "log_sum_exp": "logSumExp",
    "cross_entropy": "crossEntropy",
    "cross_entropy_grad": "crossEntropyGrad",
    "softmax_grad": "softmaxGrad",
    "log_softmax_grad": "logSoftmaxGrad",
    "cross_entropy_with_grad": "crossEntropyWithGrad",
}
# A loss and its gradient in one call.
WITH_GRAD = "crossEntropyWithGrad"
OF_BOTH = ("crossEntropy", "crossEntropyGrad")
# How numpy holds the numbers of a tensor; of bf16 the words.
STORED = {"f32": "<f4", "f16": "<f2", "bf16": "<u2", "i32": "<i4", "u8": "u1"}
TYPES = {"fp32": "f32", "fp16": "f16", "bf16": "bf16"}
DTYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}
TORCH_DTYPES = {**DTYPES, "i32": "int64", "u8": "bool"}
KEYWORDS = {
    "scale": ("scale", "sm_scale", "softmax_scale", "logit_scale"),
    "temperature": ("temperature", "temp"),
    "softcap": ("softcap", "logit_softcap", "logits_soft_cap"),
    "bias": ("bias", "attn_bias", "attn_mask"),
    "mask": ("mask",),
    "weights": ("b",),
    "sink": ("sink", "sinks"),
    "reduction": ("reduction",),
    "ignoreIndex": ("ignore_index", "ignored_index", "ignore_class"),
    "classWeights": ("weight", "class_weights", "class_weight", "ce_weight"),
    "rowWeights": ("sample_weight", "sample_weights", "row_weights", "loss_weights"),
    "labelSmoothing": ("label_smoothing", "smoothing"),
    "zLoss": ("z_loss", "lse_square_scale"),
    "upstream": ("grad_output", "grad_outputs", "upstream", "dloss"),
}
OF_LOSSES = ("reduction", "ignoreIndex", "classWeights", "rowWeights", "labelSmoothing", "zLoss")
# What changes nothing, where that is not None.
NEUTRAL = {"scale": 1.0, "temperature": 1.0, "reduction": "mean", "ignoreIndex": -100, "labelSmoothing": 0.0, "zLoss": 0.0}
# Arrays that are given in the logits' type.
OF_LOGITS_TYPE = ("classWeights", "rowWeights", "probabilities", "upstream")


def serve(name=None, **arguments):
    """Answers calls of functions by operation, until the input ends, with the settings of `converse`. Does not return before."""
    frames_in, frames_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Whatever prints, prints to stderr.
    sys.stdout = sys.stderr
    converse(frames_in, frames_out, name or os.path.basename(sys.argv[0]), **arguments)


def converse(
    frames_in,
    frames_out,
    name,
    profile=None,
    ftz=False,
    known=(),
    format="fp32",
    arrays="numpy",
    options=None,
    probabilities=False,
    semantics=None,
    layouts=None,
    in_place=False,
    declaration=None,
    on_note=None,
    **kernels,
):
    """Greets on one stream, and answers what the other asks until it ends. Returns how many calls that were. on_note takes what is said of parameters that are no option."""
    declaration = declaration or {}
    in_place = in_place or declaration.get("inPlace", False)
    functions = in_parts({NAMES.get(name, name): function for name, function in kernels.items()}, in_place)
    if set(functions) - set(OPERATIONS) or not functions:
        raise ValueError(f"expected functions called {', '.join([*OPERATIONS, WITH_GRAD])}, got {', '.join(functions) or 'none'}")
    options = of_functions("options", options or {}, functions)
    formats = formats_of(format)
    asked = [
        kernel_of(operation, function, options.get(operation), arrays, formats, probabilities, in_place)
        for operation, function in functions.items()
    ]
    kept = [note for note in map(note_of_kept, asked) if note is not None]
    for note in kept:
        if on_note is not None:
            on_note(note)
    chosen, refused = layouts_of(asked, layouts, declaration)
    greeting = {
        **declaration,
        "name": name,
        "operations": list(functions),
        "known": list(known),
        "ftz": ftz,
        **({} if profile is None else {"profile": profile}),
        **({} if set(formats.values()) == {"fp32"} else {"format": formats}),
        **({} if semantics is None else {"semantics": semantics}),
        **({"probabilities": True} if probabilities else {}),
        **({"inPlace": True} if in_place else {}),
        **present("options", {kernel.operation: kernel.taken for kernel in asked if kernel.taken}),
        **present("layouts", chosen),
        **present("found", {"notes": kept + refused} if kept + refused else {}),
    }
    send(frames_out, GREETING, greeting)
    by_code = {OPERATIONS[kernel.operation]: kernel for kernel in asked}
    calls = 0
    while True:
        header = frames_in.read(HEADER.size)
        if len(header) < HEADER.size:
            return calls
        calls += 1
        _, _, _, number, code, rows, cols, _, text, _, _, _ = HEADER.unpack(header)
        request = json.loads(frames_in.read(text))
        given = {head["name"]: tensor(head, frames_in, arrays, formats["logits"]) for head in request["tensors"]}
        if code in by_code:
            status, answer = answer_to(by_code[code], request.get("options", {}), given, rows, cols)
        else:
            status, answer = THREW, f"there is no operation {code}"
        if status == ANSWERED:
            send_answer(frames_out, number, code, answer, TYPES[formats["answer"]])
        else:
            refuse(frames_out, number, code, status, answer)


class Kernel(typing.NamedTuple):
    """A function, and how it is called."""

    operation: str
    function: typing.Callable
    # The names of the arrays before its keywords.
    order: list
    # Its parameters by options, and what each is given where a call has none.
    keywords: tuple
    # The options that it takes: names, or a dict of those and of fixed values.
    taken: typing.Any
    arrays: str
    formats: dict
    probabilities: bool
    # Whether it may answer in its logits.
    overwrites: bool


def kernel_of(operation, function, options, arrays, formats, probabilities, in_place):
    """The function of an operation, with the options that are told, or those that its parameters name."""
    keywords = keywords_of(function, operation)
    taken = list(keywords[0]) if options is None else options
    overwrites = in_place and operation not in ("crossEntropy", "logSumExp")
    return Kernel(operation, function, order_of(function, operation), keywords, taken, arrays, formats, probabilities, overwrites)


def formats_of(format):
    """The formats by what is of them."""
    formats = {"logits": "fp32", "answer": "fp32", **(format if isinstance(format, dict) else dict.fromkeys(("logits", "answer"), format))}
    for part, its in formats.items():
        if part not in ("logits", "answer", "arithmetic") or its not in TYPES:
            raise ValueError(f"format is {format!r}: expected {', '.join(TYPES)}, or a dict of logits and answer")
    return formats


def of_functions(what, values, functions):
    """What is given for some of the functions, by operations."""
    named = by_operation(values)
    if set(named) - set(functions):
        raise ValueError(f"expected {what} of {', '.join(functions)}, got those of {', '.join(named)}")
    return named


def present(name, values):
    """The field, where it has any value."""
    return {name: values} if values else {}


def layouts_of(kernels, layouts, declaration):
    """The layouts in which kernels are asked, and what is said of those that are not: those that are told, or where none are those that have an axis and answer along it."""
    notes = []
    if layouts is None:
        layouts = {}
        for kernel in kernels:
            if is_of_loss(kernel.operation) or not takes_axis(kernel.keywords):
                continue
            refusal = refusal_along(kernel, declaration)
            if refusal is None:
                layouts[kernel.operation] = ["inner", "rowStride"]
            else:
                notes.append(f"{kernel.operation} is not asked along other axes, as its parameters have it: {refusal}; layouts={{}} says so too")
        return layouts, notes
    functions = [kernel.operation for kernel in kernels]
    told = of_functions("layouts", layouts if isinstance(layouts, dict) else dict.fromkeys(functions, list(layouts)), functions)
    for kernel in kernels:
        has_axis = is_of_loss(kernel.operation) or takes_axis(kernel.keywords)
        if "inner" in told.get(kernel.operation, ()) and not has_axis:
            raise ValueError(f"expected a parameter dim or axis of {kernel.operation}, which is to be asked along another one")
    return told, notes


def answer_to(kernel, options, given, rows, cols):
    """The status and the stored numbers of a call with these options and tensors, or the status and a text."""
    operation, keywords = kernel.operation, kernel.keywords
    named = {name: numbers for name, numbers in given.items() if name in KEYWORDS and name not in arguments_of(operation)}
    asked = {**options, **named}
    outer, inner, stride = (asked.pop(name, None) for name in ("outer", "inner", "rowStride"))
    if inner is not None:  # As rows, which call_along turns.
        shape = (outer, cols, inner)
        given = {name: in_rows(array, shape) if name in ("logits", "upstream", "probabilities") and array.ndim > 1 else array for name, array in given.items()}
        asked = {name: in_rows(value, shape) if getattr(value, "ndim", 0) == 2 else value for name, value in asked.items()}
    if "upstream" in keywords[0]:
        given["upstream"] = asked["upstream"] = upstream_of(asked, given["logits"])
    chosen = keywords_with(operation, keywords, asked, kernel.taken)
    if "probabilities" in given:
        given["targets"] = given.pop("probabilities")
        if not kernel.probabilities and "probabilities" not in kernel.taken:
            return THREW, f"{operation} takes no probabilities"
    if isinstance(chosen, str):
        return THREW, chosen
    if "upstream" in kernel.order:
        chosen.pop(keywords[0].get("upstream"), None)
    expected = shape_of(operation, asked.get("reduction"), rows, cols)
    if inner is not None:
        return call_along(kernel, {name: given[name] for name in kernel.order}, chosen, shape, expected)
    return call(kernel, given, chosen, expected, None if stride is None else cols)


def in_parts(kernels, in_place):
    """The kernels by their operations, with a loss and a gradient in the place of a function that answers both."""
    both = kernels.get(WITH_GRAD)
    if both is None:
        return kernels
    twice = [operation for operation in OF_BOTH if operation in kernels]
    if twice:
        raise ValueError(f"{WITH_GRAD} is the function of {' and '.join(OF_BOTH)}: {' and '.join(twice)} is given too")

    def parts(answer):
        """The loss and the gradient; None of one that is in the logits."""
        if isinstance(answer, (tuple, list)) and len(answer) == 2:
            return answer
        if in_place:
            return answer, None
        raise TypeError(f"expected (loss, gradient), got {type(answer).__name__}; in_place=True says that the gradient is in the logits")

    places = [p.name for p in parameters_of(both)]
    upstream = next((name for name in places if name in KEYWORDS["upstream"]), None)

    @functools.wraps(both)
    def loss(logits, targets, **options):
        given = (copied(logits) if in_place else logits, targets)
        if upstream is None:
            return parts(both(*given, **options))[0]
        one = upstream_of(options, logits)
        return parts(both(one, *given, **options) if places[0] == upstream else both(*given, **{**options, upstream: one}))[0]

    @functools.wraps(both)
    def gradient(*given, **options):
        return parts(both(*given, **options))[1]

    others = {operation: function for operation, function in kernels.items() if operation != WITH_GRAD}
    return {**dict(zip(OF_BOTH, (loss, gradient))), **others}


def by_operation(values):
    """What is given by names as Python has them, by operations."""
    named = {NAMES.get(name, name): value for name, value in values.items()}
    both = {operation: named[WITH_GRAD] for operation in OF_BOTH} if WITH_GRAD in named else {}
    return {**both, **{name: value for name, value in named.items() if name != WITH_GRAD}}


def is_of_loss(operation):
    return operation.startswith("crossEntropy")


def arguments_of(operation):
    """The names of the arrays that a function is given, in their order."""
    if is_of_loss(operation):
        return ["logits", "targets"]
    return ["upstream", "logits"] if operation in ("softmaxGrad", "logSoftmaxGrad") else ["logits"]


def parameters_of(function):
    """The function's parameters in their order."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # Functions in C do not say.
        return []


def order_of(function, operation):
    """As arguments_of, with what is upstream of a loss where that is the function's first parameter."""
    first = next(iter(parameters_of(function)), None)
    is_first = operation == "crossEntropyGrad" and first is not None and first.name in KEYWORDS["upstream"]
    return ["upstream"] * is_first + arguments_of(operation)


def keywords_of(function, operation):
    """The function's parameters by the options that they are given, each by its name; and what they are given where a call has none."""
    parameters = parameters_of(function)
    is_loss = is_of_loss(operation)
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    places = [p for p in places if not is_loss or p.name not in KEYWORDS["upstream"]][: len(arguments_of(operation))]
    named = [p for p in parameters if p not in places and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    found, absent = {}, {}
    for parameter in named:
        if parameter.name in ("dim", "axis"):
            absent[parameter.name] = 1
        for option, names in KEYWORDS.items():
            if parameter.name not in names or option in found:
                continue
            if option in OF_LOSSES and not is_loss or option == "upstream" and operation != "crossEntropyGrad":
                continue
            found[option] = parameter.name
            absent[parameter.name] = where_absent(option, parameter.default)
    return found, absent


def note_of_kept(kernel):
    """What is said of parameters that are never given anything, those of no option that the function takes, which have a default; None where there are none."""
    operation, (found, absent) = kernel.operation, kernel.keywords
    given = {*found.values(), *absent, *kernel.taken, *(KEYWORDS["upstream"] if is_of_loss(operation) else ())}
    behind = parameters_of(kernel.function)[len(kernel.order) :]
    kept = [p.name for p in behind if p.default is not p.empty and p.name not in given and not p.name.startswith("_")]
    if not kept:
        return None
    return f"{operation} keeps the {'default' if len(kept) == 1 else 'defaults'} of {', '.join(kept)}: no option of it is called so (the head of softmax_fuzz_adapter.py has their names)"


def where_absent(option, default):
    """What a parameter with this default is given where a call does not have its option."""
    if option in NEUTRAL:
        return default if option in OF_LOSSES and default is None else NEUTRAL[option]
    return default if default in (0, float("-inf")) else None  # None, unless the function says so otherwise.


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


def upstream_of(options, logits):
    """What is upstream of a loss with these options: 1 where there is nothing, of the loss's shape and the logits' type."""
    value = options.get("upstream", 1.0)
    shape = (len(logits),) if options.get("reduction") == "none" else ()
    if is_torch(logits):
        import torch

        return torch.as_tensor(value, dtype=logits.dtype).expand(shape).clone()
    return np.broadcast_to(np.asarray(value, logits.dtype), shape).copy()


def shape_of(operation, reduction, rows, cols):
    """The shape of an answer."""
    if operation == "crossEntropy":
        return (rows,) if reduction == "none" else ()
    return (rows,) if operation == "logSumExp" else (rows, cols)


def tensor(head, stream, arrays, format):
    """The array of a head, read from the stream; a number where it has no shape. Classes are torch's int64."""
    stored = np.dtype(STORED[head["type"]])
    count = int(np.prod(head["shape"], dtype=np.int64))
    numbers = np.frombuffer(bytearray(stream.read(stored.itemsize * count)), stored).reshape(head["shape"])
    if head["shape"] == []:
        return float(numbers)
    if head["type"] == "u8":
        numbers = numbers.view(bool)
    kind = TYPES[format] if head["name"] in OF_LOGITS_TYPE else head["type"]
    if arrays == "torch":
        import torch

        is_words = head["type"] == "bf16"
        array = torch.from_numpy(numbers.view("<i2")).view(torch.bfloat16) if is_words else torch.from_numpy(numbers)
        return array.to(getattr(torch, TORCH_DTYPES[kind]))
    if kind not in DTYPES:
        return numbers
    if kind != "bf16":
        return numbers.astype(STORED[kind], copy=False)
    import ml_dtypes

    return numbers.view(ml_dtypes.bfloat16) if head["type"] == "bf16" else numbers.astype(ml_dtypes.bfloat16)


def takes_axis(keywords):
    """Whether a function has a parameter for an axis."""
    return not {"dim", "axis"}.isdisjoint(keywords[1])


def refusal_along(kernel, declared):
    """Why a function cannot be called along the middle of three dimensions, with all options that it takes; None where it can."""
    rows, cols = declared.get("rows", 2), declared.get("cols", 2 * declared.get("multipleOf", 1))
    shape = (1, cols, rows)

    def filled(name, kind, *lengths):
        count = int(np.prod(lengths, dtype=np.int64))
        numbers = np.ones(count, np.uint8) if kind == "u8" else np.zeros(count, STORED[kind])
        head = {"name": name, "type": kind, "shape": list(lengths)}
        return tensor(head, io.BytesIO(numbers.tobytes()), kernel.arrays, kernel.formats["logits"])

    neutral = {
        "scale": 1.0,
        "temperature": 1.0,
        "softcap": 1.0,
        "bias": filled("bias", "f32", rows, cols),
        "mask": filled("mask", "u8", rows, cols),
        "sink": filled("sink", "f32", rows),
    }
    taken = kernel.taken
    asked = {name: value for name, value in neutral.items() if name in taken and (not isinstance(taken, dict) or taken[name] is True)}
    given = {name: filled(name, TYPES[kernel.formats["logits"]], rows, cols) for name in kernel.order}
    chosen = keywords_with(kernel.operation, kernel.keywords, asked, taken)
    status, answer = call_along(kernel, given, chosen, shape, shape_of(kernel.operation, None, rows, cols))
    return None if status == ANSWERED else answer


def call_along(kernel, rows, keywords, shape, expected):
    """As call, of rows and options by their names, along the middle of three dimensions: contiguous, as a view whose memory is transposed, and, with an axis, along the last one. Of the
    answers the one that has most bits which those to the rows have not."""
    outer, cols, inner = shape
    is_of_logits = len(expected) == 2
    middle = {name: turned(name, array, shape) for name, array in rows.items()}
    along = {name: turned(name, value, shape) for name, value in keywords.items()}
    whole = shape if is_of_logits else (outer, inner)[: 2 * len(expected)]
    status, right = call(kernel, rows, keywords, expected)
    if status != ANSWERED:
        return status, right
    right = right.reshape(outer, inner, cols).swapaxes(1, 2) if is_of_logits else right.reshape(whole)
    ways = [({name: contiguous(array) for name, array in middle.items()}, along, False), (middle, along, False)]
    axis = {name: 2 for name in ("dim", "axis") if name in keywords}
    if axis:
        last = {name: contiguous(behind(name, array)) for name, array in middle.items()}
        ways.append((last, {**{name: behind(name, value) for name, value in along.items()}, **axis}, True))
    answers = []
    for tensors, chosen, is_last in ways:
        status, answer = call(kernel, tensors, chosen, (outer, inner, cols) if is_last and is_of_logits else whole)
        if status != ANSWERED:
            return status, answer
        answers.append(answer.swapaxes(1, 2) if is_last and is_of_logits else answer)
    words = f"<u{right.dtype.itemsize}"
    others = [np.count_nonzero(np.ascontiguousarray(answer).view(words) != np.ascontiguousarray(right).view(words)) for answer in answers]
    worst = answers[int(np.argmax(others))]
    return ANSWERED, worst if whole == () else np.ascontiguousarray(worst)


def turned(name, value, shape):
    """What belongs to rows, (rows, cols), (cols,) or (rows,), as a view along the middle of three dimensions: of the logits' shape, or broadcast to it; (outer, inner) of what
    is one a row of a loss. A number, and weights of (cols,), as they are."""
    outer, cols, inner = shape
    if getattr(value, "ndim", 0) == 0 or name in KEYWORDS["classWeights"]:
        return value
    if value.ndim == 2:
        return swapped(value.reshape(outer, inner, cols))
    if is_of_rows(name):
        return value.reshape(outer, inner)
    return value.reshape(outer, 1, inner) if name in KEYWORDS["sink"] else value.reshape(cols, 1)


def behind(name, value):
    """What has been turned, for logits of (outer, inner, cols)."""
    return value if is_of_rows(name) and getattr(value, "ndim", 0) == 2 else swapped(value)


def is_of_rows(name):
    """Whether an array without columns is one number a row, as targets and what is upstream of a loss are."""
    return name == "targets" or name in KEYWORDS["upstream"] + KEYWORDS["rowWeights"]


def swapped(value):
    """The last two dimensions in the other order; what has fewer as it is."""
    return value.swapaxes(-1, -2) if getattr(value, "ndim", 0) >= 2 else value


def contiguous(array):
    return array.contiguous() if is_torch(array) else np.ascontiguousarray(array)


def copied(array):
    """The same numbers in memory of their own, which lies as that of the array does."""
    return array.clone() if is_torch(array) else array.copy(order="K")


def in_rows(array, shape):
    """(rows, cols) of what lies along the middle of three dimensions."""
    outer, cols, inner = shape
    return contiguous(swapped(array.reshape(outer, cols, inner))).reshape(outer * inner, cols)


def call(kernel, tensors, keywords, expected, width=None):
    """The status and the stored numbers, or the status and a text. With a width, the function is given so many columns of the logits, and must leave the others as they are."""
    overwrites, kind = kernel.overwrites, TYPES[kernel.formats["answer"]]
    if overwrites:  # The caller's are asked of it again.
        tensors = {**tensors, "logits": copied(tensors["logits"])}
    arrays = {name: tensors[name] for name in tensors if not isinstance(tensors[name], float)}
    if overwrites:
        arrays["logits"] = arrays["logits"][:0] if width is None else arrays["logits"][:, width:]
    before = {name: bytes_of(array) for name, array in arrays.items()}
    handed = tensors if width is None else {**tensors, "logits": tensors["logits"][:, :width]}
    try:
        answer = kernel.function(*(handed[name] for name in kernel.order), **keywords)
    except Exception as error:  # Whatever a kernel raises is a finding.
        return THREW, f"{type(error).__name__}: {error}"
    for name, array in arrays.items():
        if before[name] != bytes_of(array):
            is_answer = name == "logits" and not overwrites and (answer is None or answer is handed[name])
            return MUTATED, f"it changed its {'upstream values' if name == 'upstream' else name}{'; in_place=True lets it' if is_answer else ''}"
    if overwrites and answer is None:
        answer = handed["logits"]
    if expected == () and not (is_torch(answer) and answer.numel() != 1):
        loss = np.asarray(float(answer) if is_torch(answer) else answer)
        if loss.dtype.kind in "fV" and loss.size == 1:
            return ANSWERED, np.float32(float(loss.reshape(())))
    dtype, stored = stored_of(answer)
    if dtype != DTYPES[kind] or stored.shape != expected:
        return BAD_SHAPE, f"returned {dtype} of {stored.shape}: expected {DTYPES[kind]} of {expected}"
    return ANSWERED, np.ascontiguousarray(stored)


def gradient_of(loss):
    """The gradient of a loss of torch by its logits, by autograd: a function of the loss's options and of grad_output, what is upstream."""

    @functools.wraps(loss)
    def gradient(logits, targets, *, grad_output=None, **options):
        leaf = logits.detach().clone().requires_grad_()
        loss(leaf, targets, **options).backward(grad_output)
        return leaf.grad

    signature = inspect.signature(loss)
    upstream = inspect.Parameter("grad_output", inspect.Parameter.KEYWORD_ONLY, default=None)
    parameters = [p for p in signature.parameters.values() if p.kind != p.VAR_KEYWORD]
    gradient.__signature__ = signature.replace(parameters=[*parameters, upstream])
    return gradient


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
        lambda x, axis=1: special.softmax(x, axis=axis),
        lambda x, axis=1: special.log_softmax(x, axis=axis),
        lambda x, axis=1, b=None: special.logsumexp(x, axis=axis, b=b),
    )


def torch_kernels():
    import torch
    from torch.nn import functional as F

    return {
        "softmax": lambda x, dim=1: torch.softmax(x, dim),
        "logSoftmax": lambda x, dim=1: torch.log_softmax(x, dim),
        "logSumExp": lambda x, dim=1: torch.logsumexp(x, dim),
        "crossEntropy": F.cross_entropy,
    }


def torch_autograd_kernels():
    import torch
    from torch.nn import functional as F

    def backward(function):
        def gradient(upstream, x):
            logits = x.clone().requires_grad_()
            function(logits, 1).backward(upstream)
            return logits.grad

        return gradient

    return {
        "crossEntropyGrad": gradient_of(F.cross_entropy),
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
        "softmax": lambda x, axis=1: jax.nn.softmax(x, axis=axis),
        "logSoftmax": lambda x, axis=1: jax.nn.log_softmax(x, axis=axis),
        "logSumExp": lambda x, axis=1, b=None: jax.scipy.special.logsumexp(x, axis=axis, b=b),
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
    # Of losses here torch's alone take probabilities.
    serve(name=name, profile=profile, format=format, arrays=arrays, probabilities=arrays == "torch", **READY[ready]())

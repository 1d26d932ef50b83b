"""Checks of kernels, for tests and for the prompt."""

import warnings
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Union

from softmax_fuzz_adapter import NAMES, OPERATIONS, WITH_GRAD

from ._settings import again, folders, settings
from ._tool import run


class Falsified(AssertionError):
    """A kernel goes wrong on some input: the faults as the terminal shows them."""

    __module__ = "softmax_fuzz"


def check(
    *,
    runs: Optional[int] = None,
    seed: Union[int, str] = 1,
    max_time: Optional[float] = None,
    shrink_time: Optional[float] = None,
    rows: Optional[int] = None,
    cols: Optional[int] = None,
    strict: bool = False,
    baseline: Optional[str] = None,
    reports: Optional[str] = None,
    name: Optional[str] = None,
    profile: Optional[str] = None,
    known: Iterable[Any] = (),
    format: Union[str, Mapping[str, str]] = "fp32",
    arrays: str = "numpy",
    options: Optional[Mapping[str, Any]] = None,
    probabilities: bool = False,
    semantics: Any = None,
    layouts: Any = None,
    in_place: bool = False,
    declaration: Optional[Mapping[str, Any]] = None,
    **kernels: Callable[..., Any],
) -> None:
    """Calls kernels, functions by operation, on adversarial batches, and raises Falsified where one goes wrong.

    `softmax`, `log_softmax`, `logsumexp`, `cross_entropy`, `cross_entropy_grad`, `softmax_grad` and `log_softmax_grad` are
    functions of numpy's arrays, or torch's with arrays="torch", as the head of softmax_fuzz_adapter has them; so are the
    settings from `name` on. What is beyond their profile and within the field is warned of, and raised with strict=True. The others are the flags of `softmax-fuzz fuzz`: 500 runs, or as many as max_time (in seconds)
    allows; seed="random" takes another each time.
    """
    __tracebackhide__ = True
    named = by_operation(kernels)
    chosen = settings.seed or str(seed)
    flags: List[Tuple[str, Any]] = [
        ("--runs", runs if runs is not None or max_time is not None else 500),
        ("--seed", None if chosen == "random" else chosen),
        ("--max-time", milliseconds(max_time)),
        ("--shrink-time", milliseconds(shrink_time)),
        ("--rows", rows),
        ("--cols", cols),
        ("--baseline", baseline),
    ]
    words = [word for flag, value in flags if value is not None for word in (flag, str(value))]
    status, text = run(
        ["fuzz", f"stdio:{again()}", "--quiet", *words, *folders(reports), *(["--strict"] if strict else [])],
        name or name_of(named),
        named,
        dict(
            profile=profile,
            known=known,
            format=format,
            arrays=arrays,
            options=options,
            probabilities=probabilities,
            semantics=semantics,
            layouts=layouts,
            in_place=in_place,
            declaration=declaration,
        ),
    )
    if status == 1:
        raise Falsified(text + of_torch(text, arrays))
    if any(line.startswith("WARN ") for line in text.splitlines()):
        warnings.warn(text, UserWarning, stacklevel=2)


def of_torch(text: str, arrays: str) -> str:
    """What a function may be missing that was given numpy's arrays and speaks of them in what it raised."""
    return '\n\nFunctions of torch take arrays="torch".' if arrays == "numpy" and "numpy.ndarray" in text else ""


def replay(file: str, **arguments: Any) -> None:
    """Runs a finding's file again on kernels, with the settings of `check`, and raises Falsified where it still fails."""
    __tracebackhide__ = True
    kernels, others = parted(arguments)
    status, text = run(["replay", str(file), "--target", "stdio:"], name_of(kernels), kernels, others)
    if status == 1:
        raise Falsified(text)


def kernel_test(*, options: Optional[Mapping[str, Any]] = None, **arguments: Any) -> Callable[..., None]:
    """A test for each operation, with the arguments of `check`: `test_mine = kernel_test(softmax=f, cross_entropy=g)`."""
    import pytest

    kernels, others = parted(arguments)

    @pytest.mark.parametrize("operation", list(kernels))
    def test(operation: str) -> None:
        taken = {key: value for key, value in (options or {}).items() if key == operation}
        fault = None
        try:
            check(options=taken, **{operation: kernels[operation]}, **others)
        except Falsified as falsified:
            fault = str(falsified)
        if fault is not None:  # What is in this file explains nothing: no traceback.
            pytest.fail(fault, pytrace=False)

    return test


def parted(arguments: Mapping[str, Any]) -> Tuple[Dict[str, Callable[..., Any]], Dict[str, Any]]:
    """The kernels among the arguments, by their operations, and the others."""
    kernels = {key: value for key, value in arguments.items() if key in OPERATIONS or key in NAMES or key == WITH_GRAD}
    return by_operation(kernels), {key: value for key, value in arguments.items() if key not in kernels}


def by_operation(kernels: Mapping[str, Callable[..., Any]]) -> Dict[str, Callable[..., Any]]:
    """The kernels by the names of their operations."""
    named = {NAMES.get(key, key): function for key, function in kernels.items()}
    unknown = [key for key in kernels if NAMES.get(key, key) not in (*OPERATIONS, WITH_GRAD)]
    expected = ", ".join(["softmax", *NAMES])
    if unknown:
        raise TypeError(f"there is no operation or setting {unknown[0]}: the operations are {expected}; help(check) has the settings")
    if not kernels:
        raise TypeError(f"expected a function, of one of {expected}")
    return named


def name_of(kernels: Mapping[str, Callable[..., Any]]) -> str:
    """What reports call the kernels: by the function's name, where there is one function and it has a name."""
    names = {getattr(function, "__name__", "") for function in kernels.values()}
    name = names.pop() if len(names) == 1 else ""
    return name if name.isidentifier() else "python"


def milliseconds(seconds: Optional[float]) -> Optional[str]:
    return None if seconds is None else f"{max(1, round(1000 * seconds))}ms"

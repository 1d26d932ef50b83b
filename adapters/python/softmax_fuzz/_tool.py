"""The command softmax-fuzz as a child process, which asks over its pipes."""

import os
import shlex
import shutil
import subprocess
import tempfile
import warnings
from contextlib import suppress
from typing import Any, Callable, List, Mapping, Sequence, Tuple

import numpy as np
from softmax_fuzz_adapter import converse

Kernels = Mapping[str, Callable[..., Any]]

HOW_TO_INSTALL = (
    "Set SOFTMAX_FUZZ to the command (SOFTMAX_FUZZ='node /path/to/softmax-fuzz/dist/cli/main.js'), put softmax-fuzz on the PATH,"
    " or install it in this folder: npm install --save-dev softmax-fuzz"
)
# How long the tool may take to end once nobody answers any more, in seconds: it writes what it has found.
GRACE = 5.0


class ToolError(RuntimeError):
    """The tool is not there, could not be started, or was asked for what it cannot do."""

    __module__ = "softmax_fuzz"


def command() -> List[str]:
    """How the tool is started: by $SOFTMAX_FUZZ, by its name on the PATH, or by npx, which finds what npm has installed here."""
    told = os.environ.get("SOFTMAX_FUZZ", "")
    if told:
        return [told] if os.path.isfile(told) else shlex.split(told)
    found = shutil.which("softmax-fuzz")
    if found is not None:
        return [found]
    npx = shutil.which("npx")
    if npx is not None:
        return [npx, "--no-install", "softmax-fuzz"]
    raise ToolError(f"there is no softmax-fuzz. {HOW_TO_INSTALL}")


def run(arguments: Sequence[str], name: str, kernels: Kernels, settings: Mapping[str, Any]) -> Tuple[int, str]:
    """The tool's exit code and what it says, after it has had its calls of the kernels answered here.

    Raises a ToolError where it did not ask for any: then its exit code says nothing of them.
    """
    started = command()
    calls = 0
    with tempfile.TemporaryFile() as told:  # A pipe would have to be read while calls are answered.
        try:
            child = subprocess.Popen([*started, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told)
        except OSError as error:
            raise ToolError(f"{shlex.join(started)} cannot be started: {error}. {HOW_TO_INSTALL}") from None
        try:
            with suppress(BrokenPipeError), np.errstate(all="ignore"):
                calls = converse(child.stdout, child.stdin, name, on_note=warn, **settings, **kernels)
        finally:
            end(child)
        told.seek(0)
        text = told.read().decode("utf-8", "replace").strip()
    if child.returncode in (2, 70, 130):
        raise ToolError(text)
    if calls == 0 or child.returncode not in (0, 1):
        what = f"{shlex.join(started)} ended with {child.returncode}" + (" and asked for nothing" if calls == 0 else "")
        raise ToolError(f"{what}. {HOW_TO_INSTALL}\n{text}".strip())
    return child.returncode, text


def warn(note: str) -> None:
    """Says it where the caller called: of `check`, through `converse` and `run`."""
    warnings.warn(note, UserWarning, stacklevel=5)


def end(child: "subprocess.Popen[bytes]") -> None:
    """Lets it see that nobody answers any more, and waits for its end."""
    for pipe in (child.stdin, child.stdout):
        with suppress(BrokenPipeError):
            if pipe is not None:
                pipe.close()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()

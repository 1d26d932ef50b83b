"""What a test run says, for all checks in it: see pytest_plugin.py."""

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional


@dataclass
class Settings:
    # Of --softmax-fuzz-seed: a number, or "random".
    seed: Optional[str] = None
    # Where the test run has its files.
    root: Optional[Path] = None


settings = Settings()


def current_test() -> Optional[str]:
    """What pytest calls the test that runs, if one does: tests/test_kernel.py::test_softmax."""
    if settings.root is None:
        return None
    return re.sub(r" \(\w+\)$", "", os.environ.get("PYTEST_CURRENT_TEST", "")) or None


def again() -> str:
    """The line that runs this again; empty where there is none."""
    test = current_test()
    if test is not None:
        seed = [] if settings.seed is None else ["--softmax-fuzz-seed", settings.seed]
        return shlex.join([python(), "-m", "pytest", test, *seed])
    return shlex.join([python(), *sys.argv]) if os.path.isfile(sys.argv[0]) else ""


def python() -> str:
    """The interpreter that runs this, by its short name where that is the same."""
    found = shutil.which("python3")
    return "python3" if found is not None and sys.executable and os.path.samefile(found, sys.executable) else sys.executable


def folders(reports: Optional[str]) -> List[str]:
    """Where files go, and where regressions are. Each test has its own run, as no test's report is to be another's; regressions are of all."""
    test = current_test()
    if reports is not None or test is None or settings.root is None:
        return ["--reports", reports or "reports"]
    folder = settings.root / "reports"
    name = re.sub(r"[^\w.]+", "-", test).strip("-")[-120:]
    return ["--reports", str(folder / "pytest" / name), "--regressions", str(folder / "regressions")]

"""What pytest says to all checks of a run: a seed, and where their files are."""

from typing import Any

from ._settings import settings


def pytest_addoption(parser: Any) -> None:
    parser.getgroup("softmax-fuzz").addoption(
        "--softmax-fuzz-seed",
        metavar="N",
        type=seed,
        help="the seed of every check, whatever the tests say; random takes another each time",
    )


def seed(text: str) -> str:
    return text if text == "random" else str(int(text))


def pytest_configure(config: Any) -> None:
    settings.seed = config.getoption("softmax_fuzz_seed")
    settings.root = config.rootpath


def pytest_unconfigure() -> None:
    settings.seed = settings.root = None

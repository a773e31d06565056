"""What the fault tests share: a directory, and a summary of the figures at the end of a soak."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest

FIGURES = pytest.StashKey[dict[str, dict[str, int]]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, int]:
    """Give a place for the figures of a test; a soak prints them at its end."""
    return request.config.stash.setdefault(FIGURES, {}).setdefault(request.node.name, {})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the figures of a soak."""
    if "not soak" in config.getoption("markexpr"):
        return
    terminalreporter.section("figures")
    for name, numbers in config.stash.get(FIGURES, {}).items():
        row = ", ".join(f"{number:,} {what}" for what, number in numbers.items())
        terminalreporter.write_line(f"{name}: {row}")


@pytest.fixture(autouse=True)
def _lost_connections_are_buried_here() -> Iterator[None]:
    """Collect connections that a killed server has left behind, before another test meets them."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()

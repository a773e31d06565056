"""Figures: what was measured, beside its reference, and whether the goal is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

HEADINGS = ("figure", "database", "ours", "reference", "ratio", "goal", "met")


@dataclass(frozen=True)
class Goal:
    """A bound for the ratio of ours to the reference; with a unit, for our own figure."""

    bound: float
    is_upper: bool = False
    of: str = ""

    def __str__(self) -> str:
        return f"{'<=' if self.is_upper else '>='} {self.bound:g} {self.of}".rstrip()

    def is_met(self, ours: float, ratio: float) -> bool:
        """Tell whether a figure keeps to the bound."""
        value = ours if self.of else ratio
        return value <= self.bound if self.is_upper else value >= self.bound


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    name: str
    database: str
    unit: str
    ours: float
    reference: float
    ratio: float
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is met, if there is one."""
        return None if self.goal is None else self.goal.is_met(self.ours, self.ratio)

    def cells(self) -> tuple[str, ...]:
        """Write the row."""
        return (
            f"{self.name} ({self.unit})",
            self.database,
            _number(self.ours),
            _number(self.reference),
            f"{self.ratio:.2f}",
            "" if self.goal is None else str(self.goal),
            {None: "", True: "yes", False: "no"}[self.met],
        )

    def record(self) -> dict[str, Any]:
        """Give the row to a program."""
        goal = None if self.goal is None else str(self.goal)
        return asdict(self) | {"goal": goal, "met": self.met}


@dataclass(frozen=True)
class Subject:
    """What a row is about."""

    name: str
    database: str
    unit: str
    goal: Goal | None = None

    def compared(self, ours: Sequence[float], references: Sequence[float]) -> Figure:
        """Make a row of the values of several rounds.

        The ratio is the median of the ratios of each round, whose two values were measured right
        after each other: what slows the machine down for a while slows both.
        """
        ratios = [mine / its for mine, its in zip(ours, references, strict=True)]
        return Figure(
            self.name,
            self.database,
            self.unit,
            median(ours),
            median(references),
            median(ratios),
            self.goal,
        )


def p99(seconds: Sequence[float]) -> float:
    """Give the value that one in a hundred exceeds."""
    return quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else seconds[0]


def table(figures: Sequence[Figure]) -> str:
    """Write all rows below each other; columns of Markdown, so that they can be pasted."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rule = "|".join(
        f" {'-' * (width - 1)}{'-' if column < 2 else ':'} " for column, width in enumerate(widths)
    )
    written = [
        " | ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([f"| {written[0]} |", f"|{rule}|", *(f"| {row} |" for row in written[1:])])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

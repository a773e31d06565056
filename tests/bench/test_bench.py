"""The bench works; how fast anything is, no test says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 300


def bench(*options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", *options],
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table_has_a_row_for_each_figure(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"

    shown = bench("--rounds", "1", "--only", "gain", "--json", str(file))

    figures = json.loads(file.read_text())["figures"]
    assert [(figure["database"], figure["goal"]) for figure in figures] == [
        ("SQLite", ">= 4"),
        ("PostgreSQL", ">= 3"),
    ]
    for figure in figures:
        assert f"| {figure['name']} ({figure['unit']})" in shown
        assert figure["met"] in {True, False}


def test_telegram_is_measured_beside_an_echo(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    parts = ("updates", "sends", "webhooks", "launches")

    bench(*(f"--only={part}" for part in parts), "--json", str(file))

    figures = json.loads(file.read_text())["figures"]
    assert {figure["unit"] for figure in figures} == {
        "updates/s",
        "µs/update",
        "letters/s",
        "ms",
        "MB",
    }
    assert all(figure["ours"] > 0 and figure["reference"] > 0 for figure in figures)


@pytest.mark.parametrize(
    ("part", "goals"),
    [
        pytest.param("rounds", {None, ">= 0.8", "<= 1.25"}, marks=pytest.mark.soak),
        ("backlogs", {None}),
    ],
)
def test_matrix_is_measured_beside_an_echo(
    tmp_path: Path, part: str, goals: set[str | None]
) -> None:
    file = tmp_path / "figures.json"

    bench(f"--only={part}", "--json", str(file))

    figures = json.loads(file.read_text())["figures"]
    assert {figure["goal"] for figure in figures} == goals
    assert all(figure["ours"] > 0 and figure["reference"] > 0 for figure in figures)

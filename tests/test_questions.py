"""What is asked on a terminal before people are told of something, and that no pipe is asked."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.test_cli import called, invoke, url, well
from tests.test_cli import example as example  # noqa: PLC0414 (a fixture)

pytestmark = pytest.mark.slow
__all__ = ["url"]

ABORTED = 1


def at_a_terminal(url: str, arguments: Sequence[str], answer: str) -> tuple[int, str]:
    """Call a command at a real terminal and type an answer; gives the exit code and the screen."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"DATABASE_URL": url, "STADTDIALOG_DATA_DIR": "data"}
    command = [sys.executable, "-m", "bot", *arguments]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as program:
        os.close(theirs)
        os.write(ours, answer.encode())
        screen = b""
        with suppress(OSError):  # the terminal is closed with the program
            while read := os.read(ours, 4096):
                screen += read
        code = program.wait(30)
    os.close(ours)
    return code, screen.decode()


@pytest.fixture
def moved(url: str, tmp_path: Path) -> str:
    """Write a file that moves an event for which somebody is registered."""
    well(*called("Erna", "10:15", "--phone", "02305 106-2101"), url=url)
    file = tmp_path / "events.toml"
    text = re.sub(r"(start = .*T)18", r"\g<1>17", well("events", "example"), count=1)
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_people_are_told_of_a_new_date_only_after_a_yes(url: str, moved: str) -> None:
    load = ("events", "load", moved)

    code, screen = at_a_terminal(url, load, "n\n")
    assert code == ABORTED
    assert "1 person: a new date or a new venue" in screen
    code, screen = at_a_terminal(url, load, "y\n")
    assert code == 0
    assert "auftakt: changed" in screen
    code, screen = at_a_terminal(url, load, "")
    assert (code, "Is that meant?" in screen) == (0, False)


@pytest.mark.parametrize("command", ["cancel", "forget"])
def test_a_caller_is_named_before_something_ends_for_them(url: str, command: str) -> None:
    well(*called("Erna Maier", "10:15", "--phone", "02305 106-2101"), url=url)
    arguments = ("registrations", command, "--event", "auftakt", "--number", "1")

    code, screen = at_a_terminal(url, arguments, "n\n")

    assert code == ABORTED
    assert "Erna Maier?" in screen
    assert invoke(*arguments, url=url).exit_code == 0


def test_seats_are_taken_only_after_a_yes(url: str) -> None:
    for name in ("Erna", "Emil"):
        well(*called(name, "10:15", "--phone", "02305 106-2101"), url=url)
    well("events", "capacity", "auftakt", "--place", "saal", "1", url=url)

    arguments = ("events", "move-back", "auftakt", "--place", "saal")
    code, screen = at_a_terminal(url, arguments, "n\n")

    assert code == ABORTED
    assert "1 person: they lose their seat and wait" in screen
    assert "1 people moved back" in well(*arguments, url=url)

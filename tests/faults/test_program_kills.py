"""The program as people run it, killed in the middle of a conversation and started again."""

from __future__ import annotations

import random
import re
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.dialogue.messages import Typed
from bot.store import outbox
from bot.store.database import Database
from tests import programs
from tests.faults import verdicts
from tests.faults.patience import nobody_is_connected
from tests.faults.plays import IDEA, RECEIPTS, REGISTER, SEATED, THANKED, found
from tests.town import Town

pytestmark = pytest.mark.slow

LINES = (*REGISTER, *IDEA)
KILLS = 20


def killed(name: str, url: str, directory: Path, chance: random.Random) -> str:
    """Say some lines, kill the program shortly after one of them, and give what was seen."""
    process = subprocess.Popen(
        programs.command("chat", "--as", name),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=directory,
        env=programs.environment(directory / "data", {"DATABASE_URL": url}),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{line}\n" for line in LINES).encode())
    process.stdin.flush()
    seen, wait = "", chance.randrange(len(LINES))
    while seen.count("\n> ") < wait and (line := process.stdout.readline()):
        seen += line.decode()
    time.sleep(chance.expovariate(1 / 0.02))
    process.kill()
    rest, noise = process.communicate(timeout=programs.PATIENCE_SECONDS)
    nobody_is_connected(url)
    assert noise == b""
    return seen + rest.decode()


def told(words: str, seen: str) -> bool:
    """Tell whether a reply was read; lines are broken anywhere."""
    return words in re.sub(r"\s+", " ", seen)


def play(name: str, url: str, directory: Path, chance: random.Random) -> None:
    """Kill the program, start it again, and compare what was read with what is stored."""
    seen = killed(name, url, directory, chance)
    before = verdicts.Town(url)
    again = programs.run(
        "chat", "--as", name, directory=directory, text="/mine\n", DATABASE_URL=url
    )
    after = verdicts.Town(url)
    verdicts.seats_are_in_order(before)
    assert (again.returncode, again.stderr) == (0, "")
    for table, step in (("registrations", SEATED), ("ideas", THANKED)):
        mine = [row for row in before.rows(table) if before.chats[row["person_id"]] == name]
        assert len(mine) == told(RECEIPTS[step], seen + again.stdout)
        assert len(mine) >= told(RECEIPTS[step], seen)
        assert len(after.rows(table)) == len(before.rows(table))
    assert {row["state"] for row in after.rows("outbox") if row["chat"] == name} == {"sent"}


def test_whoever_comes_back_reads_what_was_owed(database_url: str, tmp_path: Path) -> None:
    found(database_url)
    chance = random.Random(31)  # noqa: S311 (a seed for a test, no secret)
    for number in range(3):
        play(f"citizen {number}", database_url, tmp_path, chance)


def test_a_letter_that_somebody_still_holds_is_read_at_the_next_start(
    database_url: str, tmp_path: Path
) -> None:
    found(database_url)
    now = clock.now()
    town = Town(Database(database_url), now)
    (letter,) = town.take(town.incoming(town.citizen("citizen"), Typed("/events")))
    with town.database.transaction() as tx:
        outbox.lease(tx, [letter.id], now + timedelta(days=1))
    town.database.close()
    done = programs.run("chat", directory=tmp_path, DATABASE_URL=database_url)

    assert "While you were away" in done.stdout
    assert [row["state"] for row in verdicts.Town(database_url).rows("outbox")] == ["sent"]


@pytest.mark.soak
def test_the_program_is_killed_again_and_again(
    database_url: str, tmp_path: Path, figures: dict[str, int]
) -> None:
    found(database_url)
    chance = random.Random()  # noqa: S311 (a seed for a test, no secret)
    for number in range(KILLS):
        play(f"citizen {number}", database_url, tmp_path, chance)

    registered = len(verdicts.Town(database_url).rows("registrations"))
    figures.update({"kills": KILLS, "registrations": registered})

"""A town whose bot is on Matrix, and what happens to its programs while citizens talk to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from bot.store.database import Database
from tests.faults import verdicts
from tests.faults.matrix.players import Player
from tests.faults.matrix.programs import MatrixProgram
from tests.faults.matrix.scripts import SAID
from tests.faults.patience import PATIENCE_SECONDS, nobody_is_connected
from tests.faults.plays import ENOUGH, found
from tests.faults.telegram.fates import time_passes
from tests.faults.verdicts import Town
from tests.matrix import Account, Homeserver, Neighbourhood, Proxy, between, living
from tests.serving import owed

PEOPLE = 3


def environment(url: str, homeserver: str, account: Account) -> dict[str, str]:
    """Say in which environment the program finds its account."""
    return {
        "DATABASE_URL": url,
        "MATRIX_HOMESERVER": homeserver,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
        "STADTDIALOG_LANGUAGE": "en",
        "STADTDIALOG_LOG_LEVEL": "INFO",
    }


class Fate:
    """A town, the way to its homeserver, its citizens, and the programs that serve them."""

    def __init__(self, url: str, account: Account, proxy: Proxy, people: Neighbourhood) -> None:
        self.url, self.account, self.proxy, self.people = url, account, proxy, people
        self.players: list[Player] = []
        self.programs: list[MatrixProgram] = []

    @property
    def program(self) -> MatrixProgram:
        """The only program."""
        (program,) = self.programs
        return program

    def invites(self, number: int, said: tuple[str, ...] = SAID) -> list[Player]:
        """Let so many citizens come to the town; they have said nothing yet."""
        known = len(self.players)
        names = [f"citizen{known + each}" for each in range(number)]
        coming = [Player(self.people.person(name, "en"), said) for name in names]
        self.players += coming
        return coming

    def plays(
        self, *, seconds: float = PATIENCE_SECONDS, until: Callable[[], bool] | None = None
    ) -> None:
        """Let citizens talk for so long, or until something is so, or until all are done."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for player in self.players:
                player.acts()
            if until() if until is not None else all(each.is_done for each in self.players):
                return
            time.sleep(0.01)
        assert until is None, f"it did not come to that:\n{self}"

    def stands_still(self) -> None:
        """Let everybody wait until they are answered."""
        self.waits(lambda: all(each.is_answered for each in self.players))

    def waits(self, true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until something is so, while nobody says anything."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, f"it did not come to that:\n{self}"
            time.sleep(0.01)

    def strikes(self, chance: Random) -> None:
        """Start, and kill at a random moment after something was answered."""
        self.program.starts(ready=True)
        said = self.said
        self.plays(until=lambda: self.said > said)
        self.plays(seconds=chance.expovariate(1 / 0.2))
        self.program.kills()
        self.rests()

    def rests(self) -> None:
        """Look at everything while no program runs; then let so much time pass that leases end."""
        nobody_is_connected(self.url)
        self._nothing_is_lost(Town(self.url))
        if not self.url.startswith("sqlite"):
            time_passes(self.url)

    def finishes(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Let everybody say what they have to say, until everything owed has arrived."""
        self.plays(seconds=seconds, until=lambda: all(each.is_done for each in self.players))
        self.settles(seconds)

    def settles(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until everything that has arrived is noted as sent."""
        database = Database(self.url)
        try:
            self.waits(lambda: not owed(database), seconds)
        finally:
            database.close()

    def ends_well(self) -> None:
        """Let everybody finish, end all programs, and look at everything."""
        self.finishes()
        for program in self.programs:
            program.ends()
        self.is_well()

    def is_well(self) -> None:
        """Check that everybody has what they came for, once, and was told so, once."""
        nobody_is_connected(self.url)
        town = Town(self.url)
        self._nothing_is_lost(town)
        assert {row["state"] for row in town.rows("outbox")} == {"sent"}
        asked = [each for each in self.players if each.said == len(SAID)]
        told = sorted(each.arrival_number or 0 for each in asked)
        assert told == list(range(1, len(asked) + 1))
        assert len(town.rows("registrations")) == len(asked)
        assert all(each.is_done for each in self.players), str(self)

    @property
    def said(self) -> int:
        """Count everything that was said."""
        return sum(player.said for player in self.players)

    def __str__(self) -> str:
        talks = "\n\n".join(str(each.citizen) for each in self.players if not each.is_done)
        logs = "\n".join(program.log[-3000:] for program in self.programs)
        return f"{talks}\n{logs}\nrefused: {self.proxy.calls.refused()[-10:]}"

    def _nothing_is_lost(self, town: Town) -> None:
        held = {
            (town.chats[row["person_id"]], row["arrival_number"])
            for row in town.rows("registrations")
        }
        for player in self.players:
            number = player.arrival_number
            assert number is None or (player.citizen.id, number) in held
        assert len(held) == len(town.rows("registrations"))
        assert {row["state"] for row in town.rows("outbox")} <= {"waiting", "sent"}
        assert all(row["set_aside"] is None for row in town.rows("inbox"))
        verdicts.seats_are_in_order(town)
        for program in self.programs:
            verdicts.nothing_personal_is_in(program.log)
            assert self.account.password not in program.log
            assert "Traceback" not in program.log, program.log[-3000:]
            assert "set aside" not in program.log, program.log[-3000:]


@contextmanager
def at_the_mercy(
    homeserver: Homeserver,
    url: str,
    directory: Path,
    *commands: str,
    capacity: int = ENOUGH,
    **settings: str,
) -> Iterator[Fate]:
    """Found a town on this homeserver; `commands` are its programs: `run`, if none is named."""
    found(url, capacity)
    account = homeserver.newcomer("stadtdialog")
    with between(homeserver.url) as proxy, living(homeserver, account.user_id) as people:
        fate = Fate(url, account, proxy, people)
        given = environment(url, proxy.url, account) | {"STADTDIALOG_DATA_DIR": str(directory)}
        fate.programs = [
            MatrixProgram(command, given | settings, directory / f"{number}.log")
            for number, command in enumerate(commands or ("run",))
        ]
        try:
            yield fate
        finally:
            for program in fate.programs:
                program.gives_up()

"""Telegram and Matrix beside each other: who gives a seat back on one makes room on the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.channels.telegram import serving
from tests.faults.matrix.fates import Fate, at_the_mercy
from tests.faults.plays import CANARY
from tests.matrix import Citizen, Fault, Homeserver
from tests.telegram import Phone, Telegram, running

pytestmark = pytest.mark.slow

Guest = Phone | Citizen

REGISTERS = (
    ("/register auftakt", "How would you like to take part"),
    ("1", "Here we need your consent"),
    ("1", "What is your name"),
    (f"Anna {CANARY}", "For whom are you coming"),
    ("1", "How can we reach you"),
    ("1", "Who is coming with you"),
    ("alone", "What do you need"),
)
TAKES_A_SEAT = (*REGISTERS, ("1", "Is everything right"), ("yes", "Your seat is confirmed"))
WAITS = (
    *REGISTERS,
    ("1", "What would you like to do"),
    ("1", "Is everything right"),
    ("yes", "You are on the waiting list"),
)
GIVES_IT_BACK = ("/mine", "1", "cancel my registration", "yes")
GOOD_NEWS = "Good news: you have a seat!"
SOON_SECONDS = 5.0


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    with running() as stand_in:
        yield stand_in


def says(guest: Guest, talk: tuple[tuple[str, str], ...]) -> None:
    """Say each line when the one before was answered with these words."""
    for line, answer in talk:
        guest.types(line)
        guest.waits_for(answer)


def gives_back(guest: Guest) -> None:
    """Give a seat back."""
    for line in GIVES_IT_BACK:
        guest.types(line)
        guest.waits_for(lambda _: True)
    if "Your seat is given back" not in guest.messages[-1].text:
        guest.waits_for("Your seat is given back")


def on_telegram(telegram: Telegram, _fate: Fate) -> Phone:
    """Meet somebody on Telegram."""
    phone = telegram.person("anna", "en").starts()
    phone.waits_for("Welcome")
    return phone


def on_matrix(_telegram: Telegram, fate: Fate) -> Citizen:
    """Meet somebody on Matrix."""
    citizen = fate.people.person("anna", "en").starts()
    citizen.waits_for("Welcome")
    return citizen


Place = Callable[[Telegram, Fate], Guest]


@pytest.mark.parametrize(("here", "there"), [(on_telegram, on_matrix), (on_matrix, on_telegram)])
def test_who_waits_on_the_other_network_moves_up(  # noqa: PLR0913, PLR0917 (fixtures)
    sqlite_url: str,
    tmp_path: Path,
    homeserver: Homeserver,
    telegram: Telegram,
    here: Place,
    there: Place,
) -> None:
    both = serving.environment(telegram, sqlite_url) | {"STADTDIALOG_LANGUAGE": "en"}
    with at_the_mercy(homeserver, sqlite_url, tmp_path, capacity=1, **both) as fate:
        fate.program.starts(ready=True)
        seated, waiting = here(telegram, fate), there(telegram, fate)
        says(seated, TAKES_A_SEAT)
        says(waiting, WAITS)
        gives_back(seated)
        waiting.waits_for(GOOD_NEWS)
        fate.settles()
        fate.program.ends()

    assert sum(GOOD_NEWS in each.text for each in waiting.messages) == 1


def test_a_notice_waits_until_it_is_known_who_is_in_which_room(
    sqlite_url: str, tmp_path: Path, homeserver: Homeserver, telegram: Telegram
) -> None:
    both = serving.environment(telegram, sqlite_url) | {"STADTDIALOG_LANGUAGE": "en"}
    with at_the_mercy(homeserver, sqlite_url, tmp_path, capacity=1, **both) as fate:
        fate.program.starts(ready=True)
        seated, waiting = on_telegram(telegram, fate), on_matrix(telegram, fate)
        says(seated, TAKES_A_SEAT)
        says(waiting, WAITS)
        fate.settles()
        fate.program.ends()
        fate.proxy.faults.next("sync", Fault.hangs(3))
        fate.program.starts()
        fate.waits(lambda: not fate.proxy.faults.left)
        gives_back(seated)
        assert not waiting.unread
        waiting.waits_for(GOOD_NEWS)
        fate.settles()
        fate.program.ends()


def test_what_web_writes_is_sent_by_the_worker(
    postgres_url: str, tmp_path: Path, homeserver: Homeserver, telegram: Telegram
) -> None:
    hooked = serving.environment(telegram, postgres_url, webhook=True)
    hooked |= {"STADTDIALOG_LANGUAGE": "en"}
    with at_the_mercy(
        homeserver, postgres_url, tmp_path, "web", "worker", capacity=1, **hooked
    ) as fate:
        for program in fate.programs:
            program.starts(ready=True)
        telegram.waits_until(lambda: telegram.bot.webhook is not None)
        seated, waiting = on_telegram(telegram, fate), on_matrix(telegram, fate)
        says(seated, TAKES_A_SEAT)
        says(waiting, WAITS)
        gives_back(seated)
        written = time.monotonic()
        waiting.waits_for(GOOD_NEWS)
        assert time.monotonic() - written < SOON_SECONDS
        fate.settles()
        for program in fate.programs:
            program.ends()

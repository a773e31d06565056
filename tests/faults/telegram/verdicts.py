"""What has to be true of database, phones and logs, whatever happened to the bot on Telegram."""

from __future__ import annotations

from collections import Counter

from tests.faults import verdicts
from tests.faults.plays import RELEASED, SEATED, THANKED
from tests.faults.telegram.players import Player
from tests.faults.telegram.squares import Square
from tests.faults.verdicts import Town


def nothing_is_lost(town: Town, square: Square) -> None:
    """Check that whatever stood on a phone is true, and that nothing was given up."""
    held = {(town.chats[row["person_id"]], row["arrival_number"]) for row in _registered(town)}
    for player in square.everybody:
        assert {(str(player.phone.id), each) for each in player.arrival_numbers} <= held
    assert {row["state"] for row in town.rows("outbox")} <= {"waiting", "sent"}
    assert all(row["set_aside"] is None for row in town.rows("inbox"))


def nothing_is_done_twice(town: Town, square: Square) -> None:
    """Check that nobody has more than they asked for, and that the counters are those of rows."""
    runs = [row["run"] for row in (*_registered(town), *town.rows("ideas"))]
    assert None not in runs
    assert len(runs) == len(set(runs))
    for counted, most in _counts(town, square.everybody):
        assert counted <= most
    verdicts.seats_are_in_order(town)


def everything_is_done(town: Town, square: Square) -> None:
    """Check, at the end, that each message counts once and everybody was answered to the end."""
    nothing_is_lost(town, square)
    nothing_is_done_twice(town, square)
    for counted, most in _counts(town, square.everybody):
        assert counted == most
    assert all(player.is_done for player in square.everybody)
    assert len(town.rows("inbox")) == square.said
    assert {row["state"] for row in town.rows("outbox")} == {"sent"}
    assert square.telegram.defects == []


def log_is_quiet(log: str, square: Square) -> None:
    """Check that a log tells nothing personal, no secret, and of no fault of the program."""
    verdicts.nothing_personal_is_in(log)
    assert square.telegram.token not in log
    assert "Traceback" not in log, log[-3000:]
    assert "set aside" not in log, log[-3000:]


def _counts(town: Town, everybody: list[Player]) -> list[tuple[Counter[str], Counter[str]]]:
    """Count rows by chat, beside how often each of them was asked for."""
    cancelled = [row for row in _registered(town) if row["state"] == "cancelled"]
    return [
        (
            Counter(town.chats[row["person_id"]] for row in rows),
            +Counter({str(player.phone.id): player.count_of(step) for player in everybody}),
        )
        for step, rows in (
            (SEATED, _registered(town)),
            (THANKED, town.rows("ideas")),
            (RELEASED, cancelled),
        )
    ]


def _registered(town: Town) -> list[verdicts.Row]:
    return town.rows("registrations")

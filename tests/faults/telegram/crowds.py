"""Thousands of citizens who want a seat at the same event at the same moment."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from bot import clock
from bot.services.events import load_file
from bot.services.examples import example
from bot.store import schema
from bot.store.database import Database
from tests.faults.plays import CANARY
from tests.faults.telegram.players import FLEETING
from tests.faults.verdicts import NUMBER, Town
from tests.telegram import Phone, Telegram
from tests.telegram.chats import Message
from tests.telegram.screens import Shown, shown

EVENT = "videokonferenz"
SEATS = 75
NAME, SURE, FULL = "What is your name?", "Is everything right?", "What would you like to do?"
COMPANY = "Who is coming with you?"
TOLD_ONLY = ("Castrop-Rauxel uses your answers", FLEETING)
"""Messages that need no answer."""

CHECKED = 200
"""With more people than this, aiogram does not judge each request: it costs more than the bot."""


def announce(url: str) -> None:
    """Open a town with the events as published, but ahead."""
    database = Database(url)
    schema.migrate(database)
    now = clock.now()
    with database.transaction() as tx:
        load_file(tx, example(now).encode(), "events.toml", now)
    database.close()


@dataclass
class Guest:
    """One of the crowd; `number` is the arrival number that the phone shows."""

    phone: Phone
    asked_at: float = 0.0
    waits: list[float] = field(default_factory=list)
    last_update: int = 0
    number: int = 0
    is_seated: bool = False


class Crowd:
    """Everybody, coming evenly within some seconds, and answering as soon as they are asked."""

    def __init__(self, telegram: Telegram, people: int, seconds: float) -> None:
        self.telegram = telegram
        telegram.checks = people <= CHECKED
        self.guests = {
            phone.id: Guest(phone)
            for phone in (telegram.person(f"guest {number}", "en") for number in range(people))
        }
        self.seconds = 0.0
        self._gap = seconds / people
        self._news: SimpleQueue[Message] = SimpleQueue()
        self._post = telegram.records.post
        telegram.records.post = self._posted  # type: ignore[method-assign]  # to be woken at once

    @property
    def done(self) -> int:
        """Count those who have what they came for."""
        return sum(guest.number > 0 for guest in self.guests.values())

    @property
    def waits(self) -> list[float]:
        """Give how many seconds each answer took."""
        return [wait for guest in self.guests.values() for wait in guest.waits]

    @property
    def updates(self) -> int:
        """Count what everybody said."""
        return len(self.waits)

    def comes(self, patience_seconds: float) -> None:
        """Let everybody come, and wait until all have been told what became of it."""
        began = time.monotonic()
        coming, done = list(self.guests.values()), 0
        while done < len(self.guests):
            now = time.monotonic() - began
            assert now < patience_seconds, f"{done} of {len(self.guests)} after {now:.0f} seconds"
            while coming and (len(self.guests) - len(coming)) * self._gap <= now:
                self._comes(coming.pop())
            try:
                message = self._news.get(timeout=0.01)
            except Empty:
                continue
            guest = self.guests[message.chat.id]
            done += self._reads(guest, shown(message, self.telegram.records.files))
        self.seconds = time.monotonic() - began

    def _posted(self, message: Message) -> Message:
        posted = self._post(message)
        if message.sender.is_bot:
            self._news.put(message)
        return posted

    def _comes(self, guest: Guest) -> None:
        records = self.telegram.records
        with records.changed:
            records.private_chat(self.telegram.bot, guest.phone.person)
        self._says(guest, f"/register {EVENT}")

    def _reads(self, guest: Guest, message: Shown) -> bool:
        """Read a message and answer it; tells whether it was the last one."""
        if guest.number or message.text.startswith(TOLD_ONLY):
            return False
        guest.waits.append(time.monotonic() - guest.asked_at)
        if number := NUMBER.findall(message.text):
            guest.number = int(number[0])
            guest.is_seated = message.text.startswith("Your seat is confirmed")
            return True
        if NAME in message.text:
            self._says(guest, f"Anna {CANARY}")
        elif COMPANY in message.text:
            self._says(guest, "alone")
        elif SURE in message.text:
            self._taps(guest, message, "Yes, register")
        elif FULL in message.text:
            self._taps(guest, message, "Wait for a seat")
        else:
            self._says(guest, "1")
        return False

    def _says(self, guest: Guest, words: str) -> None:
        guest.asked_at = time.monotonic()
        guest.phone.types(words)

    def _taps(self, guest: Guest, message: Shown, label: str) -> None:
        guest.asked_at = time.monotonic()
        (data,) = [each.data for each in message.buttons if each.text == label]
        with self.telegram.records.changed:
            guest.last_update = self.telegram.bot.queue.next_id
            guest.phone.taps_data(data, message=message.id)


def nobody_is_oversold(crowd: Crowd, url: str) -> list[dict[str, Any]]:
    """Check seats and order of arrival; gives the registrations in the order of their numbers."""
    town = Town(url)
    places = {row["slug"]: row for row in town.rows("places")}
    rows = sorted(town.rows("registrations"), key=lambda row: row["arrival_number"])
    people = len(crowd.guests)
    assert [row["arrival_number"] for row in rows] == list(range(1, people + 1))
    assert len({row["person_id"] for row in rows}) == people
    seated = min(SEATS, people)
    states = ["confirmed"] * seated + ["waiting"] * (people - seated)
    assert [row["state"] for row in rows] == states
    assert (places["zoom"]["taken"], places["zoom"]["waiting"]) == (seated, people - seated)
    told = {(str(phone), guest.number) for phone, guest in crowd.guests.items()}
    assert told == {(town.chats[row["person_id"]], row["arrival_number"]) for row in rows}
    assert sum(guest.is_seated for guest in crowd.guests.values()) == seated
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert [row["arrived_at"] for row in rows] == sorted(row["arrived_at"] for row in rows)
    assert all(row["set_aside"] is None for row in town.rows("inbox"))
    return rows

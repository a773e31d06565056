"""Telegram as a whole, as a test holds it in its hands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.telegram.answering import Answering
from tests.telegram.bots import Bot
from tests.telegram.calls import Calls
from tests.telegram.deliveries import Deliveries
from tests.telegram.faults import Faults
from tests.telegram.groups import Group
from tests.telegram.phones import Phone
from tests.telegram.records import Records
from tests.telegram.routes import Weather
from tests.telegram.servers import Server


class Telegram:
    """The stand-in: its address, the bot's token, people, groups, and what goes wrong."""

    def __init__(self, seed: int | None = None) -> None:
        self.records = Records(seed)
        self.answering = Answering(self.records)
        deliveries = Deliveries(self.answering)
        self.server = Server(self.answering, deliveries)
        self.weather: Weather = deliveries.weather
        self.bot = self.records.new_bot("Stadtdialog", "stadtdialog_test_bot")

    @property
    def url(self) -> str:
        """What goes into TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def token(self) -> str:
        """The token of the bot."""
        return self.bot.token

    @property
    def username(self) -> str:
        """The username of the bot, without @."""
        return self.bot.username

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self.answering.faults

    @property
    def calls(self) -> Calls:
        """What the bot has asked for."""
        return self.answering.calls

    @property
    def defects(self) -> list[str]:
        """What was wrong with requests, in aiogram's opinion; a good bot has none."""
        return self.records.defects

    @property
    def checks(self) -> bool:
        """Whether aiogram judges each request; off only while something is measured."""
        return self.answering.checks

    @checks.setter
    def checks(self, on: bool) -> None:
        self.answering.checks = on

    @property
    def pending(self) -> int:
        """How many updates the bot has not acknowledged."""
        return len(self.bot.queue.waiting)

    def another_bot(self, name: str) -> Bot:
        """Open an account for one more bot."""
        with self.records.changed:
            return self.records.new_bot(name, f"{name.lower()}_bot")

    def person(self, name: str, language: str = "de", *, bot: Bot | None = None) -> Phone:
        """Give somebody a phone; the same name is the same person."""
        with self.records.changed:
            return Phone(self.records, bot or self.bot, self.records.person(name, language))

    def group(self, title: str, members: list[Phone]) -> Group:
        """Open a group; the first member owns it, and the bot is not in it yet."""
        return Group(self.records, self.bot, title, members)

    def limits(
        self,
        per_chat_per_second: float = 0,
        overall_per_second: float = 0,
        *,
        at_once: int = 0,
        retry_after: int = 1,
    ) -> None:
        """Answer 429 to more messages than this; 0 is no limit.

        A chat may get so many `at_once`; if it goes on, it is held for as long as `retry_after`.
        """
        limits = self.answering.limits
        limits.per_chat_per_second = per_chat_per_second
        limits.overall_per_second = overall_per_second
        limits.at_once, limits.retry_after = at_once, retry_after

    def expire_queries(self) -> None:
        """Let all taps so far be too old to be answered."""
        with self.records.changed:
            self.records.expire_queries(self.bot)

    def down(self) -> None:
        """Refuse connections, and cut those that are open."""
        self.server.down()

    def up(self) -> None:
        """Listen again, on the same port."""
        self.server.up()

    def waits_until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        with self.records.changed:
            while not condition():
                left = deadline - time.monotonic()
                assert left > 0, "it did not come to that"
                self.records.changed.wait(min(left, 0.1))

    def waits_until_read(self, seconds: float = 10) -> None:
        """Wait until the bot has acknowledged all updates."""
        self.waits_until(lambda: self.pending == 0, seconds)


@contextmanager
def running(seed: int | None = None) -> Iterator[Telegram]:
    """Run Telegram for the time of a test."""
    telegram = Telegram(seed)
    telegram.server.start()
    try:
        yield telegram
    finally:
        telegram.server.stop()

"""A registration as Telegram brings it: recorded once from the stand-in, then told by many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from bot.store.database import Database
from tests.channels.telegram.serving import serving, settle
from tests.telegram import Telegram, running

TAPPED = (
    1,  # online
    "Anna Anders",
    1,  # for herself
    "anna.anders@example.org",
    1,  # alone
    "Platz für einen Rollstuhl",
    1,  # this may be kept
    9,  # yes, register: after eight lines that could be changed
)
"""What somebody answers who taps buttons; a number counts them."""

TYPED = tuple(str(answer) for answer in TAPPED)
"""The same for somebody who types everything."""

_RUN = re.compile(rb'"data":"([0-9a-f]{10}):')
RUN_SENT = re.compile(rb'"callback_data":"([0-9a-f]{10}):')
NO_RUN = b"0123456789"


@dataclass(frozen=True, slots=True)
class Line:
    """One update, with everything in it that Telegram sends; how many messages it is answered."""

    template: bytes
    update: bytes
    chat: bytes
    run: bytes
    replies: int

    def body(self, update: int, chat: int, run: bytes = NO_RUN) -> bytes:
        """Write the update of another chat, whose buttons belong to a run."""
        body = self.template.replace(self.update, b"%d" % update, 1)
        body = body.replace(self.chat, b"%d" % chat)
        return body.replace(self.run, run) if self.run else body


@contextmanager
def listening(telegram: Telegram) -> Iterator[list[bytes]]:
    """Write down which updates the stand-in puts up for the bot."""
    queue, heard = telegram.bot.queue, list[bytes]()
    push = queue.push

    def overheard(*about: object) -> object:
        update = push(*about)  # type: ignore[arg-type]
        if update is not None:
            heard.append(update.body)
        return update

    queue.push = overheard  # type: ignore[method-assign, assignment]
    yield heard


def recorded(url: str, keyword: str, *answers: int | str) -> list[Line]:
    """Let somebody register with the program, and write down what Telegram brought."""
    database, lines, counts = Database(url), list[Line](), list[int]()
    with running() as telegram, listening(telegram) as heard, serving(telegram, url):
        anna = telegram.person("anna")
        with telegram.records.changed:
            telegram.records.private_chat(telegram.bot, anna.person)
        for answer in (keyword, *answers):
            before = telegram.calls.count("sendMessage")
            if isinstance(answer, int):
                anna.taps_number(answer)
            else:
                anna.types(answer)
            settle(telegram, database)
            counts.append(telegram.calls.count("sendMessage") - before)
    database.close()
    for body, replies in zip(heard, counts, strict=True):
        lines.append(_line(body, anna.id, replies))
    return lines


def _line(body: bytes, chat: int, replies: int) -> Line:
    run = _RUN.search(body)
    update = b"%d" % orjson.loads(body)["update_id"]
    return Line(body, update, b"%d" % chat, run[1] if run else b"", replies)

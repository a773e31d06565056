"""A player on Matrix: encrypted clients, and what they show, as a terminal would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from urllib.parse import quote

from sqlalchemy import func, select, update

from bot.channels.matrix import texts
from bot.channels.matrix.letters import CHOICES, HOW_TO_ANSWER, HOW_TO_CONFIRM
from bot.i18n import LANGUAGES, render
from bot.store.tables import conversations, inbox, outbox
from tests.conversations.players import file, plain
from tests.matrix import Citizen, Homeserver, Neighbourhood, Shown, living
from tests.serving import matrix_settings, owed, served, wait_until
from tests.town import HOUSE, Town

_COMMAND = re.compile(rf"(?<![\w!])!({'|'.join(texts.COMMANDS)})\b")
_CHOICES = re.compile(r"\n\n\d+\. .*(\n\d+\. .*)*$")
"""What can be chosen, at the end of a message."""

_HOW = [
    str(render(text, language))
    for text in (HOW_TO_ANSWER, HOW_TO_CONFIRM)
    for language in LANGUAGES
]
"""What is said only where there are no buttons."""
_NEWEST = "/_matrix/client/v3/rooms/{}/messages?dir=b&limit=50"
_OF_THE_BOT = ("m.room.message", "m.room.encrypted")


class MatrixPlayer:
    """Plays over the whole service; everything is taken, sent and seen before anybody reads on."""

    def __init__(self, town: Town, language: str, people: Neighbourhood) -> None:
        self._town, self._language, self._people = town, language, people
        self._citizens: dict[str, Citizen] = {}
        self._seen: dict[str, int] = {}

    def say(self, who: str, text: str) -> None:
        """Type a message; a command with the sign that clients let through."""
        text = f"!{text[1:]}" if text.startswith("/") else text
        self._settle(self._citizen(who).types(text).id)

    def tap(self, who: str, number: int) -> str:
        """React to the last message, if that may be an answer to it; otherwise type the number."""
        citizen = self._citizen(who)
        offered = citizen.last.content.get(CHOICES, [])
        if number <= len(offered):
            self._settle(citizen.reacts(citizen.last, f"{number}\N{COMBINING ENCLOSING KEYCAP}").id)
        else:
            self._settle(citizen.types(str(number)).id)
        return ""

    def read(self, who: str) -> list[str]:
        """Give the messages that somebody was shown since the last time, as a terminal would."""
        citizen = self._citizen(who)
        self._see(citizen)
        return list(self._as_texts(who, citizen.reads()))

    def _citizen(self, who: str) -> Citizen:
        if who not in self._citizens:
            citizen = self._people.person(who, self._language).starts()
            citizen.waits_for(lambda message: CHOICES in message.content)  # the welcome
            self._citizens[who] = citizen
            with self._town.database.transaction() as tx:  # nobody has said anything yet
                own = conversations.c.chat == citizen.id
                tx.execute(update(conversations).where(own).values(state=None))
        return self._citizens[who]

    def _settle(self, event_id: str) -> None:
        """Wait until a message is committed, and every letter has been sent."""
        database = self._town.database
        wait_until(
            lambda: self._is_committed(event_id) and not owed(database),
            lambda: (event_id, owed(database)),
        )

    def _is_committed(self, event_id: str) -> bool:
        with self._town.database.transaction() as tx:
            found = select(inbox.c.update_id).where(inbox.c.update_id == event_id)
            return tx.execute(found).first() is not None

    def _see(self, citizen: Citizen) -> None:
        """Wait until somebody sees everything that the bot has sent."""
        sent_to_them = self._letters(citizen)
        if sent_to_them == self._seen.get(citizen.id):
            return
        self._seen[citizen.id] = sent_to_them
        path = _NEWEST.format(quote(citizen.room_id))
        events = self._people.homeserver.asks("GET", path, token=citizen.account.token)["chunk"]
        sent = (each["event_id"] for each in events if each["type"] in _OF_THE_BOT)
        newest = next(sent, None)
        citizen.waits_until(lambda: newest in {each.id for each in citizen.messages})

    def _letters(self, citizen: Citizen) -> int:
        with self._town.database.transaction() as tx:
            count = select(func.count()).where(outbox.c.chat == citizen.id)
            return int(tx.execute(count).scalar_one())

    def _as_texts(self, who: str, messages: list[Shown]) -> Iterator[str]:
        """Show a file between the words and the choices, as a terminal does."""
        texts: list[list[str]] = []
        for message in messages:
            if message.kind == "m.file":
                extra = file(message.file_name, message.file, self._language)
                texts[-1:] = [[*texts[-1][:1], extra, *texts[-1][1:]]] if texts else [[extra]]
            else:
                html = self._html(who, message).rstrip()
                choices = _CHOICES.search(html)
                parts = [html[: choices.start()], choices[0]] if choices else [html]
                texts.append([plain(part) for part in parts])
        return map("\n".join, texts)

    def _html(self, who: str, message: Shown) -> str:
        html = message.html.replace("<br>", "\n") or escape(message.text, quote=False)
        html = _COMMAND.sub(r"/\1", html)
        for how in _HOW:
            html = html.replace(how, "")
        html = html.replace(f"Matrix, {self._citizens[who].id}", f"Terminal, {who}")
        return html.replace("– Matrix\n", "– Terminal\n")


@contextmanager
def playing(homeserver: Homeserver, town: Town, url: str, language: str) -> Iterator[MatrixPlayer]:
    """Run the service for a town whose language this is, and give those who talk to it."""
    account = homeserver.newcomer("stadtdialog")
    settings = matrix_settings(homeserver, account, url, language)
    home = replace(HOUSE, language=language)
    with living(homeserver, account.user_id) as people, served(settings, home=home):
        yield MatrixPlayer(town, language, people)

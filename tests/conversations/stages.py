"""The stage on which a transcript is played: what happens outside of the chats, and chance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from string import ascii_uppercase
from zoneinfo import ZoneInfo

from bot.domain import codes
from bot.domain.people import Role
from bot.services import people
from bot.services.examples import as_published
from tests.conversations.outcomes import left
from tests.conversations.players import Player
from tests.conversations.transcripts import Act, Directive, Part, laid_out, read
from tests.town import Town

ZONE = ZoneInfo("Europe/Berlin")

_CODE = re.compile(rf"\b(companion|staff|link)-([{codes.ALPHABET}]{{{codes.LENGTH}}})\b")
_MASK = re.compile(rf"\b(companion|staff|link)-(([A-Z])\3{{{codes.LENGTH - 1}}})\b")
_TIME = re.compile(r"(\d+) (minute|hour|day|week)s? later")
_SEATS = re.compile(r"(\d+) seats? in the room")
_INVITATION = re.compile(r"a code for an? (\w+)")


class Masks:
    """Random codes, written AAAAAAAA, BBBBBBBB ... in the order in which they turn up."""

    def __init__(self) -> None:
        self._codes: list[str] = []

    def hide(self, written: str) -> str:
        """Put masks in the place of codes; they are as long, so that no line changes."""
        return _CODE.sub(lambda found: f"{found[1]}-{self._mask(found[2])}", written)

    def reveal(self, typed: str) -> str:
        """Put the codes in the place of their masks."""
        return _MASK.sub(lambda found: f"{found[1]}-{self._code(found[2])}", typed)

    def _code(self, mask: str) -> str:
        rank = ascii_uppercase.index(mask[0])
        return self._codes[rank] if rank < len(self._codes) else mask

    def _mask(self, code: str) -> str:
        if code not in self._codes:
            self._codes.append(code)
        return ascii_uppercase[self._codes.index(code)] * codes.LENGTH


class Stage:
    """A town with a player; plays scripts and writes down what happens."""

    def __init__(self, town: Town, player: Player) -> None:
        self._town, self._player = town, player
        self._masks = Masks()

    def play(self, script: Sequence[Part]) -> str:
        """Play a script; give the transcript."""
        cast = list(dict.fromkeys(part.who for part in script if isinstance(part, Act)))
        parts: list[str] = []
        for part in script:
            if isinstance(part, Directive):
                self._direct(part.text)
            parts.append(str(self._acted(part) if isinstance(part, Act) else part))
            if isinstance(part, Act):
                parts += self._read(sorted(cast, key=lambda each: each != part.who))
        return laid_out([*parts, *self._left()])

    def perform(self, script: Sequence[Part]) -> str:
        """Play a script, but read as seldom as possible; give what everybody has read."""
        cast = dict.fromkeys(part.who for part in script if isinstance(part, Act))
        messages: list[str] = []
        for part in script:
            if isinstance(part, Directive) or (isinstance(part, Act) and _MASK.search(part.words)):
                messages += self._read(cast)
            if isinstance(part, Directive):
                self._direct(part.text)
            elif isinstance(part, Act):
                self._acted(part)
        return laid_out([*messages, *self._read(cast), *self._left()])

    def _read(self, cast: Iterable[str]) -> list[str]:
        return [
            read(who, self._masks.hide(message))
            for who in cast
            for message in self._player.read(who)
        ]

    def _acted(self, act: Act) -> Act:
        """Carry out an act; give it with what really stands on the button."""
        if act.button is not None:
            return replace(act, words=self._player.tap(act.who, act.button))
        self._player.say(act.who, self._masks.reveal(act.words))
        return act

    def _direct(self, directive: str) -> None:
        if found := _TIME.fullmatch(directive):
            self._town.passes(timedelta(**{f"{found[2]}s": int(found[1])}))
        elif found := _SEATS.fullmatch(directive):
            few = as_published().replace("capacity = 12 ", f"capacity = {found[1]} ")
            self._town.announce(few)
        elif found := _INVITATION.fullmatch(directive):
            with self._town.database.transaction() as tx:
                code = people.invite(tx, Role(found[1]), self._town.now)
            self._masks.hide(f"staff-{code}")
        else:
            self._town.now = datetime.fromisoformat(directive).replace(tzinfo=ZONE)

    def _left(self) -> list[str]:
        with self._town.database.transaction() as tx:
            return [f"= {line}" for line in left(tx)]

"""The citizens and groups of one test, with the bot that they talk to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from tests.matrix.citizens import Citizen
from tests.matrix.groups import Group
from tests.matrix.homeservers import Homeserver


class Neighbourhood:
    """Everybody who lives near a bot."""

    def __init__(self, homeserver: Homeserver, bot: str) -> None:
        self.homeserver, self.bot = homeserver, bot
        self._people: dict[str, Citizen] = {}

    def person(self, name: str, language: str = "de") -> Citizen:
        """Give somebody a client; the same name is the same person."""
        if name not in self._people:
            self._people[name] = Citizen(self.homeserver, name, language, bot=self.bot)
        return self._people[name]

    def group(self, title: str, members: list[Citizen], *, encrypted: bool = True) -> Group:
        """Open a group; the first member owns it, and the bot is not in it yet."""
        return Group(title, members, encrypted=encrypted)

    def ends(self) -> None:
        """Switch off all devices."""

        async def all_end() -> None:
            await asyncio.gather(*(each.client.ends() for each in self._people.values()))

        self.homeserver.thread.does(all_end())
        self._people.clear()


@contextmanager
def living(homeserver: Homeserver, bot: str) -> Iterator[Neighbourhood]:
    """Let people live near a bot for the time of a test."""
    neighbourhood = Neighbourhood(homeserver, bot)
    try:
        yield neighbourhood
    finally:
        neighbourhood.ends()

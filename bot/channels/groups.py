"""The bot among several people: it explains itself once, and never says anything personal there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot import clock
from bot.i18n import Language, _, paragraphs, render
from bot.intake import Allowance, Floods
from bot.outages import PatientDatabase
from bot.store import groups, outbox
from bot.store.database import Transaction
from bot.store.outbox import Letter
from bot.turns import LEASE

GROUPS = Allowance(at_once=10, per_second=1 / 60)
"""So many groups one person is heard from; whoever opens thousands holds up nobody."""


class Explanations:
    """Explains the bot to the groups of a network, in the name of the city."""

    def __init__(
        self,
        channel: str,
        database: PatientDatabase,
        deliver: Callable[[Sequence[Letter]], None],
        city: str,
    ) -> None:
        self._channel = channel
        self._database = database
        self._deliver = deliver
        self._city = city
        self._floods = Floods(GROUPS)
        self._one_by_one = asyncio.Lock()

    async def explain(self, group: str, language: Language, link: str, by: str) -> bool:
        """Say what the bot is for, and link to the private chat; but only the first time.

        `by` is who has made it necessary; gives whether it is done, because they are heard.
        """
        if not self._floods.hears((self._channel, by), asyncio.get_running_loop().time()):
            return False

        def once(tx: Transaction) -> list[Letter]:
            now = clock.now()
            if not groups.note(tx, self._channel, group, now):
                return []
            letter = Letter(0, self._channel, group, self._payload(language, link), bulk=True)
            return outbox.put(tx, [letter], now, now + LEASE)

        async with self._one_by_one:  # so that messages get their turn in between
            letters = await self._database.insist(once)
        self._deliver(letters)
        return True

    async def rename(self, old: str, new: str) -> None:
        """Note that a group goes by another number now."""
        await self._database.insist(lambda tx: groups.rename(tx, self._channel, old, new))

    def _payload(self, language: Language, link: str) -> dict[str, object]:
        text = paragraphs(
            _("Hello! I take registrations and ideas for the public dialogue of {city}.").format(
                city=self._city
            ),
            _("Please write to me in a private chat: there, nobody else can read along."),
        )
        button = render(_("Open the private chat"), language)
        return {"text": render(text, language), "language": language, "link": [button, link]}

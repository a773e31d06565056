"""The bot in a room with several people: it explains itself once, in the language of the city."""

from __future__ import annotations

from bot.channels import links
from bot.channels.groups import Explanations
from bot.i18n import Language


class Groups:
    """Listens in rooms with several people."""

    def __init__(self, user_id: str, explanations: Explanations, language: Language) -> None:
        self._link = links.on_matrix(user_id)
        self._explanations = explanations
        self._language = language
        self._explained: set[str] = set()

    async def explain(self, room_id: str, by: str) -> None:
        """Explain the bot to a room, if that has not been done before; `by` is who has spoken."""
        if room_id in self._explained:
            return
        if await self._explanations.explain(room_id, self._language, self._link, by):
            self._explained.add(room_id)

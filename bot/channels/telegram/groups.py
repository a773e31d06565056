"""The bot in a group on Telegram: who is told what it is for, and when."""

from __future__ import annotations

from bot.channels import links
from bot.channels.groups import Explanations
from bot.channels.telegram.accounts import Account
from bot.channels.telegram.updates import Membership, Message, User
from bot.i18n import Language, nearest


class Groups:
    """Listens in groups; speaks the language of whoever has addressed the bot."""

    def __init__(self, account: Account, explanations: Explanations, default: Language) -> None:
        self._account = account
        self._explanations = explanations
        self._default = default

    async def heard(self, message: Message) -> None:
        """Hear a message in a group: Telegram passes on only those that are meant for the bot."""
        if message.migrate_to_chat_id is not None:
            await self._explanations.rename(str(message.chat.id), str(message.migrate_to_chat_id))
        elif message.text is not None and message.chat.type in {"group", "supergroup"}:
            await self._explain(message.chat.id, message.sender)

    async def joined(self, membership: Membership, *, gone: bool) -> None:
        """Be put into a group, or out of it."""
        if not gone and membership.chat.type in {"group", "supergroup"}:
            await self._explain(membership.chat.id, membership.sender)

    async def _explain(self, chat: int, sender: User | None) -> None:
        language = nearest(sender.language_code if sender else None, self._default)
        link = links.on_telegram(await self._account.username(), "group")
        by = str(chat if sender is None else sender.id)
        await self._explanations.explain(str(chat), language, link, by)

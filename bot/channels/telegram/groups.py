"""The bot in a group: it explains itself once, and never says anything personal there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot import clock
from bot.channels.telegram.accounts import Account
from bot.channels.telegram.sending import CHANNEL
from bot.channels.telegram.updates import Membership, Message, User
from bot.i18n import Language, _, nearest, paragraphs, render
from bot.outages import PatientDatabase
from bot.store import groups, outbox
from bot.store.database import Transaction
from bot.store.outbox import Letter
from bot.turns import LEASE


class Groups:
    """Explains the bot of an account to groups, in the name of the city."""

    def __init__(
        self,
        account: Account,
        database: PatientDatabase,
        deliver: Callable[[Sequence[Letter]], None],
        city: str,
        default: Language,
    ) -> None:
        self._account = account
        self._database = database
        self._deliver = deliver
        self._city = city
        self._default = default

    async def heard(self, message: Message) -> None:
        """Hear a message in a group: Telegram passes on only those that are meant for the bot."""
        if message.migrate_to_chat_id is not None:
            old, new = str(message.chat.id), str(message.migrate_to_chat_id)
            await self._database.insist(lambda tx: groups.rename(tx, CHANNEL, old, new))
        elif message.text is not None and message.chat.type in {"group", "supergroup"}:
            await self._explain(message.chat.id, message.sender)

    async def joined(self, membership: Membership, *, gone: bool) -> None:
        """Be put into a group, or out of it."""
        if not gone and membership.chat.type in {"group", "supergroup"}:
            await self._explain(membership.chat.id, membership.sender)

    async def _explain(self, chat: int, sender: User | None) -> None:
        language = nearest(sender.language_code if sender else None, self._default)
        link = f"https://t.me/{await self._account.username()}?start=group"

        def explain(tx: Transaction) -> list[Letter]:
            now = clock.now()
            if not groups.note(tx, CHANNEL, str(chat), now):
                return []
            letter = Letter(0, CHANNEL, str(chat), self._payload(language, link))
            return outbox.put(tx, [letter], now, now + LEASE)

        self._deliver(await self._database.insist(explain))

    def _payload(self, language: Language, link: str) -> dict[str, object]:
        text = paragraphs(
            _("Hello! I take registrations and ideas for the public dialogue of {city}.").format(
                city=self._city
            ),
            _("Please write to me in a private chat: there, nobody else can read along."),
        )
        button = render(_("Open the private chat"), language)
        return {"text": render(text, language), "language": language, "link": [button, link]}

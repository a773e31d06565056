"""Updates, each turned into a message for the intake; one is done when its turn is committed."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from msgspec import convert

from bot import clock
from bot.channels.telegram import updates
from bot.channels.telegram.accounts import Account
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import Call
from bot.channels.telegram.courtesies import Courtesies
from bot.channels.telegram.files import Files
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.sending import CHANNEL
from bot.channels.telegram.updates import Enclosed, Message, Tap, Update, User
from bot.dialogue.messages import PAGE, Content, Incoming, Left, Typed, Unsupported
from bot.intake import Committed, Intake
from bot.store.outbox import Letter

log = logging.getLogger(__name__)

ALBUMS = 1000
"""So many are remembered, to tell the first picture of each from the others."""

SECOND = 2
BLOCKED = ("kicked", "left")


class Receiver:
    """Takes updates, however they come; those of one chat in the order in which they are given."""

    def __init__(
        self, account: Account, intake: Intake, files: Files, groups: Groups, buttons: Buttons
    ) -> None:
        self._account = account
        self._buttons = buttons
        self._intake = intake
        self._files = files
        self._groups = groups
        self._albums: OrderedDict[tuple[str, bool], int] = OrderedDict()
        self._order: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._courtesies = Courtesies(account)

    async def take(self, raw: bytes | dict[str, Any]) -> None:
        """Carry out an update; returns when what it has led to is committed.

        One that cannot be read is logged and set aside: it must not come again for ever.
        """
        try:
            update = updates.read(raw) if isinstance(raw, bytes) else convert(raw, Update)
        except (ValueError, RecursionError):  # of msgspec, or of Python while msgspec reads
            log.error("an update that cannot be read is set aside as %s", secrets.token_hex(4))
            return
        await self._taken(update)

    async def _taken(self, update: Update) -> None:
        match update:
            case Update(message=Message() as message):
                await self._message(update, message)
            case Update(edited_message=Message() as message):
                if message.chat.is_private and (edited := updates.edited(message)) is not None:
                    await self._submit(update, message.chat.id, message.sender, edited)
            case Update(callback_query=Tap() as tap):
                await self._tap(update, tap)
            case Update(message_reaction=updates.Reaction() as reaction):
                await self._reaction(update, reaction)
            case Update(my_chat_member=updates.Membership() as membership):
                await self._membership(update, membership)
            case _:
                pass  # of a kind that the bot has not asked for

    async def _message(self, update: Update, message: Message) -> None:
        if not message.chat.is_private:
            await self._groups.heard(message)
        elif (content := self._content(message)) is not None:
            await self._submit(update, message.chat.id, message.sender, content)

    def _content(self, message: Message) -> Content | Enclosed | None:
        """Find out what a message says; what is sent together comes one by one.

        Of an album the first picture counts, and all words; of the rest one is told once.
        """
        content = updates.content(message, self._account.known_username)
        if isinstance(content, Typed) and (replied := message.reply_to_message) is not None:
            about = self._buttons.about(message.chat.id, replied.message_id)
            return replace(content, about=about)
        album = message.media_group_id
        if album is None or not isinstance(content, (Enclosed, Unsupported)):
            return content
        is_picture = isinstance(content, Enclosed)
        count = self._albums[album, is_picture] = self._albums.get((album, is_picture), 0) + 1
        if len(self._albums) > ALBUMS:
            self._albums.popitem(last=False)
        if count == 1:
            return content
        if is_picture and count == SECOND:
            return Unsupported("more pictures", content.caption)
        return Typed(content.caption) if content.caption else None

    async def _tap(self, update: Update, tap: Tap) -> None:
        self._courtesies.make(Call("answerCallbackQuery", {"callback_query_id": tap.id}))
        if tap.message is not None and not tap.message.chat.is_private:
            return  # the bot puts no such buttons into groups
        if tap.message is not None:
            self._buttons.tapped(tap.message.chat.id, tap.message.message_id, tap.data or "")
        answers = await self._submit(update, tap.sender.id, tap.sender, updates.tapped(tap))
        if not answers:
            return  # it was delivered before, or is one of too many: nothing came of it now
        if any("stale" in answer.payload for answer in answers):
            call = updates.without_buttons(tap)
        else:
            call = None if f":{PAGE}" in (tap.data or "") else updates.with_pick(tap)
        if call is not None:
            self._courtesies.make(call)

    async def _reaction(self, update: Update, reaction: updates.Reaction) -> None:
        """Answer a sign below a message that waits for a choice; elsewhere it is only nice."""
        chat = reaction.chat
        is_new = bool(reaction.new_reaction) and chat.is_private
        if is_new and self._buttons.asks(chat.id, reaction.message_id):
            await self._submit(update, chat.id, reaction.user, Unsupported("sign"))

    async def _membership(self, update: Update, membership: updates.Membership) -> None:
        gone = membership.new_chat_member.status in BLOCKED
        if not membership.chat.is_private:
            await self._groups.joined(membership, gone=gone)
        elif gone:
            await self._submit(update, membership.chat.id, membership.sender, Left())

    async def _submit(
        self, update: Update, chat: int, sender: User | None, content: Content | Enclosed
    ) -> list[Letter]:
        if isinstance(content, Enclosed) or chat in self._order:
            lock = self._order.setdefault(chat, asyncio.Lock())
            async with lock:  # fetching takes its time, and what comes behind a picture waits
                if isinstance(content, Enclosed):
                    picture = await self._files.fetched(content.file)
                    content = replace(picture, caption=content.caption)
                committed = self._accepted(update, chat, sender, content)
        else:
            committed = self._accepted(update, chat, sender, content)
        return await committed

    def _accepted(
        self, update: Update, chat: int, sender: User | None, content: Content
    ) -> Committed:
        return self._intake.accept(
            Incoming(
                channel=CHANNEL,
                chat=str(chat),
                sender=str(chat if sender is None else sender.id),
                update_id=f"{self._account.id}:{update.update_id}",
                content=content,
                received_at=clock.now(),
                language=None if sender is None else sender.language_code,
            )
        )

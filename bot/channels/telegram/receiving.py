"""Updates, each turned into a message for the intake; one is done when its turn is committed."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from msgspec import convert, json

from bot import clock
from bot.channels.downloads import LOST
from bot.channels.postponing import Postponing
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
from bot.outages import PatientDatabase
from bot.store.outbox import Letter
from bot.store.postponed import Postponed
from bot.tallies import Tally

log = logging.getLogger(__name__)

ALBUMS = 1000
"""So many are remembered, to tell the first picture of each from the others."""

MOST_ATTEMPTS = 5
"""So often a picture is begun with; one that ends the program each time is set aside then."""

SECOND = 2
BLOCKED = ("kicked", "left")


class Receiver:
    """Takes updates, however they come; those of one chat in the order in which they are given."""

    def __init__(
        self,
        account: Account,
        intake: Intake,
        database: PatientDatabase,
        groups: Groups,
        buttons: Buttons,
    ) -> None:
        self._account = account
        self._buttons = buttons
        self._intake = intake
        self._files = Files(account)
        self._groups = groups
        self._albums: OrderedDict[tuple[str, bool], int] = OrderedDict()
        self.postponing = Postponing(CHANNEL, database, self._carry_out)
        self._courtesies = Courtesies(account)
        self._unreadable = Tally(log, "an update that cannot be read is set aside as one of %d")

    async def take(self, raw: bytes | dict[str, Any]) -> None:
        """Carry out an update; returns when what it has led to is committed.

        One that cannot be read is counted and set aside: it must not come again for ever.
        """
        try:
            update = updates.read(raw) if isinstance(raw, bytes) else convert(raw, Update)
        except (ValueError, RecursionError):  # of msgspec, or of Python while msgspec reads
            self._unreadable.note()
            return
        chat = updates.private_chat(update)
        if chat is None:
            await self._taken(update)
        elif updates.has_picture(update) or self.postponing.holds(str(chat)):
            await self._postpone(update, chat)
        else:
            await self._taken(update)

    async def _postpone(self, update: Update, chat: int) -> None:
        """Keep what has to be fetched first, and what comes behind it; nobody waits for it."""
        is_picture = updates.has_picture(update)
        match self._intake.admit((CHANNEL, str(chat)), update, is_picture=is_picture):
            case None:
                return
            case Update():
                if update.callback_query is not None:
                    self._answer(update.callback_query)
                number = self._number(update)
                await self.postponing.keep(
                    Postponed(CHANNEL, number, str(chat), json.encode(update))
                )
            case refusal:
                await self._accepted(update, chat, updates.sender(update), refusal, 1)

    async def _carry_out(self, what: Postponed, attempt: int) -> None:
        await self._taken(updates.read(what.content), attempt)

    async def _taken(self, update: Update, attempt: int = 0) -> None:
        """Carry out an update; one that was postponed is counted already, and so are attempts."""
        match update:
            case Update(message=Message() as message):
                await self._message(update, message, attempt)
            case Update(edited_message=Message() as message):
                if message.chat.is_private and (edited := updates.edited(message)) is not None:
                    await self._submit(update, message.chat.id, message.sender, edited, attempt)
            case Update(callback_query=Tap() as tap):
                await self._tap(update, tap, attempt)
            case Update(message_reaction=updates.Reaction() as reaction):
                await self._reaction(update, reaction, attempt)
            case Update(my_chat_member=updates.Membership() as membership):
                await self._membership(update, membership, attempt)
            case _:
                pass  # of a kind that the bot has not asked for

    async def _message(self, update: Update, message: Message, attempt: int) -> None:
        if not message.chat.is_private:
            await self._groups.heard(message)
        elif (content := self._content(message)) is not None:
            await self._submit(update, message.chat.id, message.sender, content, attempt)

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

    async def _tap(self, update: Update, tap: Tap, attempt: int) -> None:
        if not attempt and not self._intake.ignores((CHANNEL, str(tap.sender.id))):
            self._answer(tap)
        if tap.message is not None and not tap.message.chat.is_private:
            return  # the bot puts no such buttons into groups
        if tap.message is not None:
            self._buttons.tapped(tap.message.chat.id, tap.message.message_id, tap.data or "")
        answers = await self._submit(
            update, tap.sender.id, tap.sender, updates.tapped(tap), attempt
        )
        if not answers:
            return  # it was delivered before, or is one of too many: nothing came of it now
        if any("stale" in answer.payload for answer in answers):
            call = updates.without_buttons(tap)
        else:
            call = None if f":{PAGE}" in (tap.data or "") else updates.with_pick(tap)
        if call is not None:
            self._courtesies.make(call)

    async def _reaction(self, update: Update, reaction: updates.Reaction, attempt: int) -> None:
        """Answer a sign below a message that waits for a choice; elsewhere it is only nice."""
        chat = reaction.chat
        is_new = bool(reaction.new_reaction) and chat.is_private
        if is_new and self._buttons.asks(chat.id, reaction.message_id):
            await self._submit(update, chat.id, reaction.user, Unsupported("sign"), attempt)

    async def _membership(
        self, update: Update, membership: updates.Membership, attempt: int
    ) -> None:
        gone = membership.new_chat_member.status in BLOCKED
        if not membership.chat.is_private:
            await self._groups.joined(membership, gone=gone)
        elif gone:
            await self._submit(update, membership.chat.id, membership.sender, Left(), attempt)

    def _answer(self, tap: Tap) -> None:
        self._courtesies.make(Call("answerCallbackQuery", {"callback_query_id": tap.id}))

    async def _submit(
        self,
        update: Update,
        chat: int,
        sender: User | None,
        content: Content | Enclosed,
        attempt: int,
    ) -> list[Letter]:
        if isinstance(content, Enclosed):
            lost = attempt > MOST_ATTEMPTS
            picture = LOST if lost else await self._files.fetched(content.file)
            content = replace(picture, caption=content.caption)
        return await self._accepted(update, chat, sender, content, attempt)

    def _accepted(
        self, update: Update, chat: int, sender: User | None, content: Content, attempt: int
    ) -> Committed:
        return self._intake.accept(
            Incoming(
                channel=CHANNEL,
                chat=str(chat),
                sender=str(chat if sender is None else sender.id),
                update_id=self._number(update),
                content=content,
                received_at=clock.now(),
                language=None if sender is None else sender.language_code,
                sent_at=None if update.message is None else clock.instant(update.message.date),
            ),
            is_admitted=attempt > 0,
        )

    def _number(self, update: Update) -> str:
        return f"{self._account.id}:{update.update_id}"

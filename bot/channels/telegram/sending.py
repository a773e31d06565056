"""Letters from the outbox, sent through the Bot API, and what its answers mean for them."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.channels.attachments import fetched
from bot.channels.telegram import keyboards
from bot.channels.telegram.accounts import Account
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import Call
from bot.channels.telegram.courtesies import Courtesies
from bot.channels.telegram.letters import calls, turned
from bot.channels.telegram.menus import menu
from bot.channels.telegram.slowdowns import Slowdowns
from bot.channels.telegram.transport import SlowDown
from bot.delivery import Attempt, Away, Gone, Later, Rejected, Sent
from bot.outages import PatientDatabase
from bot.services.attachments import Resolved
from bot.store.database import Database
from bot.store.outbox import Letter

log = logging.getLogger(__name__)

CHANNEL = "telegram"
NOT_MODIFIED = "message is not modified"
NO_SUCH_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid")
"""Answers by which somebody is out of reach who has not blocked the bot."""

DATABASE_AWAY = timedelta(seconds=2)


class TelegramSender:
    """Sends letters; remembers how far it came with those that take several calls."""

    channel = CHANNEL

    def __init__(
        self,
        account: Account,
        database: Database,
        database_thread: Executor,
        *,
        city: str = "",
        buttons: Buttons | None = None,
    ) -> None:
        self._account = account
        self._city = city
        self._buttons = Buttons() if buttons is None else buttons
        self._courtesies = Courtesies(account)
        self._database = PatientDatabase(database, database_thread)
        self._done: dict[int, int] = {}
        self._left: set[str] = set()
        """Chats with buttons below the input field that could not be taken away."""
        self._slowdowns = Slowdowns()

    async def send(self, letter: Letter) -> Attempt:
        """Send a letter; after a failure, go on behind the part that arrived last."""
        attached = await fetched(self._database, letter, self._city)
        if attached is None:
            return Later(DATABASE_AWAY)
        if "open" in letter.payload:
            for call in self._buttons.answered(int(letter.chat), letter.payload["open"]):
                self._courtesies.make(call)
        attempt = await self._send(letter, attached)
        if isinstance(attempt, (Sent, Rejected, Gone)):
            self._done.pop(letter.id, None)
        return attempt

    async def _send(self, letter: Letter, attached: list[Resolved]) -> Attempt:
        if "replaces" in letter.payload:
            attempt = await self._call(turned(letter))
            if not isinstance(attempt, Rejected):
                return attempt  # otherwise that message is gone, and a new one shows the page
        number = 0
        for number, call in enumerate(calls(letter, attached)):
            if number < self._done.get(letter.id, 0):
                continue
            markup = call.parameters.get("reply_markup", {})
            if "inline_keyboard" in markup and self._has_keyboard(letter):
                await self._clear(letter.chat)
            attempt = await self._call(call)
            if not isinstance(attempt, Sent):
                return attempt
            self._done[letter.id] = number + 1
            if "remove_keyboard" in markup:
                self._left.discard(letter.chat)
        if letter.payload.get("open"):
            self._buttons.asked(int(letter.chat), letter.payload["open"][-1])
        if "menu" in letter.payload:
            # Whether it comes or not, the commands work.
            await self._call(menu(letter.chat, letter.payload["menu"], letter.payload["language"]))
        return Sent(messages=number + 1)

    async def _call(self, call: Call) -> Attempt:
        now = asyncio.get_running_loop().time
        began, chat = now(), call.parameters.get("chat_id")
        try:
            self._buttons.sent(call, await self._account.make(call))
        except SlowDown as error:
            if chat is None:  # a menu, which nobody waits for
                return Later(timedelta(seconds=error.seconds))
            return self._slowdowns.refused(chat, error.seconds, began, now())
        except Forbidden as error:
            return Gone(error.message)
        except ChatMigrated:
            return Gone("the group has become a supergroup")
        except BadRequest as error:
            reason = error.message.lower()  # the library begins it with a capital letter
            if NOT_MODIFIED in reason:
                return Sent()  # it was carried out before, and the answer was lost
            if any(words in reason for words in NO_SUCH_CHAT):
                return Gone(error.message)
            return Rejected(error.message)
        except TelegramError as error:
            return Away(error.message or type(error).__name__)
        if chat is not None:
            self._slowdowns.arrived(chat, now())
        return Sent()

    def _has_keyboard(self, letter: Letter) -> bool:
        """Tell whether buttons below the input field have to go; the conversation knows that."""
        return "bare" in letter.payload or letter.chat in self._left

    async def _clear(self, chat: str) -> None:
        """Take the buttons below the input field away, which a message with others cannot do.

        It takes a message of its own, which nobody needs to see.
        """
        where, mark = {"chat_id": int(chat)}, {"text": "✓", "disable_notification": True}
        removing = Call("sendMessage", where | mark | {"reply_markup": keyboards.REMOVED})
        try:
            number = (await self._account.make(removing))["message_id"]
            self._left.discard(chat)
            await self._account.make(Call("deleteMessage", where | {"message_id": number}))
        except TelegramError as error:
            self._left.add(chat)
            log.info("the keyboard stays: %s", type(error).__name__)

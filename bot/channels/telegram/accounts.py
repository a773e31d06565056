"""The bot's account on Telegram: its token, its name, and calls of the Bot API in its name."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Any, Self

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.calls import Call
from bot.channels.telegram.transport import Transport
from bot.services.refusals import OperatorError
from bot.settings import Settings

REFUSED = (
    "Telegram does not accept TELEGRAM_TOKEN.\n"
    "Expected: the token that @BotFather has sent for your bot."
)

SHOWN_OF_HASH = 16


def username(settings: Settings) -> str:
    """Ask Telegram what the bot is called; raises OperatorError if that cannot be found out."""
    if settings.telegram_token is None:
        raise OperatorError(
            "Give --username, or set TELEGRAM_TOKEN, so that Telegram can be asked."
        )
    return asyncio.run(_asked(settings.telegram_token, settings.telegram_api_url))


async def _asked(token: str, api_url: str) -> str:
    async with Account(token, api_url) as account:
        try:
            return await account.sign_in()
        except InvalidToken as error:
            raise OperatorError(REFUSED) from error
        except TelegramError as error:
            problem = f"Telegram does not answer ({type(error).__name__})."
            raise OperatorError(f"{problem}\nGive --username, or try again.") from error


class Account:
    """One bot; open it with `async with`, after which `call` and `bot` can be used."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        self._url = f"{api_url}/bot{token}"
        self._username = ""
        self._signed_in = asyncio.Event()
        self.transport = Transport()
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self.transport,
            get_updates_request=self.transport,
        )

    @property
    def id(self) -> int:
        """The number of the bot; its updates are counted under it."""
        return int(self._token.partition(":")[0])

    @property
    def mark(self) -> str:
        """Name this account where the token must not stand, for example in the database."""
        return hashlib.sha256(self._token.encode()).hexdigest()[:SHOWN_OF_HASH]

    @property
    def secret(self) -> str:
        """What Telegram sends with each update to a webhook, the same for every program."""
        return hmac.new(self._token.encode(), b"stadtdialog webhook", "sha256").hexdigest()

    async def sign_in(self) -> str:
        """Ask Telegram once what the bot is called, and say it; raises TelegramError."""
        self._username = (await self.bot.get_me()).username or ""
        self._signed_in.set()
        return self._username

    @property
    def known_username(self) -> str:
        """What the bot is called; empty as long as that is not known."""
        return self._username

    async def username(self) -> str:
        """Say what the bot is called, as soon as it has signed in."""
        await self._signed_in.wait()
        return self._username

    async def __aenter__(self) -> Self:
        """Make ready to call."""
        await self.transport.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self.transport.shutdown()

    async def make(self, call: Call, wait: float = 0) -> Any:  # noqa: ANN401 (JSON)
        """Make a call and give its result as JSON; `wait` is how long it may take by itself."""
        url = f"{self._url}/{call.method}"
        return await self.transport.call(url, call.parameters, call.file, wait)

"""The stand-in, and two libraries that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from io import BytesIO

import aiogram
import pytest
import telegram as ptb
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from PIL import Image

from tests.telegram import Phone, Telegram, running


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    """Run Telegram."""
    with running() as stand_in:
        yield stand_in


@pytest.fixture
def anna(telegram: Telegram) -> Phone:
    """Give Anna, who has pressed Start, a phone."""
    return telegram.person("anna").starts()


@pytest.fixture
async def bot(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ptb.Bot]:
    """Give the bot of python-telegram-bot."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # otherwise it warns
    async with ptb.Bot(
        telegram.token,
        base_url=f"{telegram.url}/bot",
        base_file_url=f"{telegram.url}/file/bot",
    ) as client:
        yield client


@pytest.fixture
async def gram(telegram: Telegram) -> AsyncIterator[aiogram.Bot]:
    """Give the bot of aiogram."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    async with aiogram.Bot(telegram.token, session=session) as client:
        yield client


def picture(side: int = 1_000) -> bytes:
    """Draw a picture."""
    file = BytesIO()
    Image.new("RGB", (side, side // 2), "red").save(file, "JPEG")
    return file.getvalue()

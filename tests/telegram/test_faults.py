"""What goes wrong on purpose goes wrong as it does with the real one."""

from __future__ import annotations

import aiogram
import pytest
import telegram as ptb
from aiogram import exceptions
from telegram import error

from tests.telegram import Fault, Phone, Telegram
from tests.telegram.conftest import picture


@pytest.mark.parametrize(
    "case",
    [
        (Fault.internal(), exceptions.TelegramServerError, False),
        (Fault.bad_gateway(), exceptions.ClientDecodeError, False),
        (Fault.broken_json(), exceptions.ClientDecodeError, True),
        (Fault.closed(), exceptions.TelegramNetworkError, False),
        (Fault.answer_lost(), exceptions.TelegramNetworkError, True),
        (Fault.hangs(0.1, carried_out=False), exceptions.TelegramNetworkError, False),
    ],
)
async def test_a_request_fails(
    telegram: Telegram,
    anna: Phone,
    bot: ptb.Bot,
    gram: aiogram.Bot,
    case: tuple[Fault, type[Exception], bool],
) -> None:
    fault, theirs, arrives = case
    telegram.faults.next("sendMessage", fault, chat=anna.id, times=2)

    with pytest.raises(error.TelegramError):
        await bot.send_message(anna.id, "eins")
    with pytest.raises(theirs):
        await gram.send_message(anna.id, "zwei")
    await bot.send_message(anna.id, "drei")

    expected = ["eins", "zwei", "drei"] if arrives else ["drei"]
    assert [each.text for each in anna.reads()] == expected


async def test_a_bad_gateway_is_html(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    telegram.faults.next("*", Fault.bad_gateway())

    with pytest.raises(error.NetworkError, match="502"):
        await bot.send_message(anna.id, "x")


async def test_a_fault_is_for_one_chat_only(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    berta = telegram.person("berta").starts()
    telegram.faults.always("sendMessage", Fault.forbidden(), chat=anna.id)

    await bot.send_message(berta.id, "x")
    for _ in range(2):
        with pytest.raises(error.Forbidden):
            await bot.send_message(anna.id, "x")
    telegram.faults.clear()
    await bot.send_message(anna.id, "x")


async def test_an_answer_may_be_late(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    telegram.faults.next("sendMessage", Fault.hangs(1))

    with pytest.raises(error.TimedOut):
        await bot.send_message(anna.id, "x", read_timeout=0.2)

    assert anna.last.text == "x"


async def test_a_download_may_break(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    anna.sends_photo(picture(50))
    message = (await bot.get_updates())[-1].message
    assert message is not None
    file = await message.photo[-1].get_file()
    telegram.faults.next("file", Fault.closed())

    with pytest.raises(error.NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray()


async def test_the_server_goes_down_and_comes_back(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    await bot.send_message(anna.id, "eins")
    url = telegram.url
    telegram.down()
    with pytest.raises(error.NetworkError):
        await bot.send_message(anna.id, "zwei")
    anna.types("noch da?")
    telegram.up()

    await bot.send_message(anna.id, "drei")

    assert telegram.url == url
    assert [each.text for each in anna.reads()] == ["eins", "drei"]
    assert telegram.pending == 2


async def test_every_call_is_on_record(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    telegram.calls.clear()
    telegram.faults.next("sendMessage", Fault.too_many(2))
    with pytest.raises(error.RetryAfter):
        await bot.send_message(anna.id, "x")
    await bot.send_message(anna.id, "y")

    (call,) = telegram.calls.of("sendMessage", chat=anna.id, status=200)
    assert call.parameters["text"] == "y"
    assert [each.status for each in telegram.calls] == [429, 200]
    assert telegram.calls.count("sendMessage") == len(telegram.calls) == 2

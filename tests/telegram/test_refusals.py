"""What Telegram refuses is refused in its words, and both libraries understand it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiogram
import aiohttp
import pytest
import telegram as ptb
from aiogram import exceptions
from telegram import error

from tests.telegram import Fault, Phone, Telegram

PTB = {
    400: error.BadRequest,
    401: error.InvalidToken,
    403: error.Forbidden,
    409: error.Conflict,
    429: error.RetryAfter,
}
GRAM = {
    400: exceptions.TelegramBadRequest,
    403: exceptions.TelegramForbiddenError,
    409: exceptions.TelegramConflictError,
    429: exceptions.TelegramRetryAfter,
}
KEYS = {"keyboard": [[{"text": "Ja"}]]}


async def ask(telegram: Telegram, method: str, **parameters: object) -> dict[str, Any]:
    """Send a request as JSON, without any library."""
    url = f"{telegram.url}/bot{telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as response:
        answer: dict[str, Any] = await response.json()
        assert answer.get("error_code", 200) == response.status
        return answer


def inline(**button: object) -> dict[str, object]:
    """Give a keyboard with this button."""
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "x" * 4_097}, "message is too long"),
        ({"text": "😀" * 2_049}, "message is too long"),
        (
            {"text": "x", "reply_markup": inline(text="a", callback_data="ü" * 33)},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": inline(text="a", url="nirgendwo")},
            "inline keyboard button URL 'nirgendwo' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "reply_markup": inline(text="a")},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "chat_id": 77}, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    ],
)
async def test_a_message_is_refused(
    telegram: Telegram, anna: Phone, parameters: dict[str, object], words: str
) -> None:
    answer = await ask(telegram, "sendMessage", **{"chat_id": anna.id} | parameters)

    assert answer["description"] == f"Bad Request: {words}"
    assert telegram.defects == []


async def test_the_limits_themselves_are_no_fault(telegram: Telegram, anna: Phone) -> None:
    buttons = [[{"text": str(n), "callback_data": "x" * 64}] for n in range(100)]

    for text in ("x" * 4_096, "😀" * 2_048, f"<b>{'&lt;' * 4_096}</b>"):
        markup = {"inline_keyboard": buttons}
        answer = await ask(
            telegram,
            "sendMessage",
            chat_id=anna.id,
            text=text,
            parse_mode="HTML",
            reply_markup=markup,
        )
        assert answer["ok"], answer
    buttons.append([{"text": "101", "callback_data": "x"}])
    answer = await ask(
        telegram,
        "sendMessage",
        chat_id=anna.id,
        text="x",
        reply_markup={"inline_keyboard": buttons},
    )

    assert answer["description"] == "Bad Request: reply markup is too long"


async def test_a_caption_is_shorter(anna: Phone, bot: ptb.Bot) -> None:
    await bot.send_document(anna.id, b"x", caption="x" * 1_024)

    with pytest.raises(error.BadRequest, match="Message caption is too long"):
        await bot.send_document(anna.id, b"x", caption="x" * 1_025)


async def test_edits_are_refused(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    plain = await bot.send_message(anna.id, "<b>Gut</b>", "HTML")
    keyed = await bot.send_message(anna.id, "?", reply_markup=ptb.ReplyKeyboardMarkup([["Ja"]]))
    place = await bot.send_venue(anna.id, 1, 2, "a", "b")

    async def edit(message_id: int, text: str, **more: object) -> str:
        parameters = {"chat_id": anna.id, "message_id": message_id, "text": text} | more
        answer = await ask(telegram, "editMessageText", **parameters)
        return str(answer.get("description", "ok"))

    not_modified = (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    assert await edit(plain.message_id, "<i></i><b>Gut</b>", parse_mode="HTML") == not_modified
    assert await edit(1, "x") == "Bad Request: message to edit not found"
    assert await edit(keyed.message_id, "x") == "Bad Request: message can't be edited"
    assert await edit(anna.messages[0].id, "x") == "Bad Request: message can't be edited"
    no_text = "Bad Request: there is no text in the message to edit"
    assert await edit(place.message_id, "x") == no_text
    assert await edit(plain.message_id, "x" * 4_097) == "Bad Request: MESSAGE_TOO_LONG"
    markup = "Bad Request: inline keyboard expected"
    assert await edit(plain.message_id, "y", reply_markup=KEYS) == markup
    assert await edit(plain.message_id, "Gut") == "ok"


async def test_taps_grow_old(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    await bot.send_message(anna.id, "?")
    query = anna.taps_data("gefälscht")
    telegram.expire_queries()

    with pytest.raises(error.BadRequest, match="Query is too old and response timeout expired"):
        await bot.answer_callback_query(query.id)
    with pytest.raises(error.BadRequest, match="query id is invalid"):
        await bot.answer_callback_query("1")


async def test_both_libraries_understand(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, gram: aiogram.Bot
) -> None:
    for fault, status in [
        (Fault.bad_request("message is not modified: ..."), 400),
        (Fault.forbidden("bot was blocked by the user"), 403),
        (Fault.too_many(3), 429),
    ]:
        telegram.faults.next("sendMessage", fault, times=2)
        with pytest.raises(PTB[status]):
            await bot.send_message(anna.id, "x")
        with pytest.raises(GRAM[status]):
            await gram.send_message(anna.id, "x")

    assert telegram.faults.left == 0
    assert telegram.calls.count("sendMessage", status=429) == 2


async def test_who_has_blocked_the_bot_gets_nothing(
    telegram: Telegram, anna: Phone, bot: ptb.Bot, gram: aiogram.Bot
) -> None:
    anna.blocks()

    with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "x")
    with pytest.raises(exceptions.TelegramForbiddenError, match="bot was blocked by the user"):
        await gram.send_message(anna.id, "x")
    anna.starts()
    await bot.send_message(anna.id, "x")
    kinds = [update.kind for update in telegram.bot.queue.waiting.values()]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]


async def test_a_bot_cannot_begin(telegram: Telegram, anna: Phone, bot: ptb.Bot) -> None:
    berta = telegram.person("berta")
    with pytest.raises(error.BadRequest, match="Chat not found"):
        await bot.send_message(berta.id, "x")

    telegram.group("Stadtrat", [anna, berta]).adds_bot()

    with pytest.raises(error.Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(berta.id, "x")


async def test_tokens_and_methods_that_do_not_exist(telegram: Telegram) -> None:
    async def status(path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{telegram.url}{path}") as response,
        ):
            return response.status, (await response.json())["description"]

    other = f"{telegram.token[:-1]}{'B' if telegram.token[-1] == 'A' else 'A'}"
    assert await status(f"/bot{other}/getMe") == (401, "Unauthorized")
    assert await status("/botabc/getMe") == (404, "Not Found")
    assert await status(f"/bot{telegram.token}/getMee") == (404, "Not Found: method not found")
    assert await status(f"/file/bot{telegram.token}/photos/file_9.jpg") == (404, "Not Found")


async def test_what_aiogram_would_not_send_is_a_defect(telegram: Telegram, anna: Phone) -> None:
    answers = [
        await ask(telegram, "sendMessage", chat_id=anna.id, text="x", colour="red"),
        await ask(telegram, "sendMessage", chat_id=anna.id, text="x", reply_markup={"a": 1}),
        await ask(
            telegram,
            "sendMessage",
            chat_id=anna.id,
            text="x",
            reply_markup=inline(text="a", callback_data="b", colour="red"),
        ),
        await ask(telegram, "sendMessage", chat_id=anna.id, text="x", parse_mode=None),
        await ask(telegram, "sendMessage", chat_id=anna.id),
    ]

    assert [answer["error_code"] for answer in answers] == [400] * 5
    assert answers[4]["description"] == "Bad Request: message text is empty"
    assert "sendMessage: unknown parameter colour" in telegram.defects
    assert "sendMessage: unknown key reply_markup.inline_keyboard.colour" in telegram.defects
    assert "sendMessage: parse_mode is null" in telegram.defects
    assert anna.reads() == []


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([("", "x")], "Command must be non-empty"),
        ([("x" * 33, "x")], "Command length must not exceed 32"),
        ([("Hilfe", "x")], "Bot_command_invalid"),
        ([("zurück", "x")], "Bot_command_invalid"),
        ([("a", "")], "Command description must be non-empty"),
        ([("a", "x" * 257)], "Command description length must not exceed 256"),
        ([(f"a{n}", "x") for n in range(101)], "Bot_commands_too_much"),
    ],
)
async def test_a_menu_is_refused(bot: ptb.Bot, commands: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(error.BadRequest, match=words):
        await bot.set_my_commands(commands)


async def test_what_is_too_long_or_too_large_is_refused(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    anna.sends_document("film.mkv", b"...", "video/x-matroska", size=20 * 1024 * 1024 + 1)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None

    calls: list[Callable[[], Awaitable[object]]] = [
        message.document.get_file,
        lambda: bot.set_my_short_description("x" * 121),
        lambda: bot.set_my_description("x" * 513),
        lambda: bot.get_file("nichts"),
        lambda: bot.send_chat_action(anna.id, "dancing"),
    ]

    for call in calls:
        with pytest.raises(error.BadRequest):
            await call()
    assert [call.description for call in telegram.calls.refused()] == [
        "Bad Request: file is too big",
        "Bad Request: BOT_DESCRIPTION_TOO_LONG",
        "Bad Request: BOT_DESCRIPTION_TOO_LONG",
        "Bad Request: invalid file_id",
        "Bad Request: wrong parameter action in request",
    ]


async def test_too_many_messages_are_refused_for_a_while(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    telegram.limits(per_chat_per_second=1)
    await bot.send_message(anna.id, "x")

    with pytest.raises(error.RetryAfter) as refused:
        await bot.send_message(anna.id, "y")

    assert refused.value.retry_after == timedelta(seconds=1)
    telegram.limits()
    await bot.send_message(anna.id, "z")


async def test_a_request_may_come_in_every_form(telegram: Telegram, anna: Phone) -> None:
    url = f"{telegram.url}/bot{telegram.token}/sendmessage"
    markup = '{"inline_keyboard":[[{"text":"Ja","callback_data":"ja"}]]}'
    values = {"chat_id": str(anna.id), "text": "Gut?", "reply_markup": markup}
    form = aiohttp.FormData(values)
    form.add_field("parse_mode", "HTML", content_type="text/plain")

    async with aiohttp.ClientSession() as session:
        for answer in [
            await session.get(url, params=values),
            await session.post(url, params=values),
            await session.post(url, data=values),
            await session.post(url, data=form),
            await session.post(url, json=values),
            await session.post(url, json=values | {"disable_notification": True}),
        ]:
            assert (await answer.json())["ok"], await answer.text()

    assert [each.labels for each in anna.reads()] == [["Ja"]] * 6
    assert telegram.defects == []

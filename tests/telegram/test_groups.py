"""Groups: what the bot is told there, and what it may do."""

from __future__ import annotations

import aiogram
import pytest
import telegram as ptb
from aiogram import exceptions
from telegram import error

from tests.telegram import Group, Phone, Telegram


@pytest.fixture
def council(telegram: Telegram, anna: Phone) -> Group:
    """Give a group with the bot in it."""
    group = telegram.group("Stadtrat", [anna, telegram.person("berta")])
    group.adds_bot()
    return group


async def test_the_bot_learns_that_it_was_added(council: Group, bot: ptb.Bot) -> None:
    _, membership, message = await bot.get_updates()

    assert membership.my_chat_member is not None
    assert membership.my_chat_member.new_chat_member.status == "member"
    assert membership.my_chat_member.chat.id == council.id
    assert message.message is not None
    assert message.message.new_chat_members[0].id == bot.id


async def test_in_privacy_mode_it_reads_commands_and_replies(
    telegram: Telegram, anna: Phone, council: Group, bot: ptb.Bot
) -> None:
    sent = await bot.send_message(council.id, "Guten Tag")
    before = telegram.pending
    council.types(anna, "Was meint ihr?")
    council.types(anna, "/hilfe@other_bot")
    council.types(anna, "ich frage /hilfe")
    assert telegram.pending == before

    council.types(anna, "/hilfe")
    council.types(anna, f"/hilfe@{telegram.username}")
    council.types(anna, "Danke", replies_to=sent.message_id)

    assert telegram.pending == before + 3


async def test_a_button_can_be_tapped_in_a_group(anna: Phone, council: Group, bot: ptb.Bot) -> None:
    button = ptb.InlineKeyboardButton("Ja", callback_data="ja")
    await bot.send_message(council.id, "Gut?", reply_markup=ptb.InlineKeyboardMarkup([[button]]))
    council.taps(anna, "Ja")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None

    await query.answer("Danke")

    assert query.from_user.id == anna.id
    assert council.notices == [{"text": "Danke", "show_alert": False}]


async def test_a_phone_number_can_only_be_asked_for_in_private(
    council: Group, bot: ptb.Bot
) -> None:
    keys = ptb.ReplyKeyboardMarkup([[ptb.KeyboardButton("Nummer", request_contact=True)]])

    with pytest.raises(error.BadRequest, match="private chats only"):
        await bot.send_message(council.id, "Wie?", reply_markup=keys)


async def test_a_group_that_was_upgraded_has_another_id(
    council: Group, bot: ptb.Bot, gram: aiogram.Bot
) -> None:
    before = council.id
    council.upgrades()

    with pytest.raises(error.ChatMigrated) as migrated:
        await bot.send_message(before, "x")
    with pytest.raises(exceptions.TelegramMigrateToChat):
        await gram.send_message(before, "x")
    assert migrated.value.new_chat_id == council.id != before
    told = [update.message for update in await bot.get_updates()][-2:]
    assert [each and each.migrate_to_chat_id for each in told] == [council.id, None]
    assert [each and each.migrate_from_chat_id for each in told] == [None, before]
    await bot.send_message(council.id, "da")
    assert council.last.text == "da"


async def test_who_was_removed_cannot_write(council: Group, bot: ptb.Bot) -> None:
    council.removes_bot()
    with pytest.raises(error.Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(council.id, "x")
    council.adds_bot()
    council.upgrades()
    council.removes_bot()

    with pytest.raises(error.Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(council.id, "x")


async def test_a_bot_can_leave(anna: Phone, council: Group, bot: ptb.Bot) -> None:
    await bot.leave_chat(council.id)

    with pytest.raises(error.Forbidden):
        await bot.send_message(council.id, "x")
    with pytest.raises(error.BadRequest):
        await bot.leave_chat(anna.id)


async def test_a_chat_can_be_described(anna: Phone, council: Group, bot: ptb.Bot) -> None:
    assert (await bot.get_chat(anna.id)).first_name == "Anna"
    assert (await bot.get_chat(council.id)).title == "Stadtrat"

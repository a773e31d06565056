"""The stand-in behaves as Telegram does: python-telegram-bot and aiogram feel at home."""

from __future__ import annotations

import asyncio

import aiogram
import aiogram.types
import pytest
import telegram as ptb
from telegram import error

from tests.telegram import Phone, Telegram
from tests.telegram.conftest import picture
from tests.telegram.judges import unknown_keys

YES = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Ja", callback_data="ja")]])

UNDOCUMENTED = {
    "accepted_gift_types",
    "all_members_are_administrators",
    "left_chat_participant",
    "new_chat_member",
    "new_chat_participant",
}
"""What Telegram really sends, and no documentation names."""


def assert_same(sent: object, read: object) -> None:
    """Make sure that nothing of what was sent got lost when it was read."""
    if isinstance(sent, dict) and isinstance(read, dict):
        assert sent.keys() <= read.keys() | UNDOCUMENTED
        for key in sent.keys() & read.keys():
            assert_same(sent[key], read[key])
    elif isinstance(sent, list) and isinstance(read, list | tuple):
        assert len(sent) == len(read)
        for one, other in zip(sent, read, strict=True):
            assert_same(one, other)
    else:
        assert sent == read


async def test_a_bot_knows_who_it_is(bot: ptb.Bot, gram: aiogram.Bot, telegram: Telegram) -> None:
    assert bot.username == (await gram.me()).username == telegram.username


async def test_start_arrives_with_its_code_and_as_a_command(
    telegram: Telegram, bot: ptb.Bot
) -> None:
    anna = telegram.person("anna", language="en").starts("d20")

    (update,) = await bot.get_updates(timeout=0)

    assert update.message is not None
    assert update.message.text == "/start d20"
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "en"
    assert update.message.chat_id == anna.id
    assert update.message.entities[0].type == "bot_command"
    assert update.message.entities[0].length == len("/start")


async def test_a_message_is_seen_with_its_tags_and_buttons(anna: Phone, bot: ptb.Bot) -> None:
    sent = await bot.send_message(anna.id, "<b>Guten</b> Tag 😀", "HTML", reply_markup=YES)

    seen = anna.waits_for("Guten Tag 😀")
    assert seen.html == "<b>Guten</b> Tag 😀"
    assert seen.labels == ["Ja"]
    assert (seen.id, seen.from_bot) == (sent.message_id, True)


async def test_a_tap_is_answered_and_the_message_edited(anna: Phone, bot: ptb.Bot) -> None:
    await bot.send_message(anna.id, "Gut?", reply_markup=YES)
    anna.taps("Ja")
    update = (await bot.get_updates())[-1]
    query = update.callback_query
    assert query is not None
    assert len(anna.spinning) == 1

    await query.answer("Danke", show_alert=True)
    await query.edit_message_text("Schön.")

    assert query.data == "ja"
    assert isinstance(query.message, ptb.Message)
    assert query.message.text == "Gut?"
    assert anna.notices == [{"text": "Danke", "show_alert": True}]
    assert anna.spinning == []
    assert (anna.last.text, anna.last.edited, anna.last.rows) == ("Schön.", True, [])


async def test_a_button_on_a_message_that_is_gone_can_still_be_tapped(
    anna: Phone, bot: ptb.Bot, gram: aiogram.Bot
) -> None:
    sent = await bot.send_message(anna.id, "Gut?", reply_markup=YES)
    await bot.delete_message(anna.id, sent.message_id)
    anna.taps_data("ja", message=sent.message_id)

    query = (await gram.get_updates())[-1].callback_query

    assert query is not None
    assert isinstance(query.message, aiogram.types.InaccessibleMessage)
    assert query.message.message_id == sent.message_id
    with pytest.raises(error.BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", anna.id, sent.message_id)


async def test_aiogram_can_do_the_same(anna: Phone, gram: aiogram.Bot) -> None:
    keyboard = aiogram.types.InlineKeyboardMarkup(
        inline_keyboard=[[aiogram.types.InlineKeyboardButton(text="Ja", callback_data="ja")]]
    )
    sent = await gram.send_message(anna.id, "Gut?", reply_markup=keyboard)
    anna.taps(1)
    query = (await gram.get_updates())[-1].callback_query
    assert query is not None

    await gram.answer_callback_query(query.id)
    await gram.edit_message_text("Schön.", chat_id=anna.id, message_id=sent.message_id)
    await gram.delete_message(anna.id, sent.message_id)

    assert [each.text for each in anna.messages] == ["/start"]


async def test_a_reply_keyboard_lies_below_until_it_is_removed(anna: Phone, bot: ptb.Bot) -> None:
    keys = [[ptb.KeyboardButton("Nummer", request_contact=True), ptb.KeyboardButton("Nein")]]
    await bot.send_message(anna.id, "Wie?", reply_markup=ptb.ReplyKeyboardMarkup(keys))
    anna.taps("Nummer")
    shared = (await bot.get_updates())[-1].message
    assert shared is not None
    assert shared.contact is not None
    assert shared.contact.user_id == anna.id
    assert shared.reply_to_message is not None

    assert anna.reply_keyboard is not None
    await bot.send_message(anna.id, "Danke", reply_markup=ptb.ReplyKeyboardRemove())

    assert anna.reply_keyboard is None


async def test_a_one_time_keyboard_goes_when_it_is_used(anna: Phone, bot: ptb.Bot) -> None:
    keys = ptb.ReplyKeyboardMarkup([["Ja", "Nein"]], one_time_keyboard=True)
    await bot.send_message(anna.id, "Gut?", reply_markup=keys)

    anna.taps("Ja")

    assert anna.reply_keyboard is None
    assert anna.messages[-1].text == "Ja"


async def test_venues_documents_and_photos_arrive(anna: Phone, bot: ptb.Bot) -> None:
    await bot.send_chat_action(anna.id, "typing")
    await bot.send_venue(anna.id, 51.5, 7.3, "DIEZE", "Widumer Straße 12")
    await bot.send_location(anna.id, 51.5, 7.3)
    await bot.send_document(anna.id, b"BEGIN", caption="<i>Termin</i>", filename="termin.ics")
    await bot.send_photo(anna.id, picture(), caption="So sieht es aus")

    venue, _, document, photo = anna.reads()
    assert venue.venue is not None
    assert venue.venue["title"] == "DIEZE"
    assert document.document is not None
    assert (document.document.name, document.document.content) == ("termin.ics", b"BEGIN")
    assert len(photo.content["photo"]) == 4
    assert anna.chat.actions == ["typing"]


async def test_a_photo_can_be_read_in_several_sizes(anna: Phone, bot: ptb.Bot) -> None:
    anna.sends_photo(picture(), "Mein /bild")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    largest = message.photo[-1]

    content = await (await largest.get_file()).download_as_bytearray()

    assert (largest.width, largest.height) == (1_000, 500)
    assert largest.file_size == len(content)
    assert content[:3] == b"\xff\xd8\xff"
    assert message.caption == "Mein /bild"


async def test_everything_that_people_send_fits_both_models(
    telegram: Telegram, anna: Phone, bot: ptb.Bot
) -> None:
    anna.sends_photo(picture(), "mit @worten")
    anna.sends_album([picture(200), picture(100)], "zwei")
    anna.sends_document("idee.pdf", b"%PDF", "application/pdf")
    anna.sends_sticker()
    anna.sends_voice()
    anna.sends_video()
    anna.sends_location()
    anna.shares_contact(own=False)
    anna.types("siehe https://example.org/a?b=c, erika@example.org #dialog /hilfe")
    anna.edits("doch nicht")
    await bot.send_message(anna.id, "Gut? /ja", reply_markup=YES)
    anna.types("ja", replies_to=anna.last.id)
    anna.taps("Ja")
    anna.blocks()
    anna.unblocks()
    group = telegram.group("Stadtrat", [anna])
    group.adds_bot()
    group.types(anna, "/hilfe")
    group.upgrades()
    group.removes_bot()

    for update in telegram.bot.queue.waiting.values():
        assert_same(update.as_json(), ptb.Update.de_json(update.as_json(), bot).to_dict())
        known = aiogram.types.Update.model_validate_json(update.body)
        unknown = {path.rpartition(".")[2] for path in unknown_keys(known)}
        assert unknown <= UNDOCUMENTED, update
    assert telegram.pending == 23


async def test_people_see_only_what_the_phone_shows(anna: Phone, bot: ptb.Bot) -> None:
    anna.deletes_chat()
    await bot.send_message(anna.id, "Noch da?")

    assert [each.text for each in anna.messages] == ["Noch da?"]
    assert [each.text for each in anna.reads()] == ["Noch da?"]
    assert anna.reads() == []


async def test_who_waits_in_vain_is_told_what_there_was(anna: Phone, bot: ptb.Bot) -> None:
    await bot.send_message(anna.id, "Gut?", reply_markup=YES)

    with pytest.raises(AssertionError, match=r"bot: Gut\?\n +\[Ja\]"):
        await asyncio.to_thread(anna.waits_for, "Willkommen", 0.05)


async def test_commands_are_kept_for_each_scope_and_language(
    telegram: Telegram, bot: ptb.Bot
) -> None:
    private = ptb.BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("hilfe", "Hilfe")], scope=private, language_code="de")

    assert [each.command for each in await bot.get_my_commands()] == ["help"]
    assert [each.command for each in await bot.get_my_commands(private, "de")] == ["hilfe"]
    await bot.delete_my_commands(private, "de")
    assert await bot.get_my_commands(private, "de") == ()
    assert telegram.defects == []


async def test_descriptions_fall_back_to_no_language(bot: ptb.Bot) -> None:
    await bot.set_my_short_description("Die Stadt im Gespräch")
    await bot.set_my_description("Guten Tag", "de")

    assert (await bot.get_my_short_description("de")).short_description == "Die Stadt im Gespräch"
    assert (await bot.get_my_description("de")).description == "Guten Tag"
    assert (await bot.get_my_description()).description == ""

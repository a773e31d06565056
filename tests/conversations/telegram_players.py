"""A player on Telegram: real phones of the stand-in, and what they show, as a terminal would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from bot.channels.maps import link
from bot.dialogue.questions import NUMBER_TOO, PLEASE_CHOOSE
from bot.domain.events import Venue
from bot.i18n import lines, render
from tests.channels.telegram.serving import settle
from tests.conversations.players import file, plain
from tests.telegram import Phone, Shown, Telegram
from tests.town import Town

_PENCIL = "✏️ "
_NUMBERED = re.compile(r"^(\d+)\. ", re.MULTILINE)


class TelegramPlayer:
    """Plays over the whole service; everything is taken and sent before anybody reads on."""

    def __init__(self, town: Town, language: str, telegram: Telegram) -> None:
        self._town, self._language, self._telegram = town, language, telegram
        self._phones: dict[str, Phone] = {}
        self._seen: dict[str, int] = {}

    def say(self, who: str, text: str) -> None:
        """Type a message; what is a number is tapped, where the buttons show none."""
        phone = self._phone(who)
        if (key := _without_number(phone, text)) is not None:
            phone.taps(key)
        else:
            phone.types(text)
        settle(self._telegram, self._town.database)

    def tap(self, who: str, number: int) -> str:
        """Tap a button of the last message that has any; give what stands on it."""
        phone = self._phone(who)
        key = _keys(phone)[number - 1]
        phone.taps(key)
        settle(self._telegram, self._town.database)
        return key

    def read(self, who: str) -> list[str]:
        """Give the messages that somebody was shown since the last time, as a terminal would."""
        settle(self._telegram, self._town.database)
        seen = self._seen.get(who, 0)
        new = [each for each in self._phone(who).messages if each.from_bot and each.id > seen]
        self._seen[who] = max((each.id for each in new), default=seen)
        return list(self._as_texts(who, new))

    def _as_texts(self, who: str, messages: list[Shown]) -> Iterator[str]:
        """Show what is attached between the words and the choices, as a terminal does."""
        texts: list[list[str]] = []
        for message in messages:
            extra = self._extra(message)
            if not extra:
                text = self._as_text(who, message)
                texts.append(text.rsplit("\n", len(message.labels)) if message.labels else [text])
            elif texts and len(texts[-1]) > 1:
                texts[-1].insert(1, extra)
            else:
                texts.append([extra])
        return map("\n".join, texts)

    def _phone(self, who: str) -> Phone:
        if who not in self._phones:
            phone = self._telegram.person(who, self._language)
            with phone.records.changed:
                phone.records.private_chat(phone.bot, phone.person)  # opened, and nothing said yet
            self._phones[who] = phone
        return self._phones[who]

    def _as_text(self, who: str, message: Shown) -> str:
        phone = self._phone(who)
        text, buttons = self._with_numbers(message.html), message.labels
        if phone.chat.keyboard is not None and phone.chat.keyboard.message_id == message.id:
            buttons = _below_the_input(phone)
        if buttons and all(_NUMBERED.match(label) for label in buttons):
            return plain(_NUMBERED.sub(r"\1 ", text))
        text = text.replace(f"Telegram, {phone.id}", f"Terminal, {who}")
        text = text.replace("– Telegram\n", "– Terminal\n")
        for number, label in enumerate(buttons, 1):
            if label.startswith(_PENCIL):
                name = escape(label.removeprefix(_PENCIL), quote=False)
                text = text.replace(f"\n<b>{name}:</b>", f"\n{number} {name}:", 1)
            else:
                text += f"\n{number} {escape(label, quote=False)}"
        return plain(text)

    def _with_numbers(self, text: str) -> str:
        """Say of numbers what is said where they are shown."""
        alone, as_well = render(PLEASE_CHOOSE, self._language), render(NUMBER_TOO, self._language)
        return text if as_well in text else text.replace(alone, as_well)

    def _extra(self, message: Shown) -> str:
        """Say what is no text as a terminal says it."""
        if message.venue is not None:
            venue = Venue(message.venue["title"], message.venue["address"])
            return plain(render(lines(venue.name, venue.address, link(venue)), self._language))
        if message.document is None:
            return ""
        return file(message.document.name, message.document.content, self._language)


def _keys(phone: Phone) -> list[str]:
    """List what can be tapped: below the newest message with buttons, or below the input field."""
    if not phone.last.labels and phone.reply_keyboard is not None:
        return _below_the_input(phone)
    return next(each.labels for each in reversed(phone.messages) if each.labels)


def _without_number(phone: Phone, text: str) -> str | None:
    """Find the button that a number means, if no number stands on it."""
    text = text.removeprefix("change ").removeprefix("ändern ")
    has_keys = phone.reply_keyboard is not None or any(each.labels for each in phone.messages)
    if not text.isdecimal() or not has_keys:
        return None
    keys = _keys(phone)
    is_shown = all(_NUMBERED.match(key) for key in keys)
    return None if is_shown or not 0 < int(text) <= len(keys) else keys[int(text) - 1]


def _below_the_input(phone: Phone) -> list[str]:
    keys = [key for row in phone.reply_keyboard or [] for key in row]
    return [key.text for key in keys if not key.asks_for_contact]

"""A letter as the calls of the Bot API that carry it: messages, a place, files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import escape

from bot.channels.attachments import DATE, GONE
from bot.channels.maps import link
from bot.channels.telegram import keyboards, texts
from bot.channels.telegram.calls import Call, Upload
from bot.domain.events import Venue
from bot.i18n import Language, _, lines, render
from bot.services.attachments import Access, Calendar, Data, Photo, Resolved
from bot.store.outbox import Letter

DATA_FILE = "stadtdialog-data.json"


def calls(letter: Letter, attached: list[Resolved]) -> list[Call]:
    """Say which calls carry a letter, in their order.

    A date, or one's own data, comes behind the words that it belongs to; what else is attached
    stands above the buttons of what is asked about it.
    """
    payload = letter.payload
    common: dict[str, Any] = {"chat_id": int(letter.chat)}
    if payload.get("silent"):
        common["disable_notification"] = True
    words = list(_messages(payload, common))
    extras = [_extra(each, payload["language"], common) for each in attached]
    is_kept = any(isinstance(each, Calendar | Data) for each in attached)
    return [*words, *extras] if is_kept or "choices" not in payload else [*extras, *words]


def turned(letter: Letter) -> Call:
    """Show another page of choices in the message that has them already."""
    parameters = {
        "chat_id": int(letter.chat),
        "message_id": int(letter.payload["replaces"]),
        "reply_markup": keyboards.markup(letter.payload),
    }
    return Call("editMessageReplyMarkup", parameters)


def _messages(payload: dict[str, Any], common: dict[str, Any]) -> Iterator[Call]:
    *before, last = texts.parts(texts.html(_text(payload)))
    for part in before:
        yield _message(part, common)
    yield _message(last, common | {"reply_markup": keyboards.markup(payload)})


def _message(text: str, parameters: dict[str, Any]) -> Call:
    plain = "<" not in text and "&" not in text
    return Call(
        "sendMessage",
        {"text": text, "link_preview_options": {"is_disabled": True}}
        | ({} if plain else {"parse_mode": "HTML"})
        | parameters,
    )


def _text(payload: dict[str, Any]) -> str:
    """Write the text, the lines of a summary, and the choices whose labels fit on no button."""
    parts = [payload["text"]]
    if summary := payload.get("summary"):
        parts.append("\n".join(f"<b>{label}:</b> {answer}" for label, answer, _button in summary))
    if keyboards.are_numbered(payload):
        first = 1 + len(payload.get("summary", ()))
        choices = enumerate(payload["choices"], first)
        parts.append("\n".join(f"{number}. {label}" for number, (label, _button) in choices))
    return "\n\n".join(part for part in parts if part)


def _extra(attachment: Resolved, language: Language, common: dict[str, Any]) -> Call:
    match attachment:
        case Calendar(filename, content, ends):
            words = render(GONE if ends else DATE, language).striptags()
            return Call("sendDocument", common | {"caption": words}, Upload(filename, content))
        case Data(content):
            own = _("This file is yours alone. Delete it when you no longer need it.")
            caption = {"caption": render(own, language).striptags()}
            return Call("sendDocument", common | caption, Upload(DATA_FILE, content))
        case Photo(filename, _media_type, content):  # as a file: no size and no shape is refused
            return Call("sendDocument", common, Upload(filename, content))
        case Access(text):
            return _message(str(escape(text)), common)
        case Venue():
            return _place(attachment, language, common)


def _place(venue: Venue, language: Language, common: dict[str, Any]) -> Call:
    if venue.latitude is None or venue.longitude is None:
        text = render(lines(venue.name, venue.address, link(venue)), language)
        return _message(str(text), common)
    where = {"latitude": venue.latitude, "longitude": venue.longitude}
    return Call("sendVenue", common | where | {"title": venue.name, "address": venue.address})

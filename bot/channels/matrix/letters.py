"""A letter as the messages that carry it: words, a place, files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape

from bot.channels.attachments import DATE, GONE
from bot.channels.maps import link
from bot.channels.matrix import texts
from bot.domain.events import Venue
from bot.i18n import Language, Renderable, _, lines, render
from bot.services.attachments import Access, Calendar, Data, Photo, Resolved
from bot.store.outbox import Letter

DATA_FILE = "stadtdialog-data.json"
CHOICES = "de.stadtdialog.choices"
"""Where a message carries the buttons for which a reaction may stand; encrypted like the rest."""

ASKS = "de.stadtdialog.asks"
"""Tells that a message waits for a choice, so that no sign below it is passed over in silence."""

QUESTION = "de.stadtdialog.question"
"""Names the question that a message asks, for whoever replies to it."""

HOW_TO_ANSWER = _("Answer with the number or in your own words. /help shows what else I can do.")
HOW_TO_CONFIRM = _("If all is right, write “yes”. To change a line, write its number.")


@dataclass(frozen=True)
class File:
    """A file that has to be uploaded first; `caption` is what is said with it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    caption: str


Part = dict[str, Any] | File
"""The content of an m.room.message, or a file for one."""


def parts(letter: Letter, attached: list[Resolved]) -> list[Part]:
    """Say which messages carry a letter, in their order.

    A date, or one's own data, comes behind the words that it belongs to; what else is attached
    stands above what is asked about it.
    """
    payload = letter.payload
    words = list(_messages(payload))
    extras = [_extra(each, payload["language"]) for each in attached]
    is_kept = any(isinstance(each, Calendar | Data) for each in attached)
    return [*words, *extras] if is_kept or "choices" not in payload else [*extras, *words]


def threaded(letter: Letter, content: dict[str, Any]) -> dict[str, Any]:
    """Put an answer into the thread in which it was asked for.

    Source: https://spec.matrix.org/v1.16/client-server-api/#threading
    """
    root = letter.payload.get("thread")
    if root is None:
        return content
    fallback = {"is_falling_back": True, "m.in_reply_to": {"event_id": root}}
    relation = {"rel_type": "m.thread", "event_id": root, **fallback}
    return {**content, "m.relates_to": relation}


def buttons(payload: dict[str, Any]) -> list[str]:
    """List the buttons for which reactions may stand, in the order of their numbers."""
    if not payload.get("harmless"):
        return []
    return [button for _label, button in payload.get("choices", ())]


def _messages(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    # Clients announce no notices, so they are for answers, and for what shall be quiet.
    draws_attention = payload.get("unasked") and not payload.get("silent")
    kind = {"msgtype": "m.text"} if draws_attention else {}
    *before, last = texts.parts(_text(payload))
    for part in before:
        yield {**texts.notice(part), **kind}
    asks: dict[str, Any] = {ASKS: True} if "choices" in payload or "summary" in payload else {}
    if still_open := payload.get("open"):
        asks[QUESTION] = still_open[-1]
    chosen = {CHOICES: offered} if (offered := buttons(payload)) else {}
    yield {**texts.notice(last), **kind, **asks, **chosen}


def _text(payload: dict[str, Any]) -> str:
    """Write the text, and below it everything that can be chosen, with its number."""
    summary = [f"<b>{label}:</b> {answer}" for label, answer, _button in payload.get("summary", ())]
    choices = [label for label, _button in payload.get("choices", ())]
    blocks = [payload["text"], _numbered(summary, 1), _numbered(choices, 1 + len(summary))]
    if "link" in payload:
        label, address = payload["link"]
        blocks.append(f'<a href="{escape(address)}">{label}</a>')
    if (how := _how(payload)) is not None:
        blocks.append(str(render(how, payload["language"])))
    return "\n\n".join(block for block in blocks if block)


def _how(payload: dict[str, Any]) -> Renderable | None:
    """Say how one answers, where there are no buttons that would say it."""
    if payload.get("greeting"):
        return HOW_TO_ANSWER
    return HOW_TO_CONFIRM if "summary" in payload else None


def _numbered(labels: list[str], first: int) -> str:
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, first))


def _extra(attachment: Resolved, language: Language) -> Part:
    match attachment:
        case Calendar(filename, content, ends):
            words = GONE if ends else DATE
            return File(filename, "text/calendar", content, _plain(render(words, language)))
        case Data(content):
            own = _("This file is yours alone. Delete it when you no longer need it.")
            return File(DATA_FILE, "application/json", content, _plain(render(own, language)))
        case Photo(filename, media_type, content):
            return File(filename, media_type, content, filename)
        case Access(text):
            return dict(texts.notice(str(escape(text))))
        case Venue():
            return _place(attachment, language)


def _place(venue: Venue, language: Language) -> dict[str, Any]:
    text = render(lines(venue.name, venue.address, link(venue)), language)
    if venue.latitude is None or venue.longitude is None:
        return dict(texts.notice(str(text)))
    where = f"geo:{venue.latitude},{venue.longitude}"
    return {"msgtype": "m.location", "body": _plain(text), "geo_uri": where}


def _plain(text: str) -> str:
    return texts.plain(str(text))

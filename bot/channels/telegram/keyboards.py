"""Buttons: choices below a message, in pages if there are many, and the one that shares a number.

Source: https://core.telegram.org/bots/api#inlinekeyboardmarkup
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bot.dialogue.messages import PAGE
from bot.dialogue.numbering import WIDEST, need_numbers
from bot.i18n import Language, _, render

Row = list[dict[str, Any]]

PENCIL = "✏️"

SHORT = 18
"""Two labels of up to so many characters share a row."""
ON_A_PAGE = 8
MOST = 10
"""Up to so many choices need no pages."""

REMOVED = {"remove_keyboard": True}


def markup(payload: dict[str, Any]) -> dict[str, Any]:
    """Give the buttons of a letter, or take those below the input field away."""
    if payload.get("contact"):
        return _below_the_input(payload)
    rows = [*_summary(payload.get("summary", ())), *_choices(payload)]
    if "link" in payload:
        label, url = payload["link"]
        rows.append([{"text": seen(label), "url": url}])
    return {"inline_keyboard": rows} if rows else REMOVED


def are_numbered(payload: dict[str, Any]) -> bool:
    """Tell whether the text has to name the choices, because a label is too long for a button."""
    if payload.get("contact"):
        return False
    return need_numbers(seen(label) for label, _button in payload.get("choices", ()))


def seen(label: str) -> str:
    """Give what is seen of a label: buttons know no HTML."""
    if "&" not in label and "<" not in label:
        return label
    return Markup(label).striptags()  # noqa: S704 (it was rendered, so it is safe already)


def _summary(lines: Sequence[Sequence[str]]) -> list[Row]:
    """Make a button for each answer in a summary."""
    return _paired([_button(f"{PENCIL} {seen(label)}", button) for label, _answer, button in lines])


def _choices(payload: dict[str, Any]) -> list[Row]:
    choices = payload.get("choices", ())
    first = 1 + len(payload.get("summary", ()))
    if are_numbered(payload):
        numbered = enumerate(choices, first)
        rows = [[_button(f"{n}. {seen(label)}", button)] for n, (label, button) in numbered]
        return rows if len(rows) <= MOST else _page(rows, payload)
    buttons = [_button(seen(label), button) for label, button in choices]
    if len(buttons) <= MOST:
        return _paired(buttons)
    return _page([[button] for button in buttons], payload)


def _page(rows: list[Row], payload: dict[str, Any]) -> list[Row]:
    """Show one page of rows, and the ways to the ones before and behind it."""
    pages = -(-len(rows) // ON_A_PAGE)
    page = min(payload.get("page", 1), pages)
    run, key, _option = str(payload["choices"][0][1]).split(":", 2)
    turns = [
        _button(f"{arrow} {other}/{pages}", f"{run}:{key}:{PAGE}{other}")
        for arrow, other in (("◀", page - 1), ("▶", page + 1))
        if 1 <= other <= pages
    ]
    return [*rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], turns]


def _paired(buttons: Row) -> list[Row]:
    """Put short buttons side by side, two in a row."""
    rows: list[Row] = []
    for button in buttons:
        short = len(button["text"]) <= SHORT
        if short and rows and len(rows[-1]) == 1 and len(rows[-1][0]["text"]) <= SHORT:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def _button(text: str, data: str) -> dict[str, Any]:
    shown = text if len(text) <= WIDEST else f"{text[: WIDEST - 1].rstrip()}…"
    return {"text": shown, "callback_data": data}


def _below_the_input(payload: dict[str, Any]) -> dict[str, Any]:
    """Offer to share one's number; other buttons cannot stand beside it, so choices are words."""
    language: Language = payload["language"]
    share = seen(render(_("Share my telephone number"), language))
    choices = [[{"text": seen(label)}] for label, _button in payload.get("choices", ())]
    return {
        "keyboard": [[{"text": share, "request_contact": True}], *choices],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }

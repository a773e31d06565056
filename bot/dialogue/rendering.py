"""A reply as it lies in the outbox: translated for its reader, ready for any network.

The payload is JSON: `text` (small HTML subset), `choices` [label, button], `summary` [label,
answer, button], `attach` [kind, id], `language`, and what else of a reply is set. What is an answer
has `thread`, if there is one, and in the end `open`: the questions that wait for an answer.
"""

from __future__ import annotations

from typing import Any

from bot.dialogue.messages import Reply
from bot.i18n import Language, render


def written(reply: Reply, language: Language) -> dict[str, Any]:
    """Translate a reply; what is empty is left out."""
    payload: dict[str, Any] = {"text": render(reply.text, language), "language": language}
    if reply.choices:
        payload["choices"] = [
            [render(choice.label, language), choice.button] for choice in reply.choices
        ]
    if reply.summary:
        payload["summary"] = [
            [render(line.label, language), render(line.answer, language), line.button]
            for line in reply.summary
        ]
    if reply.attachments:
        payload["attach"] = [[attachment.kind, attachment.id] for attachment in reply.attachments]
    if reply.page > 1:
        payload["page"] = reply.page
    if reply.replaces is not None:
        payload["replaces"] = reply.replaces
    if reply.menu_of is not None:
        payload["menu"] = reply.menu_of
    return payload | {name: True for name, is_so in _flags(reply) if is_so}


def _flags(reply: Reply) -> tuple[tuple[str, bool], ...]:
    return (
        ("contact", reply.asks_contact),
        ("silent", reply.silent),
        ("stale", reply.is_stale),
        ("harmless", reply.is_harmless),
        ("greeting", reply.is_greeting),
        ("first", reply.is_first),
        ("bare", reply.takes_keyboard),
    )

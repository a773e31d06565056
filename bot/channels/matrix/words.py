"""The words of a message: without what it quotes or whom it mentions, with hidden addresses.

Source: https://spec.matrix.org/v1.16/client-server-api/#mroommessage-msgtypes
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import unescape
from pathlib import PurePosixPath
from typing import Any

_QUOTED = re.compile(r"\A> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n")
"""How older clients repeat what a message replies to."""

_REPLY = re.compile(r"<mx-reply>.*?</mx-reply>", re.DOTALL)
_LINK = re.compile(r"""<a\s[^>]*?href=["']([^"']*)["'][^>]*>(.*?)</a>""", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PERSON = "https://matrix.to/#/"
"""How the address of a pill begins."""


def words(content: dict[str, Any], called: Collection[str]) -> str:
    """Give what somebody has written to the bot; `called` are its id and its names."""
    body = _QUOTED.sub("", str(content.get("body") or ""))
    formatted = content.get("formatted_body")
    pills: set[str] = set()
    for address, label in _links(formatted if isinstance(formatted, str) else ""):
        if address.startswith(_PERSON):
            if address.removeprefix(_PERSON) in called:
                pills.add(label)
        elif label and address not in body:
            body = body.replace(label, f"{label} ({address})", 1)
    return _unaddressed(body, called, pills)


def caption(content: dict[str, Any], called: Collection[str]) -> str:
    """Give the words below a file: its body, unless that is the name of the file (MSC2530)."""
    body, name = content.get("body"), content.get("filename")
    if not isinstance(body, str) or not isinstance(name, str):
        return ""
    is_name = body.casefold() in {name.casefold(), PurePosixPath(name).stem.casefold()}
    return "" if is_name else words(content, called)


def _links(formatted: str) -> Iterable[tuple[str, str]]:
    for address, label in _LINK.findall(_REPLY.sub("", formatted)):
        yield unescape(address).replace("%40", "@").replace("%3A", ":"), _plain(label)


def _plain(label: str) -> str:
    return unescape(_TAG.sub("", label)).strip()


def _unaddressed(body: str, called: Collection[str], pills: Collection[str]) -> str:
    """Leave out the name of the bot before or behind an answer.

    A name that is no pill counts with a colon or a comma behind it, as people address each other.
    """
    names = "|".join(re.escape(name) for name in sorted({*called, *pills}, key=len, reverse=True))
    left = body
    if names:
        left = re.sub(rf"^\s*@??(?:{names})\s*[:,]\s*", "", left, flags=re.IGNORECASE)
    if pills:
        marked = "|".join(re.escape(pill) for pill in sorted(pills, key=len, reverse=True))
        left = re.sub(rf"^\s*@??(?:{marked})[\s:,]+|[\s,]+@??(?:{marked})\s*$", "", left)
    return left if left.strip() else body

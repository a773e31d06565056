"""Texts as Matrix shows them: a formatted body in HTML, and always a plain one beside it.

Source: https://spec.matrix.org/v1.16/client-server-api/#mroommessage-msgtypes
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape

from bot.dialogue.turn import BACK, CANCEL
from bot.domain.people import Role
from bot.flows.book import FLOWS

LONGEST_BYTES = 16_000
"""Of one message in JSON, as nio writes it: six bytes for "ä", twelve for an emoji.

An event holds 65,536 bytes, with the text in it twice, and encrypted, which takes a third more.
"""

MOST_BYTES_OF_A_CHARACTER = 12

COMMANDS = sorted({*BACK, *CANCEL, *(w for f in FLOWS.open_to(Role.ADMIN) for w in f.words)})
_COMMAND = re.compile(rf"(?<![^\s(>„“\"'])/({'|'.join(COMMANDS)})\b")
_BREAK = re.compile(r"<br\s*/?>")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def notice(html: str) -> dict[str, str]:
    """Write the content of a message that no other bot answers."""
    html = commanding(html)
    content = {"msgtype": "m.notice", "body": plain(html)}
    if "<" in html or "&" in html:
        formatted = html.replace("\n", "<br>")
        content |= {"format": "org.matrix.custom.html", "formatted_body": formatted}
    return content


def plain(html: str) -> str:
    """Give what is seen of an HTML text; the address of a link follows it."""
    if "<" not in html and "&" not in html:
        return html
    linked = _LINK.sub(_addressed, _BREAK.sub("\n", html))
    return unescape(_TAG.sub("", linked))


def commanding(html: str) -> str:
    """Write commands with "!", because Element keeps "/" for itself."""
    return _COMMAND.sub(r"!\1", html) if "/" in html else html


def parts(html: str) -> list[str]:
    """Divide a text into messages, between paragraphs or lines if possible."""
    if _size(html) <= LONGEST_BYTES:
        return [html]
    return [part.strip("\n") for part in _gathered(_pieces(html, ("\n\n", "\n", " ")))]


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Put neighbours together as long as they fit and no tag is open."""
    part, size = "", 0
    for piece in pieces:
        if part and size + _size(piece) > LONGEST_BYTES and _is_closed(part):
            yield part
            part, size = "", 0
        part += piece
        size += _size(piece)
    if part.strip():
        yield part


def _pieces(html: str, separators: tuple[str, ...]) -> Iterator[str]:
    """Cut a text behind every separator; what is still too long by the next finer one."""
    if not separators:
        text = unescape(_TAG.sub("", html))
        length = LONGEST_BYTES // MOST_BYTES_OF_A_CHARACTER
        for start in range(0, len(text), length):
            piece = text[start : start + length]
            yield piece.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return
    separator, *finer = separators
    for piece in re.split(f"(?<={re.escape(separator)})", html):
        if _size(piece) <= LONGEST_BYTES:
            yield piece
        else:
            yield from _pieces(piece, tuple(finer))


def _size(html: str) -> int:
    return len(json.dumps(html))


def _is_closed(html: str) -> bool:
    return html.count("</") * 2 == html.count("<") - len(_BREAK.findall(html))


def _addressed(link: re.Match[str]) -> str:
    address, shown = link.groups()
    names_itself = shown in {address, address.partition(":")[2], address.partition("://")[2]}
    return shown if names_itself else f"{shown} ({address})"

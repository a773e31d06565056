"""Everything that somebody may send instead of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from bot.dialogue.messages import (
    Content,
    Edited,
    Picture,
    SharedContact,
    Tapped,
    Typed,
    Unsupported,
)
from bot.dialogue.state import Frame

_pictures = count(1)

NEVER_AN_ANSWER: dict[str, Content] = {
    "nothing": Typed(""),
    "spaces": Typed("   \n\t  "),
    "a thumb": Typed("👍🏽"),
    "a family": Typed("👨‍👩‍👧‍👦 🎉"),
    "zero width": Typed("\u200b\u200d\ufeff\u2060"),
    "only directions": Typed("\u202e\u2066\u200f"),
    "control characters": Typed("\x00\x07\x1b\x7f\x9b"),
    "half a character": Typed("\ud83d"),
    "out of range": Typed("99"),
    "zero": Typed("0"),
    "a fraction": Typed("1.5"),
    "4,096 digits": Typed("9" * 4096),
    "4,096 stars": Typed("*" * 4096),
    "a slash": Typed("/"),
    "an unknown command": Typed("/dance now"),
    "a sticker": Unsupported("sticker"),
    "a voice message": Unsupported("voice"),
    "a document": Unsupported("document"),
    "a broken picture": Unsupported("picture"),
    "an edit": Edited(),
    "somebody else's number": SharedContact("+4923051062101", own=False),
}
"""No question takes any of these."""

WORDS: dict[str, Content] = {
    "one character": Typed("a"),
    "HTML": Typed("<b>Bob</b><script>alert(x)</script> &amp; <i>"),
    "Markdown": Typed("*Bob* _is_ [here](https://example.org) `x` # y"),
    "right to left": Typed("\u202eשלום \u200bעולם\u202c"),
    "placeholders": Typed("{who} %s ${x} {}"),
    "4,096 characters": Typed("ä" * 4096),
}
"""A question for one's own words may take these; a choice does not."""


def picture() -> Picture:
    """Send a picture, each time another one."""
    return Picture(f"picture-{next(_pictures)}", "image/png", b"not looked at any more")


def buttons(frame: Frame, other: Frame) -> Iterator[tuple[str, Tapped]]:
    """Forge buttons, and take one of another person."""
    run, key = frame.run, frame.pending
    option = frame.shown[0] if frame.shown and key != "sure" else "yes"
    yield "an empty button", Tapped("")
    yield "only colons", Tapped(":::")
    yield "no option", Tapped(f"{run}:{key}:")
    yield "an unknown option", Tapped(f"{run}:{key}:nonsense")
    yield "an unknown question", Tapped(f"{run}:nonsense:{option}")
    yield "an unknown run", Tapped(f"0123456789:{key}:{option}")
    yield "another person's button", Tapped(f"{other.run}:{key}:{option}")
    if key != "sure":
        yield "the final yes", Tapped(f"{run}:sure:yes")
    if key not in {"consent.saal.broadcast", "sure"}:
        yield "a consent that was not asked", Tapped(f"{run}:consent.zoom.broadcast:yes.1")

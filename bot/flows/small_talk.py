"""What people say around an idea, and what is none itself: thanks, farewells, questions."""

from __future__ import annotations

import re
from enum import Enum, auto

from bot.dialogue.questions import meant_by
from bot.dialogue.writing import folded
from bot.domain.events import Event
from bot.domain.facts import City
from bot.flows import wording
from bot.i18n import Renderable, _, lines

_POLITE = _(
    "thanks, thank you, many thanks, no, no thanks, nope, yes, ok, okay, great, super, nice, cool, "
    "good, very good, well done, bye, goodbye, good night, good evening, hello, hi, see you, that "
    "is all, that's all, nothing, nothing more, nothing else, done, finished, stop, end, fine, all "
    "right, please, lovely evening, great evening"
)
"""What is said out of politeness, or to come to an end; whatever consists of it alone is none."""

_BETWEEN = _("for, the, a, and, it, was, to, everybody, you, all, very, so, this, evening, event")
"""What may stand between such words."""

_ABOUT_THE_STREAM = _("stream, broadcast, no sound, no picture, where can i watch, the link")


class Heard(Enum):
    """What a text may be instead of an idea."""

    POLITENESS = auto()
    QUESTION = auto()


def heard(text: str) -> Heard | None:
    """Find out what a text may be instead of an idea; None: there is no reason to ask."""
    said = folded(text)
    polite, between = meant_by(_POLITE), meant_by(_BETWEEN)
    words = {*re.split(r"[\s,;:+/@.-]+", said)} - {""}
    single = {word for each in polite for word in each.split()}
    if said in polite or (words & single and words <= single | between):
        return Heard.POLITENESS
    return Heard.QUESTION if text.rstrip(" )\"'“”»").endswith("?") else None


def answer(text: str, event: Event | None, city: City) -> Renderable:
    """Answer a question as far as the program can: where the stream is, and who knows more."""
    said = folded(text)
    asks_for_stream = any(word in said for word in meant_by(_ABOUT_THE_STREAM))
    telephone = wording.telephone(event, city) if event else city.telephone
    return lines(
        _("The live stream is here: {link}").format(link=event.stream)
        if event and event.stream and asks_for_stream
        else None,
        _("Questions are answered at {telephone}.").format(telephone=telephone),
    )

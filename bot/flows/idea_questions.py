"""What is asked about an idea: what it is, its words, where it belongs, picture and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.messages import Picture
from bot.dialogue.names import Name
from bot.dialogue.questions import (
    OneOf,
    Option,
    Question,
    Refusal,
    Stored,
    Text,
    optional,
)
from bot.dialogue.writing import folded, has_letter
from bot.domain.events import Event
from bot.domain.facts import Facts
from bot.domain.ideas import PILLARS, Idea, IdeaKind, PictureId, Pillar
from bot.flows.party import NAME_LENGTH
from bot.i18n import Phrase, Renderable, _, paragraphs

IDEA_LENGTH = 8000
QUOTED = 600
"""So much of a text is shown again where it is handed in; the summary shows less."""


@dataclass(frozen=True)
class Said:
    """Words that came where a choice was expected; they are not lost."""

    text: str


def quoted(text: str) -> Renderable:
    """Show a text as it was understood."""
    shown = text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()} …"
    return _("“{text}”").format(text=shown)


@dataclass(frozen=True, kw_only=True)
class OneOfOrWords(OneOf[Any]):
    """A choice at which people may go on writing: their words are an answer as well."""

    def words(self, text: str) -> Said | Refusal:
        """Take the words, if there are any."""
        return Said(text) if has_letter(text) else Refusal(self._please())

    def takes_words(self) -> bool:
        """Half a label is enough."""
        return False

    def dump(self, value: Any) -> Stored:  # noqa: ANN401
        """Store words as what they are."""
        return {"said": value.text} if isinstance(value, Said) else super().dump(value)

    def load(self, stored: Stored) -> Any:  # noqa: ANN401
        """Take up words, or the option."""
        return Said(stored["said"]) if isinstance(stored, dict) else super().load(stored)

    def shown(self, value: Any) -> Renderable:  # noqa: ANN401
        """Say the words, or the option."""
        return value.text if isinstance(value, Said) else super().shown(value)


@dataclass(frozen=True, kw_only=True)
class Belonging(Question["Event | Said | None"]):
    """The event that an idea belongs to, as a code or the words behind the command name it.

    It is never asked: words that name no event are the idea itself.
    """

    events: Sequence[Event]

    def choose(self, option: str) -> Event | None:
        """Find the event of a code; it may be gone."""
        return next((event for event in self.events if event.slug == option.lower()), None)

    def words(self, text: str) -> Event | Said | None:
        """Find the event that is meant, if one is."""
        said = folded(text)
        for event in self.events:
            titles = [folded(title) for title in event.title.texts.values()]
            if said in {event.slug, folded(event.keyword), *titles}:
                return event
        return Said(text)

    def dump(self, value: Event | Said | None) -> Stored:
        """Store the slug."""
        if isinstance(value, Said):
            return {"said": value.text}
        return value.slug if value else None

    def load(self, stored: Stored) -> Event | Said | None:
        """Find the event again; it may be gone."""
        if isinstance(stored, dict):
            return Said(stored["said"])
        return self.choose(stored) if stored else None

    def shown(self, value: Event | Said | None) -> Renderable:
        """Say its title."""
        return value.title if isinstance(value, Event) else ""


def belonging(facts: Facts) -> Belonging:
    """Look for the event among all of them, past ones too: whoever was there may have an idea."""
    return Belonging(prompt="", events=facts.every_event)


KIND = OneOfOrWords(
    prompt=_("What would you like to tell us? Choose, or just write."),
    label=_("What it is"),
    harmless=True,
    of=(
        Option(
            "idea",
            _("An idea or a wish"),
            IdeaKind.IDEA,
            also=_("idea, wish"),
            answer=_("an idea"),
        ),
        Option(
            "experience",
            _("An experience with the city's digital services"),
            IdeaKind.EXPERIENCE,
            also=_("experience"),
            answer=_("an experience"),
        ),
    ),
)

PROMPTS = {
    IdeaKind.IDEA: _("What is your idea or wish? Write as much as you like."),
    IdeaKind.EXPERIENCE: _("What have you experienced? Write as much as you like."),
}


@dataclass(frozen=True, kw_only=True)
class Words(Text):
    """The idea in one's own words; a picture that came first may go `with` an idea instead."""

    goes_with: Idea | None = None

    def options(self) -> Sequence[Option[Any]]:
        """Offer to put a picture to what was handed in just now."""
        if self.goes_with is None:
            return ()
        label = _("Put the picture to {reference}").format(reference=self.goes_with.reference)
        return (Option("add", label, ADD),)


ADD = "\x00"
"""Stands for the wish to put a picture to an idea; nobody can type it."""


def words(prompt: Renderable, goes_with: Idea | None = None) -> Words:
    """Ask for the idea itself."""
    return Words(
        prompt=prompt,
        label=_("In your words"),
        max_length=IDEA_LENGTH,
        min_length=5,
        multiline=True,
        goes_with=goes_with,
    )


_PILLARS = {
    Pillar.CITY: Option(
        "city",
        _("Digital city: life in the whole city"),
        Pillar.CITY,
        also=_("digital city, city"),
        answer=_("digital city"),
    ),
    Pillar.ADMINISTRATION: Option(
        "administration",
        _("Digital administration: services of the town hall"),
        Pillar.ADMINISTRATION,
        also=_("digital administration, administration"),
        answer=_("digital administration"),
    ),
}
_UNKNOWN = Option(
    "unknown",
    _("I do not know"),
    Pillar.UNKNOWN,
    also=_("don't know, no idea, both, neither, something else, skip, whatever"),
    answer=_("not said"),
)
DROP = "drop"


def where(event: Event | None, text: str | None = None) -> OneOfOrWords:
    """Ask where an idea belongs: to what its event is about, or to either pillar.

    With its `text`, the choice hands it in, so that the text is shown once more.
    """
    about = [Pillar(pillar) for pillar in event.pillars] if event is not None else []
    options: list[Option[Any]] = [*(_PILLARS[one] for one in about or PILLARS), _UNKNOWN]
    prompt: Renderable = _("Where does it belong?")
    if text is not None:
        options.append(Option(DROP, _("Do not hand it in"), DROP, also=_("cancel, no")))
        prompt = paragraphs(
            _("<b>Your idea</b>\n{text}").format(text=quoted(text)),
            _("Where does it belong? With your choice I hand it in."),
        )
    return OneOfOrWords(prompt=prompt, label=_("Belongs to"), harmless=True, of=tuple(options))


NAME = optional(
    Name(
        prompt=_(
            "Under which name may we publish it? Please type the name, or choose to have it "
            "published without one."
        ),
        label=_("Name"),
        max_length=NAME_LENGTH,
    ),
    skip=_("Without a name"),
    nothing=_("published without a name"),
)

ORGANISATION = optional(
    Name(
        prompt=_(
            "For whom do you speak? If it is a company, an association or a club, please type "
            "its name."
        ),
        label=_("For"),
        max_length=NAME_LENGTH,
        of_organisation=True,
    ),
    skip=_("For myself"),
    nothing=_("myself"),
)


class _PictureQuestion(Question[PictureId]):
    """Ask for a picture; the program has stored it by the time it is an answer."""

    def picture(self, picture: Picture) -> PictureId | Refusal:
        """Take the picture."""
        return PictureId(picture.id)

    def go_on(self) -> Phrase:
        """Say what to do to somebody who wants to add one."""
        return _("Good. Then please send the picture now.")

    def load(self, stored: Stored) -> PictureId | Refusal:
        """Take up the id of the stored picture."""
        return PictureId(stored)

    def shown(self, _value: PictureId) -> Renderable:
        """Say that there is one."""
        return _("one picture")

    def _please(self) -> Phrase:
        return _("Please send a picture (JPEG or PNG), or skip this.")


PICTURE = optional(
    _PictureQuestion(
        prompt=_("Would you like to add a picture? If so, please send it now."), label=_("Picture")
    ),
    nothing=_("none"),
)

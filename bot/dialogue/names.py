"""Names of people and organisations: what was said around one, and what is odd about it.

A guess locks nobody out: an odd name is asked about, and whoever says it again is believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.dialogue import name_words
from bot.dialogue.addresses import leads_somewhere
from bot.dialogue.courtesies import is_courtesy
from bot.dialogue.questions import NO_WORDS, YES, Refusal, Text, meant_by
from bot.dialogue.writing import folded, one_line
from bot.i18n import Phrase, Renderable, _


class Oddity(Enum):
    """Why something may be no name of one person."""

    ANSWER = "a yes, a no, or a thank you"
    SENTENCE = "a sentence"
    SIGNS = "digits, a question mark, an address"
    SEVERAL = "more than one person"
    RELATION = "somebody's husband, but not his name"
    COUNT = "how many people come"


@dataclass(frozen=True, slots=True)
class Reading:
    """A name without what people say around it; `age` in years, if it stood behind the name."""

    name: str
    oddity: Oddity | None = None
    age: int | None = None


def read_name(text: str) -> Reading:
    """Read the name of one person, and say what is odd about it."""
    several = _are_lines_of_names(text)
    name = _without_what_surrounds(text)
    name, age = _without_age(name)
    return Reading(name, Oddity.SEVERAL if several else _oddity(name), age)


def read_organisation(text: str) -> Reading:
    """Read the name of an organisation, which may have digits and odd beginnings."""
    name = one_line(text)
    said = folded(name)
    if _is_bare(said):
        return Reading(name, Oddity.ANSWER)
    if name_words.PEOPLE.search(said):
        return Reading(name, Oddity.COUNT)
    if name_words.RELATION.match(said):
        return Reading(name, Oddity.RELATION)
    if said.partition(" ")[0] in {"ich", "i"}:
        return Reading(name, Oddity.SENTENCE)
    return Reading(name, Oddity.SIGNS if _has_signs(name) else None)


@dataclass(frozen=True, kw_only=True)
class Name(Text):
    """The name of a person, or of an organisation."""

    of_organisation: bool = False

    def words(self, text: str) -> str | Refusal:
        """Take a name, or ask about what may be none."""
        read = self._read(text)
        if read.oddity is None:
            return self.checked(read.name)
        checked = self.checked(read.name) if len(read.name) > self.max_length else read.name
        if isinstance(checked, Refusal):
            return checked
        return Refusal(_asked_about(read.oddity, self.of_organisation), is_doubt=True)

    def insisted(self, text: str) -> str | Refusal:
        """Believe whoever says it again."""
        return self.checked(self._read(text).name)

    def insisting(self) -> Renderable:
        """Let people say that it is a name."""
        return _("Yes, that is the name")

    def _read(self, text: str) -> Reading:
        return read_organisation(text) if self.of_organisation else read_name(text)


def _asked_about(oddity: Oddity, of_organisation: bool) -> Phrase:  # noqa: FBT001 (a part of the name)
    match oddity:
        case Oddity.SEVERAL:
            return _(
                "Those are several people, it seems. Please type one name here; whoever comes "
                "along, I ask for by name as well."
            )
        case Oddity.COUNT:
            return _(
                "That is how many you are, it seems. Here, please type the name alone; for the "
                "people who come along I ask apart from that."
            )
        case Oddity.RELATION if not of_organisation:
            return _("And what is the name? Please type first name and surname.")
        case _:
            return _(
                "That does not look like a name. Please type the name alone, such as Kim Meyer."
            )


def _without_what_surrounds(text: str) -> str:
    name = one_line(text)
    if "?" in name:
        return name
    rest = name_words.GREETING.sub("", name)
    bare = name_words.LEAD.sub("", rest)
    if bare != rest or name_words.ARTICLE.match(rest):
        bare = name_words.ARTICLE.sub("", bare)
    elif rest != name and " " not in rest:
        bare = name  # "Ja Müller" may be a name; "Hallo, ich bin ..." is a greeting
    shorter = name_words.TAIL.sub("", bare)
    if " " in shorter or bare != name:
        bare = shorter
    if bare[-1:] in ",;:!":
        bare = bare[:-1].rstrip()
    if bare.endswith(".") and len(bare.rsplit(maxsplit=1)[-1]) > _INITIALS:
        bare = bare[:-1]
    return bare or name


_INITIALS = 4
"""Up to so many characters, a dot belongs to the name: "M.", "Jr."."""


def _without_age(name: str) -> tuple[str, int | None]:
    found = name_words.AGE.search(name)
    if found is None or not folded(name[: found.start()]):
        return name, None
    return name[: found.start()], int(found.group(1))


def _has_signs(name: str) -> bool:
    return bool({"?", "@"} & set(name)) or leads_somewhere(name)


def _oddity(name: str) -> Oddity | None:
    said = folded(name)
    if _is_bare(said):
        return Oddity.ANSWER
    if name_words.RELATION.match(said):
        return Oddity.RELATION
    if name_words.PEOPLE.search(said):
        return Oddity.COUNT
    if any(map(str.isdigit, name)) or _has_signs(name):
        return Oddity.SIGNS
    if _are_several(name):
        return Oddity.SEVERAL
    first, _space, rest = said.partition(" ")
    if first in name_words.SENTENCE or (
        first in name_words.BEFORE_NOT and rest.partition(" ")[0] in name_words.NOT
    ):
        return Oddity.SENTENCE
    return Oddity.SENTENCE if said in name_words.NO_IDEA else None


def _are_several(name: str) -> bool:
    """Tell whether people are put together with "and", or behind each other with commas."""
    plain = name_words.VON_UND_ZU.sub("von", name)
    parts = [part for part in name_words.AND.split(plain) if part]
    if (
        len(parts) > 1 and all(map(name_words.LIKE_A_NAME.fullmatch, parts))
    ) or name_words.HOUSEHOLD.match(name):
        return True
    full = [part for part in name.split(",") if " " in part.strip()]
    return len(full) > 1 or name.count(",") > 1  # "Meyer, Anna" is one


def _are_lines_of_names(text: str) -> bool:
    rows = [row for row in text.splitlines() if row.strip()]
    return len(rows) > 1 and all(" " in row.strip() for row in rows)


def _is_bare(said: str) -> bool:
    """Tell a yes, a no or a thank you without anything else."""
    return said in meant_by(YES) or said in meant_by(NO_WORDS) or is_courtesy(said)

"""Reading who comes along: several names, a number, an age, or only "my husband"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.dialogue import people_words as words
from bot.dialogue.writing import folded, one_line


@dataclass(frozen=True)
class Mention:
    """Somebody who comes along: by name, or only as they were `called` ("my husband")."""

    name: str = ""
    called: str = ""
    age: int | None = None


class Unclear(Enum):
    """What has to be asked before it is known who comes."""

    HOW_MANY = "how many"
    ONE_OR_TWO = "one or two"


Mentions = tuple[Mention, ...]

_BETWEEN = re.compile(
    r"\s*(?:\n|;|\s&\s|\+|\s/\s|,(?:\s*(?:und|and)\b)?|\b(?:und|and|sowie|plus)\b|\bu\.)\s*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:\d{1,2}[.)]\s+|[-–—•*]\s*)", re.MULTILINE)
_AGE = re.compile(
    r"[\s,(]+(?:ist |is |aged? |alter )?(unter |under |u|über |over |ab |ü)?(\d{1,3})\s*"
    r"(?:-?\s*(?:jahre?|j\.?|years?|yrs?\.?|y)(?:[\s-]*(?:alt|old))?)?\s*\)?$",
    re.IGNORECASE,
)
_OF_AGE = re.compile(r"\s*\b(\d{1,3})[\s-]*(?:jährige[nrs]?|years?[\s-]old)\b", re.IGNORECASE)
_REMARK = re.compile(r"\s*\(([^()]*)\)$")
_POSSESSIVE = re.compile(r"[’']s\b")
_UNDER = ("u", "unter", "under")
_ONLY_AGE = re.compile(
    r"^\(?\s*\d{1,3}\s*(?:jahre?|j\.?|years?|yrs?\.?|y)?(?:[\s-]*(?:alt|old))?\s*\)?$",
    re.IGNORECASE,
)
_ONE_COMMA = re.compile(rf"(?!.*{words.AND})[^\n;&+/,]*,[^\n;&+/,]*")
_WORD = re.compile(r"[\w.-]+")
_OLDEST = 120


def mentions(text: str) -> Mentions | Unclear | None:
    """Find out who is meant, beside whoever speaks; None: nobody at all can be found in it.

    Names are given as they were typed, and still have to be checked.
    """
    parts = _parts(text)
    found: list[Mention] = []
    for part in parts:
        read = _part(part)
        if isinstance(read, Unclear):
            return read
        found.extend(read)
    if _is_one_or_two(text, found):
        return Unclear.ONE_OR_TWO
    if not any(each.name for each in found) and _counts_the_speaker(text):
        found = found[1:]
    return _with_surnames(found) if parts else None


def _parts(text: str) -> list[str]:
    """Cut a list into its parts; an age stays with whose it is."""
    introduction, colon, rest = text.partition(":")
    text = rest if colon and _number(introduction) else text
    parts: list[str] = []
    for part in _BETWEEN.split(_BULLET.sub("", text)):
        if parts and _ONLY_AGE.fullmatch(part) and not re.search(r"\d", parts[-1]):
            parts[-1] = f"{parts[-1]} ({part.strip('( )')})"
        elif any(map(str.isalnum, part)):
            parts.append(one_line(part))
    return parts


def _part(part: str) -> Mentions | Unclear:
    part = _without_frame(part)
    spoken = _spoken(part)
    if set(spoken) <= words.SELF:
        return ()
    if (number := _number(part)) is not None and (rest := _behind_a_count(spoken)) is not None:
        return (Mention(),) * number if not rest else (Mention(" ".join(part.split()[-rest:])),)
    name, age = _aged(part)
    spoken = _spoken(name)
    start = next((at for at, word in enumerate(spoken) if word not in words.BEFORE), len(spoken))
    kind, rest_of_it = "".join(spoken[start : start + 1]), name.split()[start + 1 :]
    if kind in words.TWO:
        return (Mention(), Mention())
    if kind in words.SEVERAL:
        return Unclear.HOW_MANY
    is_title = not start and kind in words.TITLES and rest_of_it
    if kind not in words.ONE or is_title:
        return (Mention(name, age=age),)
    return (_related(name, kind, rest_of_it, age),)


def _related(called: str, kind: str, rest: Sequence[str], age: int | None) -> Mention:
    """Read "my husband", or the name behind it: "my husband Otto"."""
    is_named = rest and folded(rest[0]) not in words.BELONGING and not _POSSESSIVE.search(called)
    if is_named:
        return Mention(" ".join(rest[folded(rest[0]) in words.NAMED :]), age=age)
    return Mention(called="" if kind in words.UNTOLD else called, age=age)


def _spoken(text: str) -> list[str]:
    found = [word.strip(".-").removesuffix("-in-law") for word in _WORD.findall(folded(text))]
    return [word for word in found if word]


def _aged(part: str) -> tuple[str, int | None]:
    """Part a name from an age, or from a remark in brackets: "Lena (14)", "Otto (my son)"."""
    if found := _OF_AGE.search(part):
        return part[: found.start()] + part[found.end() :], int(found[1])
    found = _AGE.search(part)
    if found is not None and any(map(str.isalpha, part[: found.start()])):
        age = int(found[2]) - ((found[1] or "").strip().lower() in _UNDER)
        return (part, None) if age > _OLDEST else (part[: found.start()].strip(" ,("), age)
    remark = _REMARK.search(part)
    if remark is not None and set(_spoken(remark[1])) <= words.ONE | words.BEFORE:
        return part[: remark.start()], None
    return part, None


def _without_frame(part: str) -> str:
    """Leave out what only says that somebody comes: "I am bringing", "kommt mit"."""
    before = ""
    while part != before:
        before = part
        part = words.FRAME_BEFORE.sub("", words.FRAME_BEHIND.sub("", part)).strip(" .!,")
    return part


def _number(text: str) -> int | None:
    """Find the one number in a text; None if there is none, or more than one."""
    said = _spoken(text)
    found = [number for word in said for number in _numeral(word)]
    if len(found) > 1:  # "a group of six"
        found = [n for word in said if word not in words.ARTICLES for n in _numeral(word)]
    return found[0] if len(found) == 1 else None


def _numeral(word: str) -> Iterator[int]:
    plain = word.removesuffix("x")
    if plain.isdecimal() and len(plain) <= len(str(_OLDEST)):
        yield int(plain)
    elif plain in words.NUMERALS:
        yield words.NUMERALS[plain]


def _behind_a_count(spoken: Sequence[str]) -> int | None:
    """Tell how many words stand behind the number of people; None if it counts no people.

    "My two children" has none, "my two children Tom" has one.
    """
    at = max(index for index, word in enumerate(spoken) if [*_numeral(word)])
    people = words.ONE | words.SEVERAL
    ahead, behind = spoken[:at], spoken[at + 1 :]
    if spoken[at] in words.ARTICLES and set(behind) & people:
        return None  # "a friend"
    is_group = words.GROUPS.intersection(ahead)
    if not is_group and not set(ahead) <= words.BEFORE | words.SEVERAL | words.AROUND_A_NUMBER:
        return None
    if set(behind) <= words.BEFORE | people | words.AROUND_A_NUMBER:
        return 0
    if behind[0] not in people:
        return 0 if is_group else None
    return 0 if behind[1] in words.BELONGING else len(behind) - 1


def _counts_the_speaker(text: str) -> bool:
    """Tell whether a number counts whoever speaks as well: "there are four of us"."""
    said = set(_spoken(text))
    return bool(said & words.WITH_THE_SPEAKER or (said >= {"mit", "mir"} and not said & words.COME))


def _is_one_or_two(text: str, found: Sequence[Mention]) -> bool:
    """Tell whether "Meyer, Otto" and "Otto Meyer, my husband" may be one person.

    A line break or an "and" leaves no doubt.
    """
    if len(found) != len(("one", "two")) or not _ONE_COMMA.fullmatch(text.strip()):
        return False
    first, second = found
    is_turned = bool(second.name) and " " not in first.name + second.name
    return bool(first.name) and (is_turned or bool(second.called))


def _with_surnames(found: Sequence[Mention]) -> Mentions:
    """Give "Anna and Otto Meyer" the surname that they share."""
    shared: list[Mention] = []
    surname = ""
    for mention in reversed(found):
        if " " in mention.name:
            surname = _surname(mention.name)
        elif mention.name and surname:
            mention = replace(mention, name=f"{mention.name} {surname}")  # noqa: PLW2901
        shared.insert(0, mention)
    return tuple(shared)


def _surname(name: str) -> str:
    """Take the last word, with the particles that belong to it: "von der Heide"."""
    parts = name.split()
    start = len(parts) - 1
    while start > 1 and folded(parts[start - 1]) in words.PARTICLES:
        start -= 1
    return " ".join(parts[start:])

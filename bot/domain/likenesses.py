"""Likely the same person twice: on the telephone, in a mail and in a chat."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.people import Contact, ContactKind
from bot.domain.seats import HOLDING, Registration

_WRITTEN_OUT = re.compile("(?<=[aou])e")
"""Half of an umlaut, for who has none on the keyboard."""
_TITLES = frozenset({"frau", "herr", "herrn", "dr", "prof", "mr", "mrs", "ms"})


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one: in any order, with umlauts or without, titles aside."""
    return _reduced(one) == _reduced(other)


def is_here(held: Registration, name: str, contact: Contact) -> bool:
    """Tell whether somebody has this registration, or comes along with it.

    Who gave another number, or another address, is another person of that name. Contacts of two
    kinds cannot be compared, so the name decides; the same for companions, who give none.
    """
    if held.state not in HOLDING:
        return False
    if same_name(held.name, name):
        return held.contact.kind is not contact.kind or _same_contact(held.contact, contact)
    return any(same_name(companion.name, name) for companion in held.companions)


def _same_contact(one: Contact, other: Contact) -> bool:
    if one.kind is ContactKind.EMAIL:
        return one.value.casefold() == other.value.casefold()
    return one.value == other.value


def _reduced(name: str) -> list[str]:
    signs = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in signs if not unicodedata.combining(sign))
    words = re.findall(r"\w+", _WRITTEN_OUT.sub("", plain))
    return sorted(word for word in words if word not in _TITLES) or sorted(words)

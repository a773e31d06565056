"""What somebody said on the telephone or wrote, checked and turned into a command."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.cli.outcomes import BINDING
from bot.dialogue.addresses import leads_somewhere
from bot.dialogue.contacts import Reach
from bot.dialogue.questions import Refusal
from bot.dialogue.writing import clean, has_letter, one_line
from bot.domain.consents import Agreement
from bot.domain.events import Event, Place
from bot.domain.likenesses import is_here
from bot.domain.people import Contact, ContactKind
from bot.domain.seats import Companion, Register, Registration, RegistrationState
from bot.flows.party import NAME_LENGTH
from bot.services.refusals import OperatorError

_LOST = re.compile(r"[?\ufffd]")
"""What some terminals and copies put where they do not know a letter."""


@dataclass(frozen=True)
class Call:
    """What somebody said on the telephone or wrote; `agreed` are slugs of consents."""

    name: str
    contact: Contact
    companions: tuple[str, ...]
    agreed: tuple[str, ...]


def cleaned(text: str, option: str) -> str:
    """Clean a name, or refuse it."""
    if _LOST.search(text):
        raise OperatorError(
            f"{option}: a letter was lost on the way (“?”). The terminal and this program do not "
            "agree about umlauts: use one in UTF-8, for example LANG=C.UTF-8."
        )
    text = one_line(clean(text))
    if leads_somewhere(text):
        raise OperatorError(f"{option}: a web address is no name.")
    if not has_letter(text) or len(text) > NAME_LENGTH:
        raise OperatorError(f"{option}: a name has letters, and at most {NAME_LENGTH} characters.")
    return text


def contact(phone: str | None, email: str | None) -> Contact:
    """Check the number or the address."""
    if (phone is None) == (email is None):
        raise OperatorError("Give either --phone or --email.")
    read = Reach(prompt="").words(phone or email or "")
    kind = ContactKind.PHONE if phone is not None else ContactKind.EMAIL
    if isinstance(read, Refusal) or read.kind is not kind:
        wanted = (
            "--phone: a telephone number such as 02305 / 106-2101."
            if phone is not None
            else "--email: an address such as name@example.org."
        )
        raise OperatorError(wanted)
    return read


def refuse_twice(held: Iterable[Registration], call: Call, event: Event) -> None:
    """Stop if the caller seems to be registered already, however that came."""
    for each in held:
        if is_here(each, call.name, call.contact):
            place = event.place_by_id(each.place)
            is_seat = each.state is RegistrationState.CONFIRMED
            raise OperatorError(
                f"{call.name} is there already: {place.slug if place else event.slug}, "
                f"{'seat confirmed' if is_seat else 'waiting list'}, arrival number "
                f"{each.arrival_number}.\nIf this is somebody else, add: --again"
            )


def registration(event: Event, place: Place, call: Call) -> Register:
    """Turn a call into a command, with the consents that were given on the telephone."""
    return Register(
        event=event.id,
        place=place.id,
        name=call.name,
        contact=call.contact,
        companions=tuple(Companion(name) for name in call.companions),
        agreements=agreements_to(place, call.agreed),
    )


def agreements_to(place: Place, agreed: Iterable[str]) -> tuple[Agreement, ...]:
    """Turn the consents that were given on the telephone into agreements to their wording."""
    terms = {each.slug: each for each in place.consents}
    if unknown := [slug for slug in agreed if slug not in terms]:
        known = f"but for these: {', '.join(terms)}" if terms else "nor for any other"
        raise OperatorError(
            f"--agreed: “{place.slug}” asks for no consent “{unknown[0]}”, {known}."
        )
    return tuple(
        Agreement(slug, terms[slug].version, BINDING, terms[slug].wording.in_language(BINDING))
        for slug in agreed
    )

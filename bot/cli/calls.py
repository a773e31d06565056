"""What somebody said on the telephone or wrote, checked and turned into a command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cli.outcomes import BINDING
from bot.dialogue.contacts import Reach
from bot.dialogue.questions import Refusal
from bot.dialogue.writing import clean, has_letter, one_line
from bot.domain.consents import Agreement
from bot.domain.events import Event, Place
from bot.domain.people import Contact, ContactKind
from bot.domain.seats import Companion, Register
from bot.flows.party import NAME_LENGTH
from bot.services.eventfiles.times import NoSuchTime, TwoSuchTimes, instant
from bot.services.refusals import OperatorError


@dataclass(frozen=True)
class Call:
    """What somebody said on the telephone or wrote; `agreed` are slugs of consents."""

    name: str
    contact: Contact
    companions: tuple[str, ...]
    agreed: tuple[str, ...]


def cleaned(text: str, option: str) -> str:
    """Clean a name, or refuse it."""
    text = one_line(clean(text))
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


def called_at(wall: datetime, event: Event, now: datetime) -> datetime:
    """Turn the wall time of the call into an instant that has passed."""
    try:
        at = instant(wall, event.zone)
    except NoSuchTime as error:
        raise OperatorError("--at: the clocks skip this time (summer time begins).") from error
    except TwoSuchTimes as error:
        raise OperatorError("--at: this time comes twice (summer time ends).") from error
    if at > now:
        raise OperatorError("--at: this time has not come yet.")
    return at


def registration(event: Event, place: Place, call: Call) -> Register:
    """Turn a call into a command, with the consents that were given on the telephone."""
    terms = {each.slug: each for each in place.consents}
    if unknown := [slug for slug in call.agreed if slug not in terms]:
        raise OperatorError(f"--agreed: “{place.slug}” asks for no consent “{unknown[0]}”.")
    return Register(
        event=event.id,
        place=place.id,
        name=call.name,
        contact=call.contact,
        companions=tuple(Companion(name) for name in call.companions),
        agreements=tuple(
            Agreement(slug, terms[slug].version, BINDING, terms[slug].wording.in_language(BINDING))
            for slug in call.agreed
        ),
    )

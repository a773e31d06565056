"""The command for people who called or wrote: they share the seats with those who chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import click

from bot import app, clock
from bot.cli.databases import configured, opened
from bot.cli.outcomes import BINDING, tell_by_hand, told
from bot.cli.places import found
from bot.dialogue.contacts import Reach
from bot.dialogue.questions import Refusal
from bot.dialogue.writing import clean, has_letter, one_line
from bot.domain.consents import Agreement
from bot.domain.events import Event, Place
from bot.domain.people import Contact, ContactKind, PersonId
from bot.domain.seats import Companion, Register
from bot.services import seats
from bot.services.acts import Actor
from bot.services.eventfiles.times import NoSuchTime, TwoSuchTimes, instant
from bot.services.refusals import OperatorError

NOBODY = PersonId(0)
"""Who acts on the command line: no person that the database knows."""

NAME_LENGTH = 80


@dataclass(frozen=True)
class _Call:
    """What somebody said on the telephone or wrote; `agreed` are slugs of consents."""

    name: str
    contact: Contact
    companions: tuple[str, ...]
    agreed: tuple[str, ...]


@click.group()
def registrations() -> None:
    """Register people who called or wrote."""


@registrations.command()
@click.option("--event", "event_slug", metavar="SLUG", required=True, help="Which event.")
@click.option("--place", "place_slug", metavar="SLUG", required=True, help="Which place.")
@click.option("--name", required=True, help="Who called or wrote.")
@click.option("--phone", help="Number at which they are called back.")
@click.option("--email", help="Address from which they wrote; without --phone.")
@click.option(
    "--at",
    "wall",
    type=click.DateTime(["%Y-%m-%d %H:%M"]),
    metavar="TIME",
    required=True,
    help='When they called or wrote: "2020-08-05 10:15", on the clock where the event is.',
)
@click.option(
    "--companion", "companions", metavar="NAME", multiple=True, help="Who comes along; repeatable."
)
@click.option(
    "--agreed",
    metavar="CONSENT",
    multiple=True,
    help="A consent whose wording they have heard or read and agreed to; repeatable.",
)
def add(  # noqa: PLR0913 (as many as there are options)
    *,
    event_slug: str,
    place_slug: str,
    name: str,
    phone: str | None,
    email: str | None,
    wall: datetime,
    companions: tuple[str, ...],
    agreed: tuple[str, ...],
) -> None:
    """Register somebody who called or wrote.

    The time at which they did decides about their place in the line. A seat that is confirmed
    already stays where it is.
    """
    call = _Call(
        _clean(name, "--name"),
        _contact(phone, email),
        tuple(_clean(companion, "--companion") for companion in companions),
        agreed,
    )
    settings, now = configured(), clock.now()
    with opened(settings) as database, database.transaction() as tx:
        event, place = found(tx, event_slug, place_slug)
        seats.lock(tx, [event.id])
        command, arrived_at = _command(event, place, call), _instant(wall, event, now)
        result = seats.enter(tx, command, Actor(NOBODY, "command line", now), arrived_at)
        report = told(result.outcome, place)
        unreached = app.owe(tx, result.notices, settings)
    click.echo(report)
    tell_by_hand(unreached)


def _clean(text: str, option: str) -> str:
    text = one_line(clean(text))
    if not has_letter(text) or len(text) > NAME_LENGTH:
        raise OperatorError(f"{option}: a name has letters, and at most {NAME_LENGTH} characters.")
    return text


def _contact(phone: str | None, email: str | None) -> Contact:
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


def _instant(wall: datetime, event: Event, now: datetime) -> datetime:
    try:
        at = instant(wall, event.zone)
    except NoSuchTime as error:
        raise OperatorError("--at: the clocks skip this time (summer time begins).") from error
    except TwoSuchTimes as error:
        raise OperatorError("--at: this time comes twice (summer time ends).") from error
    if at > now:
        raise OperatorError("--at: this time has not come yet.")
    return at


def _command(event: Event, place: Place, call: _Call) -> Register:
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

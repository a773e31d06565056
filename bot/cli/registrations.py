"""The command for people who called or wrote: they share the seats with those who chat."""

from __future__ import annotations

import click

from bot import clock
from bot.app.houses import owe
from bot.cli.calls import Call, agreements_to, cleaned, contact, refuse_twice, registration
from bot.cli.databases import configured, opened
from bot.cli.outcomes import tell_by_hand, told, told_anew
from bot.cli.places import found
from bot.cli.telling import somebody_is_there
from bot.cli.times import called_at
from bot.domain.events import EventId
from bot.domain.outcomes import Cancelled
from bot.domain.people import PersonId
from bot.domain.privacy import ForgetMe
from bot.domain.seats import AgreeAnew, Cancel
from bot.services import privacy, seats
from bot.services.acts import Actor
from bot.services.refusals import OperatorError
from bot.store import callers, events
from bot.store.database import Database, Transaction
from bot.store.registrations import Holder, details

NUMBER = click.IntRange(1, 2**31 - 1)
"""Numbers as the database can hold them."""

NOBODY = PersonId(0)
"""Who acts on the command line: no person that the database knows."""


@click.group()
def registrations() -> None:
    """Act for people who called or wrote."""


@registrations.command()
@click.option("--event", "event_slug", metavar="SLUG", required=True, help="Which event.")
@click.option("--place", "place_slug", metavar="SLUG", required=True, help="Which place.")
@click.option("--name", required=True, help="Who called or wrote.")
@click.option("--phone", help="Number at which they are called back.")
@click.option("--email", help="Address from which they wrote; without --phone.")
@click.option(
    "--at",
    "wall",
    metavar="TIME",
    required=True,
    help='When they called or wrote: "12.08.2020 10:30" or "today 10:30", on the clock where the '
    "event is.",
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
@click.option("--again", is_flag=True, help="Somebody else of the same name is there already.")
@click.option("--long-ago", is_flag=True, help="They called or wrote more than a week ago.")
def add(  # noqa: PLR0913 (as many as there are options)
    *,
    event_slug: str,
    place_slug: str,
    name: str,
    phone: str | None,
    email: str | None,
    wall: str,
    companions: tuple[str, ...],
    agreed: tuple[str, ...],
    again: bool,
    long_ago: bool,
) -> None:
    """Register somebody who called or wrote.

    The time at which they did decides about their place in the line. A seat that is confirmed
    already stays where it is.
    """
    call = Call(
        cleaned(name, "--name"),
        contact(phone, email),
        tuple(cleaned(companion, "--companion") for companion in companions),
        agreed,
    )
    settings, now = configured(), clock.now()
    with opened(settings) as database, database.transaction() as tx:
        event, place = found(tx, event_slug, place_slug)
        seats.lock(tx, [event.id])
        arrived_at = called_at(wall, event, now, long_ago=long_ago)
        command = registration(event, place, call)
        if not again:
            refuse_twice(seats.registrations_at(tx, event.id), call, event)
        result = seats.enter(tx, command, Actor(NOBODY, "command line", now), arrived_at)
        report = told(result.outcome, event, place, arrived_at)
        unreached = owe(tx, result.notices, settings)
    click.echo(report)
    tell_by_hand(unreached)


@registrations.command()
@click.option("--event", "event_slug", metavar="SLUG", required=True, help="Which event.")
@click.option("--number", type=NUMBER, required=True, help="Their arrival number.")
@click.option(
    "--agreed",
    metavar="CONSENT",
    multiple=True,
    required=True,
    help="A consent whose new wording they have heard or read and agreed to; repeatable.",
)
def agree(*, event_slug: str, number: int, agreed: tuple[str, ...]) -> None:
    """Note that somebody who waits has agreed to new words."""
    settings, now = configured(), clock.now()
    with opened(settings) as database, database.transaction() as tx:
        event_id, holder = _caller(tx, event_slug, number)
        seats.lock(tx, [event_id])
        event = events.load(tx, event_id)
        held = seats.registrations_of(tx, holder.person)
        where = next(each.place for each in held if each.id == holder.registration)
        place = event.place_by_id(where)
        if place is None:
            raise OperatorError(f"“{event_slug}” no longer has the place for which they wait.")
        command = AgreeAnew(event_id, holder.registration, agreements_to(place, agreed))
        result = seats.carry_out(tx, command, Actor(holder.person, "command line", now))
        report = told_anew(result.outcome, event, place, now)
        unreached = owe(tx, result.notices, settings)
    click.echo(report)
    tell_by_hand(unreached)


@registrations.command()
@click.option("--event", "event_slug", metavar="SLUG", required=True, help="Which event.")
@click.option("--number", type=NUMBER, required=True, help="Their arrival number.")
def cancel(*, event_slug: str, number: int) -> None:
    """Give back the seat of somebody who called or wrote.

    On a terminal you are asked whether it is them.
    """
    settings, now = configured(), clock.now()
    with opened(settings) as database:
        _ask_who(database, event_slug, number, "Give back the seat of")
        with database.transaction() as tx:
            event, holder = _caller(tx, event_slug, number)
            seats.lock(tx, [event])
            actor = Actor(holder.person, "command line", now)
            result = seats.carry_out(tx, Cancel(event, holder.registration), actor)
            if not isinstance(result.outcome, Cancelled):
                raise OperatorError(
                    "This registration is cancelled already, or the event has begun."
                )
            unreached = owe(tx, result.notices, settings)
    click.echo("Cancelled.")
    tell_by_hand(unreached)


@registrations.command()
@click.option("--event", "event_slug", metavar="SLUG", required=True, help="Which event.")
@click.option("--number", type=NUMBER, required=True, help="Their arrival number.")
def forget(*, event_slug: str, number: int) -> None:
    """Erase somebody who called or wrote, and give back their seat.

    On a terminal you are asked whether it is them.
    """
    settings, now = configured(), clock.now()
    with opened(settings) as database:
        _ask_who(database, event_slug, number, "Erase for good")
        with database.transaction() as tx:
            _event, holder = _caller(tx, event_slug, number)
            seats.lock(tx, privacy.events_of(tx, holder.person))
            actor = Actor(holder.person, "command line", now)
            result = privacy.forget(tx, ForgetMe(), actor)
            unreached = owe(tx, result.notices, settings)
    click.echo("Erased.")
    tell_by_hand(unreached)


def _ask_who(database: Database, event_slug: str, number: int, what: str) -> None:
    """Name the caller on a terminal before something ends for them: a number is mistyped easily."""
    if not somebody_is_there():
        return
    with database.rehearsal() as tx:
        _event, holder = _caller(tx, event_slug, number)
        name = details(tx, holder.registration).name
    click.confirm(f"{what} {name or 'somebody without a name'}?", abort=True, err=True)


def _caller(tx: Transaction, event_slug: str, number: int) -> tuple[EventId, Holder]:
    event = events.by_slug(tx, event_slug)
    if event is None:
        raise OperatorError(f"There is no event “{event_slug}”.")
    holder = callers.holding(tx, event.id, number)
    if holder is None:
        raise OperatorError(
            f"Nobody who called or wrote has the arrival number {number} at “{event_slug}”.\n"
            "People who chat cancel and erase in their own chat: /mine and /privacy."
        )
    return event.id, holder

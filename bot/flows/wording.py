"""How events, places and seats are put into words, the same in every conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from bot.domain.events import Event, Occupancy, Place, Venue
from bot.domain.facts import City
from bot.domain.seats import Registration
from bot.i18n import Joined, Moment, Phrase, Renderable, _, lines, listed, n_

RULE_OF_ORDER = _(
    "Seats are given strictly in the order in which registrations arrive. If too few seats are "
    "free for the first group in line, they are kept for it until 24 hours before the start; "
    "after that the first group that fits gets them."
)


EVENTS = 128
"""How many descriptions of events are kept in words; what has changed is another description."""


@lru_cache(maxsize=EVENTS)
def when(event: Event) -> Phrase:
    """Say on which day and from when to when an event takes place."""
    return _("{day}, {start} to about {end}").format(
        day=Moment(event.local(event.starts_at), "weekday"),
        start=Moment(event.local(event.starts_at), "time"),
        end=Moment(event.local(event.ends_at), "time"),
    )


def day(event: Event) -> Moment:
    """Say on which day an event takes place, as briefly as possible."""
    return Moment(event.local(event.starts_at), "day")


@lru_cache(maxsize=EVENTS)
def named(event: Event) -> Phrase:
    """Name an event with its day, for lists and buttons."""
    return _("{title} ({day})").format(title=event.title, day=day(event))


def where(venue: Venue) -> str:
    """Name the venue and its address."""
    return f"{venue.name}, {venue.address}"


def until(event: Event, place: Place) -> Moment:
    """Say when registration ends: the last minute that still counts."""
    return Moment(event.local(place.deadline - timedelta(minutes=1)), "moment")


def seats(place: Place, occupancy: Occupancy) -> Renderable:
    """Say how many seats are free, or how many people wait."""
    free = occupancy.free(place)
    if free is None:
        return _("as many seats as you like")
    if free:
        return n_("{count} seat free", "{count} seats free", free)
    if occupancy.waiting:
        return n_(
            "full, {count} person on the waiting list",
            "full, {count} people on the waiting list",
            occupancy.waiting,
        )
    return _("full, with a waiting list")


def people(count: int) -> Phrase:
    """Count people."""
    return n_("{count} person", "{count} people", count)


def party(held: Registration) -> Renderable:
    """Name everybody who comes with a registration."""
    own = (held.name,) if held.with_person else ()
    return listed((*own, *(companion.name for companion in held.companions)))


def by_name(names: Sequence[str]) -> Phrase:
    """Count people and name them."""
    counted = n_("{count} person: {names}", "{count} people: {names}", len(names))
    return counted.format(names=listed(names))


def telephone(event: Event, city: City) -> str:
    """Name the number for this event, or the city's."""
    return event.telephone or city.telephone


def email(event: Event, city: City) -> str:
    """Name the address for this event, or the city's."""
    return event.email or city.email


def by_hand(event: Event, city: City) -> Phrase:
    """Say how to register without a chat."""
    return _("You can also register by telephone, {telephone}, or e-mail, {email}.").format(
        telephone=telephone(event, city), email=email(event, city)
    )


def live(event: Event) -> Phrase | None:
    """Say where one can follow an event without a seat, if there is a stream."""
    if not event.stream:
        return None
    return _("You can follow it live, without a registration: {link}").format(link=event.stream)


def bullets(texts: list[Renderable]) -> Joined:
    """Put texts below each other, each with a dash."""
    return lines(*(Joined(("– ", text), by="") for text in texts))

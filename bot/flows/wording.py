"""How events, places and seats are put into words, the same in every conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.events import Event, Occupancy, Place, Venue
from bot.domain.facts import City
from bot.domain.seats import Registration
from bot.i18n import Joined, Moment, Phrase, Renderable, _, lines, listed, n_

HOUR = timedelta(hours=1)


EVENTS = 128
"""How many descriptions of events are kept in words; what has changed is another description."""


def rule_of_order(event: Event) -> Phrase:
    """Say who gets the next seat, and how long one is kept for a group."""
    return n_(
        "Seats are given strictly in the order in which registrations arrive. If too few seats are "
        "free for the first group in line, they are kept for it until {count} hour before the "
        "start; after that the first group that fits gets them.",
        "Seats are given strictly in the order in which registrations arrive. If too few seats are "
        "free for the first group in line, they are kept for it until {count} hours before the "
        "start; after that the first group that fits gets them.",
        round(event.fill_from / HOUR),
    )


NOT_COMING = _(
    "cancel my registration, cancel, I cannot come, I am not coming after all, unregister"
)
"""How people say that they give back what they have."""

HOME = ZoneInfo("Europe/Berlin")
"""Where those who read this are."""

NIGHT = timedelta(hours=12)
"""What lasts no longer, and ends before the sun is up, belongs to the evening before."""

DAWN = 6


@lru_cache(maxsize=EVENTS)
def when(event: Event) -> Renderable:
    """Say on which day or days and from when to when an event takes place, on the clocks there."""
    first, last = event.local(event.starts_at), event.local(event.ends_at)
    if _is_one_evening(first, last):
        text = _("{day}, {start} to about {end}")
    else:
        text = _("{day}, {start}, to {last_day}, about {end}").format(
            last_day=Moment(last, "weekday")
        )
    return _local(
        text.format(
            day=Moment(first, "weekday"),
            start=Moment(first, "time"),
            end=Moment(last, "time"),
        ),
        first,
        last,
    )


def _is_one_evening(first: datetime, last: datetime) -> bool:
    if first.date() == last.date():
        return True
    return last - first <= NIGHT and last.hour < DAWN


def _local(text: Renderable, *moments: datetime) -> Renderable:
    """Name the place of the clock, if it does not show what those at home show."""
    if all(at.utcoffset() == at.astimezone(HOME).utcoffset() for at in moments):
        return text
    return _("{when} (local time in {city})").format(when=text, city=Moment(moments[0], "zone"))


def day(event: Event) -> Renderable:
    """Say on which day or days an event takes place, as briefly as possible."""
    first, last = event.local(event.starts_at), event.local(event.ends_at)
    if _is_one_evening(first, last):
        return Moment(first, "day")
    return _("{first} to {last}").format(first=Moment(first, "day"), last=Moment(last, "day"))


@lru_cache(maxsize=EVENTS)
def named(event: Event) -> Phrase:
    """Name an event with its day, for lists and buttons."""
    return _("{title} ({day})").format(title=event.title, day=day(event))


def where(venue: Venue) -> str:
    """Name the venue and its address."""
    return f"{venue.name}, {venue.address}"


def until(event: Event, place: Place) -> Renderable:
    """Say when registration ends: the last minute that still counts."""
    last = event.local(place.deadline - timedelta(minutes=1))
    return _local(Moment(last, "moment"), last)


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

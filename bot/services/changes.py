"""What a file changes about an event: said line by line, and doubted where it looks like a slip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from bot.domain.events import Event, Occupancy, Place, PlaceId, Venue

FAR = timedelta(days=300)
"""An event that moves so far has more likely another year by mistake."""

MANY_TIMES = 3
"""So many times as many seats are more likely a digit too much, once people wait for them."""

_IDS = {"id", "revision"}
_NAMES = {
    "starts_at": "start",
    "ends_at": "end",
    "deadline": "register_until",
    "speakers": "speaker",
    "consents": "consent",
    "fill_from": "fill_from_hours",
}
"""Keys of the file that are called otherwise in the program."""


@dataclass(frozen=True)
class Change:
    """An event before and after; `registered` counts all who have a seat or wait for one."""

    before: Event
    after: Event
    registered: int
    occupancy: Mapping[PlaceId, Occupancy]


def differences(change: Change) -> Iterator[str]:
    """Say what is otherwise, by the keys of the file; texts and lists are only named."""
    yield from _differences(change, change.before, change.after, "")
    for place in change.after.places:
        known = change.before.place(place.slug)
        if known is None:
            yield f"place {place.slug}: new"
        else:
            yield from _differences(change, known, place, f"place {place.slug}: ")
    for place in change.before.places:
        if change.after.place(place.slug) is None:
            yield f"place {place.slug}: gone"


def _differences(
    change: Change, before: Event | Place, after: Event | Place, where: str
) -> Iterator[str]:
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if old == new or each.name in {*_IDS, "places"}:
            continue
        name = _NAMES.get(each.name, each.name)
        shown, now_shown = _shown(old, change.before), _shown(new, change.after)
        if shown is None or now_shown is None:
            yield f"{where}{name}: other words"
        else:
            yield f"{where}{name}: {shown} -> {now_shown}"


def _shown(value: object, event: Event) -> str | None:
    match value:
        case None | "":
            return "none"
        case bool():
            return str(value).lower()
        case datetime():
            return f"{event.local(value):%Y-%m-%d %H:%M}"
        case timedelta():
            return f"{value / timedelta(hours=1):g}"
        case Venue(name=name, address=address):
            return f"{name}, {address}"
        case str() | int():
            return str(value)
        case _ if value == event.zone:
            return event.zone.key
        case _:
            return None


def doubts(change: Change, now: datetime) -> Iterator[str]:
    """Say what cannot be undone and looks like a slip, if people are registered."""
    if not change.registered:
        return
    about_time = _doubt_about_time(change.before, change.after, now)
    if about_time is not None:
        yield about_time
    else:
        yield from _doubts_about_deadlines(change, now)
    for place, before, waiting in _places(change):
        if not waiting or before.capacity is None or place.capacity == before.capacity:
            continue
        if place.capacity is None:
            yield f"“{place.slug}” would have no capacity, so that all {waiting} who wait move up"
        elif place.capacity > MANY_TIMES * before.capacity > 0:
            yield f"“{place.slug}” would have {place.capacity} seats instead of {before.capacity}"


def _doubt_about_time(before: Event, after: Event, now: datetime) -> str | None:
    """Look at the end, by which deletions go, and at the start, after which seats stay."""
    if after.ends_at != before.ends_at and after.is_over(now):
        return f"it would be over already, since {_shown(after.ends_at, after)}"
    if after.starts_at == before.starts_at:
        return None
    if after.starts_at <= now:
        return f"it would have begun already, on {_shown(after.starts_at, after)}"
    moved = abs(after.starts_at - before.starts_at)
    if moved >= FAR:
        return f"it would move by {moved.days} days, to {_shown(after.starts_at, after)}"
    return None


def _doubts_about_deadlines(change: Change, now: datetime) -> Iterator[str]:
    for place, before, _waiting in _places(change):
        if place.registration and place.deadline <= now < before.deadline:
            ended = _shown(place.deadline, change.after)
            yield f"registration for “{place.slug}” would be over at once, since {ended}"


def _places(change: Change) -> Iterator[tuple[Place, Place, int]]:
    for place in change.after.places:
        before = change.before.place(place.slug)
        if before is not None:
            yield place, before, change.occupancy.get(before.id, Occupancy()).waiting

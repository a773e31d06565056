"""Events as staff keep them: load a file of them, and take access data into custody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue.keywords import events_with
from bot.domain.events import ConsentTerms, Event, LocalText, Place
from bot.domain.outcomes import (
    CalledOff,
    CapacityChanged,
    Postponed,
    SeatNotice,
    StreamChanged,
    TakesPlace,
)
from bot.domain.seats import RegistrationId
from bot.services.acts import Notice
from bot.services.changes import Change, doubts
from bot.services.eventfiles.toml import read
from bot.services.refusals import OperatorError
from bot.services.seats import ask_anew, change_capacity
from bot.store import access as accesses
from bot.store import events
from bot.store.database import Transaction
from bot.store.events import PlaceInUse, Saved
from bot.store.keywords import KeywordTaken
from bot.store.registrations import holders

ACCESS_LENGTH = 2000


@dataclass(frozen=True)
class Loaded:
    """What loading a file led to: slugs of events, capacities, and whom to tell.

    `kept` are capacities that were changed otherwise than by a file, each with event and place.
    """

    created: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: tuple[str, ...] = ()
    capacities: tuple[CapacityChanged, ...] = ()
    kept: tuple[tuple[str, Place], ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def updated(self) -> tuple[str, ...]:
        """Name the events that are otherwise than before."""
        return tuple(change.after.slug for change in self.changes)


def load_file(
    tx: Transaction, content: bytes, name: str, now: datetime, commands: Collection[str] = ()
) -> Loaded:
    """Save all events of a file; those that it does not name stay as they are.

    No keyword may be one of the `commands`.

    Raises OperatorError with everything that is wrong with the file, or the first thing that
    does not fit what is stored; then the transaction has to be rolled back.
    """
    described = read(content, name, now, commands)
    events.lock(tx, [event.slug for event in described])
    loaded = Loaded()
    for event in described:
        before = events.by_slug(tx, event.slug)
        if before is not None:
            _refuse_new_words_for_old_consents(tx, before, event, name)
        waiting = events.occupancy(tx, [before.id]) if before is not None else {}
        loaded = _with(tx, loaded, event, _saved(tx, event, name, now), now)
        if before is not None and event.slug not in loaded.unchanged:
            after = events.load(tx, before.id)
            people = len(holders(tx, before.id))
            loaded = replace(
                loaded, changes=(*loaded.changes, Change(before, after, people, waiting))
            )
            loaded = replace(loaded, notices=(*loaded.notices, *_news(tx, before, event, now)))
    _try_keywords(tx, described, name, now)
    return loaded


def refuse_doubtful(loaded: Loaded, name: str, now: datetime, meant: Collection[str]) -> None:
    """Refuse what looks like a slip and cannot be undone, unless the event is among those `meant`.

    Raises OperatorError; then the transaction has to be rolled back.
    """
    found = [
        f"{name}: event “{change.after.slug}”: {doubt}. Registered: {change.registered}.\n"
        f"If it is no slip, add: --as-written {change.after.slug}"
        for change in loaded.changes
        if change.after.slug not in meant
        for doubt in doubts(change, now)
    ]
    if found:
        raise OperatorError("\n".join(found))


def _try_keywords(tx: Transaction, described: Iterable[Event], name: str, now: datetime) -> None:
    """Type each keyword as citizens will: it has to lead to its event, and to no other."""
    ahead = events.upcoming(tx, now)
    for event in described:
        meant = [other.slug for other in events_with(event.keyword, ahead)]
        for other in meant if not event.is_over(now) else ():
            if other != event.slug:
                raise OperatorError(_taken(name, KeywordTaken(event.slug, event.keyword, other)))


def _news(tx: Transaction, before: Event, event: Event, now: datetime) -> list[Notice]:
    """Tell everybody who has a seat, or waits for one, that it is off, on again, or has moved.

    The stream counts as well, of which many were told. A date that was wrong, and had passed, is
    put right for those who were told of it.
    """
    called_off = event.cancelled and not before.cancelled
    moved = (before.starts_at, before.ends_at, before.venue) != (
        event.starts_at,
        event.ends_at,
        event.venue,
    )
    streams_elsewhere = _streams(before) != _streams(event)
    takes_place = before.cancelled and not event.cancelled
    changed = (takes_place or moved or streams_elsewhere) and not event.cancelled
    in_time = not event.is_over(now) or (called_off and not before.is_over(now))
    if not in_time or not (called_off or changed):
        return []

    def news(registration: RegistrationId) -> SeatNotice:
        if called_off:
            return CalledOff(before.id, registration)
        if takes_place:
            return TakesPlace(before.id, registration)
        return Postponed(before.id, registration) if moved else StreamChanged(before.id)

    return [Notice(holder.person, news(holder.registration)) for holder in holders(tx, before.id)]


def _streams(event: Event) -> set[str]:
    return {event.stream, *(place.link for place in event.places)} - {""}


def keep_access(tx: Transaction, event_slug: str, place_slug: str, access: str) -> None:
    """Store the access data of a place, which is given to the people who are confirmed there."""
    event = events.by_slug(tx, event_slug)
    if event is None:
        raise OperatorError(f"There is no event “{event_slug}”. Load it first: events load FILE.")
    place = event.place(place_slug)
    if place is None:
        known = ", ".join(place.slug for place in event.places)
        raise OperatorError(f"“{event_slug}” has no place “{place_slug}”, but these: {known}.")
    if not place.registration:
        raise OperatorError(f"Nobody registers for “{place_slug}”, so nobody could get the data.")
    if not access.strip() or len(access) > ACCESS_LENGTH or "\0" in access:
        raise OperatorError(f"Give the access data, 1 to {ACCESS_LENGTH} characters, as input.")
    accesses.keep(tx, place.id, access.strip())


def _saved(tx: Transaction, event: Event, name: str, now: datetime) -> Saved:
    try:
        return events.save(tx, event, now)
    except PlaceInUse as error:
        raise OperatorError(
            f"{name}: event “{error.event}” no longer has the place “{error.place}”, but people "
            "have registered for it. Keep it, with capacity = 0 if nobody else may come."
        ) from error
    except KeywordTaken as error:
        raise OperatorError(_taken(name, error)) from error


def _taken(name: str, error: KeywordTaken) -> str:
    return (
        f"{name}: the keyword “{error.keyword}” of “{error.event}” already belongs to the event "
        f"“{error.other}”. Choose another one."
    )


def _with(tx: Transaction, loaded: Loaded, event: Event, saved: Saved, now: datetime) -> Loaded:
    kept = ((event.slug, place) for place in saved.kept)
    loaded = replace(loaded, kept=(*loaded.kept, *kept))
    if saved.created:
        return replace(loaded, created=(*loaded.created, event.slug))
    if not saved.changed:
        return replace(loaded, unchanged=(*loaded.unchanged, event.slug))
    asked = ask_anew(tx, saved.id, now)
    loaded = replace(loaded, notices=(*loaded.notices, *asked))
    for place, capacity in saved.capacities.items():
        result = change_capacity(tx, place, capacity, now)
        loaded = replace(
            loaded,
            capacities=(*loaded.capacities, result.outcome),
            notices=(*loaded.notices, *result.notices),
        )
    return loaded


def _refuse_new_words_for_old_consents(
    tx: Transaction, stored: Event, event: Event, name: str
) -> None:
    """Refuse to change words to which people have agreed; other languages may be added."""
    new = {(terms.slug, terms.version): terms for terms in _terms(event)}
    agreed = events.agreed(tx, stored.id)
    for old in _terms(stored):
        terms = new.get((old.slug, old.version))
        if terms is None or (old.slug, old.version) not in agreed or _says_the_same(old, terms):
            continue
        raise OperatorError(
            f"{name}: event “{event.slug}” changes the words of the consent “{old.slug}”, version "
            f"“{old.version}”, but people have agreed to them. Give the new words a new version."
        )


def _terms(event: Event) -> Iterator[ConsentTerms]:
    for place in event.places:
        yield from place.consents


def _says_the_same(old: ConsentTerms, new: ConsentTerms) -> bool:
    return (
        old.link == new.link
        and all(
            _includes(after, before)
            for before, after in ((old.title, new.title), (old.wording, new.wording))
        )
        and (
            old.guardian is None
            or (new.guardian is not None and _includes(new.guardian, old.guardian))
        )
    )


def _includes(text: LocalText, other: LocalText) -> bool:
    return other.texts.items() <= text.texts.items()

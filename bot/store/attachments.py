"""What has to be read when something that goes with a reply is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, bindparam, select

from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.store.database import Transaction
from bot.store.tables import conversations, registrations

_c = registrations.c
_FIND = select(_c.event_id, _c.person_id, _c.place_id, _c.state, _c.sequence).where(
    _c.id == bindparam("registration")
)

_other = registrations.alias()
_HELD = select(_other.c.place_id, _other.c.state, _other.c.sequence).order_by(_other.c.id)
_BESIDE = _HELD.join(
    registrations,
    (_c.event_id == _other.c.event_id) & (_c.person_id == _other.c.person_id),
).where(_c.id == bindparam("registration"))
_IN_CHAT = _HELD.join(conversations, conversations.c.person_id == _other.c.person_id).where(
    _other.c.event_id == bindparam("event"),
    conversations.c.channel == bindparam("channel"),
    conversations.c.chat == bindparam("chat"),
)
_BEST_FIRST = (RegistrationState.CONFIRMED, RegistrationState.WAITING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a registration is, and what it is worth now."""

    id: RegistrationId
    event: EventId
    person: PersonId
    place: PlaceId
    state: RegistrationState
    sequence: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What somebody has at an event in all: the best of it, and how often any of it changed."""

    place: PlaceId
    state: RegistrationState
    sequence: int

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left of it."""
        return self.state not in _BEST_FIRST


def holding(tx: Transaction, registration: RegistrationId) -> Holding | None:
    """Find what the owner of a registration has at its event, in this registration or another."""
    return _holding(tx.execute(_BESIDE, {"registration": registration}))


def holding_in_chat(tx: Transaction, event: EventId, channel: str, chat: str) -> Holding | None:
    """Find what whoever writes in a chat has, or had, at an event."""
    values = {"event": event, "channel": channel, "chat": chat}
    return _holding(tx.execute(_IN_CHAT, values))


def _holding(rows: Iterable[Row[int, str, int]]) -> Holding | None:
    found = [(PlaceId(place), RegistrationState(state), n) for place, state, n in rows]
    if not found:
        return None
    states = [state for _place, state, _sequence in found]
    best = next((state for state in _BEST_FIRST if state in states), states[-1])
    place = next(place for place, state, _sequence in reversed(found) if state is best)
    return Holding(place, best, sum(1 + sequence for _place, _state, sequence in found))


def standing(tx: Transaction, registration: RegistrationId) -> Standing | None:
    """Find what a registration is worth at this moment."""
    row = tx.execute(_FIND, {"registration": registration}).one_or_none()
    if row is None:
        return None
    event, person, place, state, sequence = row
    return Standing(
        id=registration,
        event=EventId(event),
        person=PersonId(person),
        place=PlaceId(place),
        state=RegistrationState(state),
        sequence=sequence,
    )

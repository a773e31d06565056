"""What has to be read when something that goes with a reply is sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, case, select

from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState
from bot.store.database import Transaction
from bot.store.tables import places, registrations

_c = registrations.c
_FIND = (
    select(
        _c.event_id,
        _c.person_id,
        _c.place_id,
        _c.state,
        _c.sequence,
        case((places.c.access_sent_at.is_not(None), places.c.access)),
    )
    .join(places, places.c.id == _c.place_id)
    .where(_c.id == bindparam("registration"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a registration is, what it is worth now, and the access data of its place.

    The data are there only after the selection, when everybody who has a seat was given them.
    """

    id: RegistrationId
    event: EventId
    person: PersonId
    place: PlaceId
    state: RegistrationState
    sequence: int
    access: str | None


def standing(tx: Transaction, registration: RegistrationId) -> Standing | None:
    """Find what a registration is worth at this moment."""
    row = tx.execute(_FIND, {"registration": registration}).one_or_none()
    if row is None:
        return None
    event, person, place, state, sequence, access = row
    return Standing(
        id=registration,
        event=EventId(event),
        person=PersonId(person),
        place=PlaceId(place),
        state=RegistrationState(state),
        sequence=sequence,
        access=access,
    )

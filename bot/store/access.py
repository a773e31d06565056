"""Access data of places (a Zoom link): secrets that are stored here and shown nowhere else."""

from __future__ import annotations

from sqlalchemy import update

from bot.domain.events import PlaceId
from bot.store import tables
from bot.store.database import Transaction

_PLACE = tables.places.c


def keep(tx: Transaction, place: PlaceId, access: str) -> None:
    """Store the access data of a place, a secret; what is new has not been sent to anybody."""
    tx.execute(
        update(tables.places)
        .where(_PLACE.id == place, _PLACE.access.is_distinct_from(access))
        .values(access=access, access_sent_at=None)
    )
